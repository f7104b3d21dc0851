"""The plan of a call's reminders."""

from django.http import HttpRequest, HttpResponse


def plan(request: HttpRequest, pk: int) -> HttpResponse:
    raise NotImplementedError


people = plan
