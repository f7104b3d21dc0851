"""Sending a feed: the right type, and nothing at all where the reader has the newest one."""

import hashlib

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

CALENDAR = "text/calendar; charset=utf-8"


def send(
    request: HttpRequest, content: bytes, *, content_type: str, name: str, private: bool = False
) -> HttpResponseBase:
    """The feed, or 304 for a reader whose ETag still is its own."""
    response = HttpResponse(content, content_type=content_type)
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache" if private else "public, max-age=300"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    if private:
        response["X-Robots-Tag"] = "noindex"
        response["Referrer-Policy"] = "no-referrer"
    return get_conditional_response(request, etag=etag, response=response) or response
