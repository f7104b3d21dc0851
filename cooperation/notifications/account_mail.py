"""How allauth speaks in this portal: our sender, no prefix, our frame, mail in the reader's language."""

from email.utils import make_msgid
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import get_language, override

from cooperation.accounts.models import User
from cooperation.notifications.mail import mail_of
from cooperation.notifications.marking import address
from cooperation.notifications.operations import mail_domain
from cooperation.notifications.rendering import worded
from cooperation.notifications.wrapping import WITHOUT_ACCOUNT, Around, around


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
