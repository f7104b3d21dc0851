"""The portal's addresses, and ceilings: `/bare/<path>` with what that path answered once, bytes, inserts."""

import json
from http import HTTPStatus

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from cooperation.urls import urlpatterns as portal

KEPT: dict[str, bytes] = {}
TEXT = json.dumps({"answer": "Two cities work on one challenge. " * 440})  # about 15 kB, as a submission


def bare(request: HttpRequest, address: str) -> HttpResponse:
    """The bytes of another page of this server, without any of its work."""
    if address not in KEPT:
        KEPT[address] = Client(headers={"host": "127.0.0.1"}).get(f"/{address}").content
    return HttpResponse(KEPT[address])


def as_many(request: HttpRequest, size: int) -> HttpResponse:
    """As many bytes as a staff page has, for somebody who is known: session and person are read."""
    return HttpResponse(b"x" * size if request.user.is_staff else b"")


def inserts(request: HttpRequest) -> HttpResponse:
    """What any submission has to do at least: know who asks, then four inserts in one transaction."""
    person = request.user.pk
    with transaction.atomic(), connection.cursor() as cursor:
        for place in range(4):
            cursor.execute(
                "INSERT INTO bench_insert (person, place, content) VALUES (%s, %s, %s)",
                [person, place, TEXT if place == 0 else "{}"],
            )
    return HttpResponse(status=HTTPStatus.FOUND)


own = [
    path("bare/<path:address>", bare),
    path("bytes/<int:size>/", as_many),
    path("inserts/", inserts),
]
urlpatterns = [*own, *portal]
