"""How allauth speaks in this portal: our sender, no prefix, our frame, mail in the reader's language."""

from email.utils import make_msgid
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from cooperation.accounts.models import User
from cooperation.accounts.proofs import proven_lately
from cooperation.notifications.account_changes import tell_change
from cooperation.notifications.mail import mail_of
from cooperation.notifications.marking import address
from cooperation.notifications.operations import mail_domain
from cooperation.notifications.rendering import worded
from cooperation.notifications.wrapping import WITHOUT_ACCOUNT, Around, around

# An account's own affairs ask again even where settings.PROOF_MINUTES is 0 and nothing else does.
OWN_AFFAIRS_MINUTES = 30


# allauth's ways of proving who one is, in the words of our pages.
WAYS = {
    "mfa_reauthenticate": gettext_lazy("Use the code of your app, or a recovery code"),
    "mfa_reauthenticate:webauthn": gettext_lazy("Use a passkey"),
}


class AccountAdapter(DefaultAccountAdapter):
    def get_from_email(self) -> str:
        return settings.DEFAULT_FROM_EMAIL

    def format_email_subject(self, subject: str) -> str:
        return subject

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Login codes go out at once, not through the outbox: a stored code would be readable by staff."""
        user = User.objects.filter(email__iexact=email).only("language").first()
        context["site_url"] = settings.SITE_URL
        if user is None:
            return super().send_mail(template_prefix, email, context)
        with override(user.language):
            return super().send_mail(template_prefix, email, context)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """What changed about an account holds no code: it goes through the outbox."""
        tell_change(template_prefix, User.objects.get(pk=user.pk), at=timezone.now())

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Logging in is a proof, too: nobody proves the same thing twice within minutes."""
        minutes = settings.PROOF_MINUTES or OWN_AFFAIRS_MINUTES
        return not proven_lately(allauth_context.request, minutes)

    def get_reauthentication_methods(self, user: AbstractBaseUser | AnonymousUser) -> list[dict[str, Any]]:
        """Who has neither a password nor a second factor proves it as they log in: by a mailed code."""
        methods = super().get_reauthentication_methods(user)
        if methods or not user.is_authenticated:
            return [{**way, "description": WAYS.get(way["id"], way["description"])} for way in methods]
        url = reverse("account_reauthenticate_code")
        return [{"id": "code", "description": _("Use a code by mail"), "url": url}]

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """The same page as that of every other mail, in the active language."""
        to = email if isinstance(email, str) else email[0]
        plain = super().render_mail(template_prefix, to, {**context, "email": address(to)}, headers)
        words = worded(str(plain.subject), str(plain.body))
        language = get_language() or settings.LANGUAGE_CODE
        what = Around(language, why=str(WITHOUT_ACCOUNT))
        return mail_of(
            subject=words.subject,
            forms=around(words.subject, words.body, words.html, what),
            to=to,
            language=language,
            message_id=make_msgid(domain=mail_domain()),
        )
