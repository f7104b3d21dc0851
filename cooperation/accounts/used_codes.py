"""A code of an authenticator app counts once (RFC 6238, section 5.2), whoever gives it again."""

import time

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.db import transaction

# The counter of the last code that was taken, in the authenticator's data.
LAST = "last_counter"


@transaction.atomic
def claim_code(*, authenticator: Authenticator, code: str) -> bool:
    """Take a code that fits by now; False if it, or a later one, was taken. Two at once: one gets it."""
    locked = Authenticator.objects.select_for_update().filter(pk=authenticator.pk).first()
    counter = _counter_of(locked, code) if locked else None
    if locked is None or counter is None or counter <= locked.data.get(LAST, -1):
        return False
    locked.data[LAST] = counter
    locked.save(update_fields=["data"])
    authenticator.data = locked.data
    return True


def _counter_of(authenticator: Authenticator, code: str) -> int | None:
    secret = decrypt(authenticator.data["secret"])
    now = int(time.time()) // app_settings.TOTP_PERIOD
    for counter in range(now - app_settings.TOTP_TOLERANCE, now + app_settings.TOTP_TOLERANCE + 1):
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, counter))):
            return counter
    return None
