"""A code by mail that proves once more who sits there. The session keeps its hash, a time and the tries."""

import time
from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.core import ratelimit
from allauth.core.internal.cryptokit import normalize_user_code
from django import forms
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from cooperation.accounts.models import User

STATE = "mailed_proof"
VALID_SECONDS = 5 * 60
TRIES = 3
CODE_LENGTH = 32


def send_code(request: HttpRequest) -> bool:
    """Mail a fresh code to the person who is logged in; False where they asked too often."""
    person = cast(User, request.user)
    if not ratelimit.consume(request, action="request_login_code", key=person.email, raise_exception=False):
        return False
    code = get_adapter().generate_login_code()
    request.session[STATE] = {"hash": _hashed(code), "at": time.time(), "tries": TRIES}
    get_adapter().send_mail("account/email/login_code", person.email, {"code": code, "request": request})
    return True


class MailedProofForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=CODE_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        self.request = request
        super().__init__(*args, **kwargs)

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not _take(self.request, code):
            raise forms.ValidationError(
                _("This code is wrong or too old. Have a new one sent."), code="incorrect_code"
            )
        return code

    def save(self) -> None:
        record_authentication(self.request, self.request.user, method="code", reauthenticated=True)


def _take(request: HttpRequest, code: str) -> bool:
    """Whether the code is the one that was mailed. It counts once, for minutes, and for a few tries."""
    state = request.session.pop(STATE, None)
    if not state or time.time() - state["at"] > VALID_SECONDS:
        return False
    if constant_time_compare(_hashed(code), state["hash"]):
        return True
    if state["tries"] > 1:
        request.session[STATE] = {**state, "tries": state["tries"] - 1}
    return False


def _hashed(code: str) -> str:
    return salted_hmac("accounts.mailed-proof", normalize_user_code(code)).hexdigest()
