"""Pages that belong to no app: health, accessibility, privacy, components, the demo's mail."""

import sys
from datetime import UTC
from email import policy
from email.parser import BytesParser
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views import defaults
from django.views.decorators.http import require_safe

from cooperation.web import gallery, outages
from cooperation.web.health import examine


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the database, the broker and the outbox are fine, else 503; names of services only."""
    answers = examine()
    fine = all(answer.fine for answer in answers.values())
    body = {name: {"fine": answer.fine, "detail": answer.detail} for name, answer in answers.items()}
    response = JsonResponse({"fine": fine, "checks": body}, status=200 if fine else 503)
    response["Cache-Control"] = "no-store"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's protection did not match: say so, and that going back keeps what was typed."""
    return render(request, "403_csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """The error page for what no view and no middleware caught: 503 where a service is away, else 500."""
    error = sys.exception()
    if error and outages.is_outage(error):
        return outages.answer(request, error)
    return defaults.server_error(request)


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "web/accessibility.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "web/privacy.html")


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Every part that pages are made of, on one page."""
    return render(request, "web/components.html", gallery.sample())


def _mail_folder() -> Path:
    if not settings.DEMO_MAIL_DIR:
        raise Http404
    return Path(settings.DEMO_MAIL_DIR)


def _summary(path: Path) -> dict[str, object]:
    message = BytesParser(policy=policy.default).parsebytes(path.read_bytes(), headersonly=True)
    moment = message["date"].datetime if message["date"] else None
    if moment and moment.tzinfo is None:  # "-0000": the time is UTC, the sender's zone unknown
        moment = moment.replace(tzinfo=UTC)
    return {"name": path.stem, "to": message["to"], "subject": message["subject"], "date": moment}


@require_safe
def demo_mail(request: HttpRequest) -> HttpResponse:
    """The mail that the demo's own mail server received, newest first. Absent outside the demo."""
    paths = sorted(_mail_folder().glob("*.eml"), key=lambda path: path.stat().st_mtime, reverse=True)
    return render(request, "web/demo_mail.html", {"mails": [_summary(path) for path in paths[:100]]})


@require_safe
def demo_mail_detail(request: HttpRequest, name: str) -> HttpResponse:
    """One received mail as plain text."""
    path = _mail_folder() / f"{name}.eml"
    if not path.is_file():
        raise Http404
    message = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
    body = message.get_body(preferencelist=("plain",))
    context = {**_summary(path), "body": body.get_content() if body else ""}
    return render(request, "web/demo_mail_detail.html", {"mail": context})
