"""What happens around every request: an id, a log line, refused bytes, private pages uncached."""

import re
import time
import uuid
from collections.abc import Callable
from http import HTTPStatus

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import override

from cooperation.web import outages
from cooperation.web.pages import bad_request, language_of, method_not_allowed, too_large

Handler = Callable[[HttpRequest], HttpResponse]
logger = structlog.get_logger("portal.request")
ACCEPTED_ID = re.compile(r"[A-Za-z0-9-]{8,64}\Z")


class RequestLogMiddleware:
    """Give each request an id, answer with it, and log route, status and milliseconds: never a person."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if ACCEPTED_ID.match(given) else uuid.uuid4().hex
        started = time.monotonic()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
            match = request.resolver_match
            logger.info(
                "request",
                method=request.method,
                route=match.route if match else None,
                status=response.status_code,
                milliseconds=round((time.monotonic() - started) * 1000),
            )
        response["X-Request-ID"] = request_id
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A database that cannot answer is a 503 with a way out, not a 500.

        This sees what views raise; what middleware raises comes to `views.server_error`.
        """
        return outages.answer(request, exception) if outages.is_outage(exception) else None


class RefuseUnreadableMiddleware:
    """What neither Python nor PostgreSQL can keep is refused with a sentence, in the address's language.

    That is a NUL byte in a path, query or cookie, and any encoding but UTF-8: others hold halves of
    characters. Form fields are left to their forms, which name the field and keep what was typed.
    What is longer than any form takes is refused before it is read. A method that a page does not know
    is said in words, too.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _unreadable(request):
            with override(language_of(request)):
                return bad_request(request)
        if _too_long(request):
            with override(language_of(request)):
                return too_large(request)
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not response.content:
            response.content = method_not_allowed()
            # counted before the words came: a server would cut them off
            response["Content-Length"] = str(len(response.content))
        return response


def _too_long(request: HttpRequest) -> bool:
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    return length.isdecimal() and int(length[:20]) > settings.REQUEST_MAX_BYTES


def _unreadable(request: HttpRequest) -> bool:
    query = request.META.get("QUERY_STRING", "")
    charset = (request.content_params or {}).get("charset", "utf-8")
    return (
        "\x00" in request.path
        or "\x00" in query
        or "%00" in query
        or any("\x00" in value for value in request.COOKIES.values())
        or charset.lower() not in {"utf-8", "utf8"}
    )


class PrivatePagesMiddleware:
    """Pages of people who are logged in are never kept by a browser or a proxy."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # who is logged in may have to be looked up, and an error page is the answer to a lookup that failed
        failed = response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR
        if not failed and not response.has_header("Cache-Control") and request.user.is_authenticated:
            add_never_cache_headers(response)
            response["Cache-Control"] = "no-store, private"
        return response
