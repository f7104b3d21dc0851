"""The portal's addresses, and `/bare/<path>`: what that path answered once, from memory."""

from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from cooperation.urls import urlpatterns as portal

KEPT: dict[str, bytes] = {}


def bare(request: HttpRequest, address: str) -> HttpResponse:
    """The bytes of another page of this server, without any of its work."""
    if address not in KEPT:
        KEPT[address] = Client(headers={"host": "127.0.0.1"}).get(f"/{address}").content
    return HttpResponse(KEPT[address])


urlpatterns = [path("bare/<path:address>", bare), *portal]
