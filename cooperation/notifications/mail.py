"""A mail of the portal: two forms of the same words, and the headers of mail that no person wrote."""

import smtplib
from email.charset import QP, Charset
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

# Quoted-printable keeps lines short (RFC 5321 allows 998 bytes) and survives servers that know ASCII only.
QUOTED_PRINTABLE = Charset("utf-8")
QUOTED_PRINTABLE.body_encoding = QP


def mail_of(
    *,
    subject: str,
    forms: tuple[str, str],
    to: str,
    language: str,
    message_id: str = "",
    stop: str = "",
) -> EmailMultiAlternatives:
    """The mail of a text and its HTML document, text first.

    `stop` is an address that ends this kind of mail when it is posted to (RFC 8058). Raises
    SMTPNotSupportedError for a recipient that mail without SMTPUTF8 cannot reach.
    """
    _require_reachable(to)
    headers = {
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": language,
    }
    if message_id:
        headers["Message-ID"] = message_id
    if stop:
        headers["List-Unsubscribe"] = f"<{stop}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    text, html = forms
    mail = EmailMultiAlternatives(subject, text, settings.DEFAULT_FROM_EMAIL, [to], headers=headers)
    # Django takes a Charset here, and encodes as it says; headers stay as they are
    mail.encoding = QUOTED_PRINTABLE
    if html:
        mail.attach_alternative(html, "text/html")
    return mail


def _require_reachable(recipient: str) -> None:
    """Domains of any script travel in their ASCII form; what stands before the @ has none."""
    local = parseaddr(recipient)[1].rpartition("@")[0]
    if not local.isascii():
        raise smtplib.SMTPNotSupportedError("the address has letters before the @ that need SMTPUTF8")
