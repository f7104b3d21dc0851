"""How allauth keeps second factors in this portal: secrets encrypted, the QR code drawn by us."""

from urllib.parse import urlsplit

import qrcode
import structlog
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cooperation.accounts import sealing_secrets
from cooperation.accounts.factors import may_remove

logger = structlog.get_logger("portal.factors")
QUIET_ZONE = 4  # modules of white around a QR code, ISO/IEC 18004


class FactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy(
            "This code is wrong, too old or was used already. Type the one that is shown now."
        ),
        "cannot_delete_authenticator": gettext_lazy(
            "Programme staff need a second factor. Set up another one first, then remove this one."
        ),
    }

    def encrypt(self, text: str) -> str:
        return sealing_secrets.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """A secret that no key of ours opens becomes one that nobody knows: no code fits it."""
        try:
            return sealing_secrets.unseal(encrypted_text)
        except InvalidToken:
            logger.error("second factor sealed with another SECRET_KEY")
            return generate_totp_secret()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return may_remove(authenticator)

    def get_totp_issuer(self) -> str:
        return f"{_('Cooperation Portal')} {urlsplit(settings.SITE_URL).hostname}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys belong to the portal's own address, never to what a request calls it."""
        return {"id": urlsplit(settings.SITE_URL).hostname or "localhost", "name": _("Cooperation Portal")}

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("Passkey %(number)d") % {"number": count + 1}

    def build_totp_svg(self, url: str) -> SafeString:
        """The QR code as one path of black squares: no style, no address, nothing that the policy refuses."""
        code = qrcode.QRCode(border=QUIET_ZONE)
        code.add_data(url)
        rows = code.get_matrix()
        squares = "".join(
            f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
        )
        return format_html(
            '<svg class="qr" viewBox="0 0 {0} {0}" role="img" aria-label="{1}" shape-rendering="crispEdges">'
            '<rect width="{0}" height="{0}" fill="#fff"/><path d="{2}" fill="#000"/></svg>',
            len(rows),
            _("QR code for your authenticator app"),
            squares,
        )
