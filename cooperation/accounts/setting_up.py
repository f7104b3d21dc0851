"""Setting up a second factor proves it: the session that did so passed it, and its code is used up."""

import time
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.http import HttpRequest

from cooperation.accounts.asking_again import OWN_AFFAIRS, ask_again_before
from cooperation.accounts.factors import REAL
from cooperation.accounts.models import User
from cooperation.accounts.used_codes import LAST


def listen() -> None:
    """Hear of every factor that is set up; ask again before an account gets a password."""
    ask_again_before(*OWN_AFFAIRS, reading=True)
    authenticator_added.connect(_proven, dispatch_uid="accounts.factor_added")


def _proven(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    if authenticator.type not in REAL:
        return
    record_authentication(
        request, user, "mfa", id=authenticator.pk, type=authenticator.type, reauthenticated=True
    )
    if authenticator.type == Authenticator.Type.TOTP:
        authenticator.data[LAST] = int(time.time()) // app_settings.TOTP_PERIOD
        authenticator.save(update_fields=["data"])
