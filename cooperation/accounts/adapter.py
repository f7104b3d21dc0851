"""How allauth speaks in this portal: our sender, no prefix, mail in the reader's language."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.utils.translation import override

from cooperation.accounts.models import User


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
