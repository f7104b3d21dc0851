"""Public pages kept for a few seconds in each web process, for readers without a session.

Just before a deadline thousands of people reload the same page; they all may see one rendering that is at
most PAGE_CACHE_SECONDS old. What counts, the submission, is never cached and reads the database's clock.
The process's own memory is used, so that pages do not depend on the broker.
"""

from collections.abc import Callable

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]
KEPT_HEADERS = ("Content-Type", "Content-Language", "Vary", "X-Frame-Options")


def key_of(request: HttpRequest) -> str | None:
    """The page's key, or None for a request that must be answered afresh."""
    if request.method != "GET" or settings.SESSION_COOKIE_NAME in request.COOKIES:
        return None
    fragment = request.headers.get("HX-Request", "")
    return f"{request.get_host()}{request.get_full_path()}#{fragment}"


def may_keep(response: HttpResponse) -> bool:
    """A whole, successful page that sets no cookie and forbids no caching (a form with a token does)."""
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and "no-store" not in response.get("Cache-Control", "")
        and response.get("Content-Type", "").startswith("text/html")
    )


class BriefCacheMiddleware:
    """Answer from memory where that is allowed. Stands before sessions, so a hit costs next to nothing."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        seconds = settings.PAGE_CACHE_SECONDS
        key = key_of(request) if seconds else None
        if key is None:
            return self.get_response(request)
        if kept := caches["pages"].get(key):
            content, headers = kept
            return HttpResponse(content, headers=headers)
        response = self.get_response(request)
        if may_keep(response):
            headers = {name: response[name] for name in KEPT_HEADERS if name in response}
            caches["pages"].set(key, (response.content, headers), seconds)
        return response
