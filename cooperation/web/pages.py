"""Error pages that any layer may answer with. Each says what happened and the way out."""

from datetime import UTC, datetime

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers
from django.utils.http import escape_leading_slashes
from django.utils.translation import get_language_from_path, override

from cooperation.web.typed import typed_in

RETRY_SECONDS = 10


def bad_request(request: HttpRequest) -> HttpResponse:
    """400: something in the address cannot be read."""
    return HttpResponse(render_to_string("400.html"), status=400)


def too_large(request: HttpRequest) -> HttpResponse:
    """413: more was sent than any form of the portal takes."""
    context = {"limit": settings.UPLOAD_MAX_BYTES}
    return HttpResponse(render_to_string("413.html", context), status=413)


def method_not_allowed() -> str:
    """The words for 405: the address is no page, such as one that a form sends to, opened again."""
    return render_to_string("405.html")


def language_of(request: HttpRequest) -> str:
    """The language of an address, also where no language was chosen yet for the request."""
    return get_language_from_path(request.path_info) or settings.LANGUAGE_CODE


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: a service behind the portal does not answer. What was sent is on the page, to be sent again.

    Made of the request and a template alone. A part of a page, asked for by a script, is one sentence.
    """
    fragment = request.headers.get("HX-Request") == "true"
    with override(language_of(request)):
        page = render_to_string("503_part.html" if fragment else "503.html", _about(request))
    response = HttpResponse(page, status=503)
    response["Retry-After"] = str(RETRY_SECONDS)
    add_never_cache_headers(response)
    response["Cache-Control"] = "no-store, private"
    return response


def _about(request: HttpRequest) -> dict[str, object]:
    """Where to try again, with what; and how the portal's own log names this request."""
    sent = request.method not in ("GET", "HEAD")
    return {
        # "//example.org/" would be another site's
        "address": escape_leading_slashes(request.get_full_path()),
        "sent": sent,
        "typed": typed_in(request) if sent else None,
        "number": structlog.contextvars.get_contextvars().get("request_id", ""),
        "moment": datetime.now(UTC),
    }
