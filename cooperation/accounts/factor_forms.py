"""allauth's forms of second factors: each code of an app counts once, and no answer of a key breaks them."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cooperation.accounts.used_codes import claim_code

CODE_LENGTH = 32
LABEL = _("Code of the app, or a recovery code")
NAME_LENGTH = 60
# What a parser raises at bytes that no key sent.
UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, RecursionError)


def _code_field(label: Any) -> forms.CharField:
    attributes = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
    return forms.CharField(label=label, max_length=CODE_LENGTH, widget=forms.TextInput(attrs=attributes))


class CredentialField(forms.JSONField):
    """A passkey's answer. One that nests deeper than any does is no JSON to us."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except RecursionError as error:
            raise get_adapter().validation_error("incorrect_code") from error

    def bound_data(self, data: Any, initial: Any) -> None:
        """It is never shown again: each one counts once."""

    def prepare_value(self, value: Any) -> str:
        return ""


class OnceMixin:
    """A code that was right is taken, so that whoever looked over the shoulder cannot give it again."""

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        found: Authenticator = self.authenticator  # type: ignore[attr-defined]
        if found.type == Authenticator.Type.TOTP and not claim_code(authenticator=found, code=code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class AuthenticateForm(OnceMixin, base.AuthenticateForm):
    code = _code_field(LABEL)


class ReauthenticateForm(OnceMixin, base.ReauthenticateForm):
    code = _code_field(LABEL)


class ActivateTOTPForm(totp.ActivateTOTPForm):
    code = _code_field(_("The six digits that the app shows"))


def _readable(check: Callable[[], Any]) -> Any:
    """What the check finds; an answer that cannot be read counts as a wrong one."""
    try:
        return check()
    except ValidationError:
        raise
    except UNREADABLE as error:
        raise get_adapter().validation_error("incorrect_code") from error


class AddPasskeyForm(webauthn.AddWebAuthnForm):
    credential = CredentialField()
    name = forms.CharField(label=_("What you call it"), max_length=NAME_LENGTH, required=False)

    def clean(self) -> dict[str, Any]:
        return _readable(super().clean)


class RenamePasskeyForm(webauthn.EditWebAuthnForm):
    name = forms.CharField(label=_("What you call it"), max_length=NAME_LENGTH)


class AuthenticatePasskeyForm(webauthn.AuthenticateWebAuthnForm):
    credential = CredentialField()

    def clean_credential(self) -> Authenticator:
        return _readable(super().clean_credential)


class ReauthenticatePasskeyForm(webauthn.ReauthenticateWebAuthnForm):
    credential = CredentialField()

    def clean_credential(self) -> Authenticator:
        return _readable(super().clean_credential)
