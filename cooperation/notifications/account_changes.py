"""Telling people what changed about the way into their account, so that a stranger's change is noticed."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import override

from cooperation.accounts.models import User
from cooperation.notifications.kinds import Kind, Topic, register_kind
from cooperation.notifications.operations import Letter, post_all

KIND = "account_changed"
TEMPLATE = "notifications/mail/account_changed.txt"
# allauth's names of what happened, and ours in the template; it tells of other things that need no mail.
CHANGES = {
    "mfa/email/totp_activated": "app_added",
    "mfa/email/totp_deactivated": "app_removed",
    "mfa/email/webauthn_added": "passkey_added",
    "mfa/email/webauthn_removed": "passkey_removed",
    "mfa/email/recovery_codes_generated": "codes_made",
    "mfa/email/forgotten": "forgotten",
    "account/email/password_changed": "password_changed",
    "account/email/password_set": "password_changed",
    "account/email/password_reset": "password_changed",
}


def register() -> None:
    """Make the kind known: it may come twice, since missing it would be worse."""
    register_kind(Kind(KIND, Topic.OWN, twice=True))


def tell_change(name: str, person: User, *, at: datetime) -> None:
    """Post the mail about a change that allauth names; nothing for what needs none."""
    if name not in CHANGES:
        return
    with override(person.language):
        path = reverse("mfa_index")
    letter = Letter(
        key=f"{KIND}:{CHANGES[name]}:{person.pk}:{at.isoformat()}",
        kind=KIND,
        recipient=person.email,
        reader=person,
        language=person.language,
        template=TEMPLATE,
        context={"change": CHANGES[name], "person": person, "at": at},
        about={"person": person.pk, "change": CHANGES[name]},
        path=path,
    )
    post_all([letter], at=at)
