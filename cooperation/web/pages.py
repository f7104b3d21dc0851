"""Error pages that any layer may answer with. Each says what happened and the way out."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


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


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: a service behind the portal does not answer; nothing typed is lost when the reader goes back."""
    response = HttpResponse(render_to_string("503.html"), status=503)
    response["Retry-After"] = "30"
    return response
