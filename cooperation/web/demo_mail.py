"""The mail of a demonstration, as a mail program shows it: a list, one mail, and its HTML page by itself."""

from datetime import UTC
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

# A mail program runs nothing and fetches nothing; links open beside it, as ordinary pages.
AS_A_MAIL_PROGRAM = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "frame-ancestors": [SELF],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}


@require_safe
def demo_mail(request: HttpRequest) -> HttpResponse:
    """The mail that the demo's own mail server received, newest first. Absent outside the demo."""
    paths = sorted(_folder().glob("*.eml"), key=lambda path: path.stat().st_mtime, reverse=True)
    mails = [_summary(path.stem, _read(path, headersonly=True)) for path in paths[:100]]
    return render(request, "web/demo_mail.html", {"mails": mails})


@require_safe
@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type] # its types know views without arguments
def demo_mail_detail(request: HttpRequest, name: str) -> HttpResponse:
    """One received mail: the page it carries in a frame, and its plain text."""
    message = _mail(name)
    mail = {**_summary(name, message), "body": _form(message, "plain"), "html": _form(message, "html")}
    return render(request, "web/demo_mail_detail.html", {"mail": mail})


@require_safe
@xframe_options_sameorigin
@csp(AS_A_MAIL_PROGRAM)  # type: ignore[arg-type] # the same
def demo_mail_page(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML page of one received mail, with the rights that a mail program gives it."""
    html = _form(_mail(name), "html")
    if not html:
        raise Http404
    return HttpResponse(html.replace("<head>", '<head>\n<base target="_blank">', 1))


def _folder() -> Path:
    if not settings.DEMO_MAIL_DIR:
        raise Http404
    return Path(settings.DEMO_MAIL_DIR)


def _mail(name: str) -> EmailMessage:
    path = _folder() / f"{name}.eml"
    if not path.is_file():
        raise Http404
    return _read(path)


def _read(path: Path, *, headersonly: bool = False) -> EmailMessage:
    return BytesParser(policy=policy.default).parsebytes(path.read_bytes(), headersonly=headersonly)


def _summary(name: str, message: EmailMessage) -> dict[str, object]:
    moment = message["date"].datetime if message["date"] else None
    if moment and moment.tzinfo is None:  # "-0000": the time is UTC, the sender's zone unknown
        moment = moment.replace(tzinfo=UTC)
    return {"name": name, "to": message["to"], "subject": message["subject"], "date": moment}


def _form(message: EmailMessage, kind: str) -> str:
    body = message.get_body(preferencelist=(kind,))
    return body.get_content() if body else ""
