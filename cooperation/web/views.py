"""Pages that belong to no app: health, accessibility, privacy, components."""

import sys

from django.http import HttpRequest, HttpResponse, JsonResponse
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
