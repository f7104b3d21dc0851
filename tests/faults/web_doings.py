"""What web tests have a process of the portal do: a call with drafts, and the web server."""

import sys
from typing import Any

from django.test import Client

from calls.models import Application
from calls.operations.applications import start
from calls.operations.submission import submit
from cooperation.web.clock import database_now
from tests.calls.worlds import small_world
from tests.factories import CityFactory, MembershipFactory, OrganisationFactory
from tests.faults.doings import _log_to


def drafts(number: int) -> list[dict[str, Any]]:
    """Complete drafts of one call, each with an officer who is logged in."""
    call = small_world().call
    return [draft(call, place) for place in range(number)]


def draft(call: Any, place: int) -> dict[str, Any]:
    """A complete draft of the city of this number, by an officer who is logged in."""
    lead = OrganisationFactory(city=CityFactory(name=f"City {place}", slug=f"city-{place}"))
    officer = MembershipFactory(organisation=lead, user__email=f"officer-{place}@example.org").user
    made = start(call=call, lead=lead, by=officer, at=call.opens_at)
    answers = {"title": f"Youth {place}", "summary": "Young people decide."}
    Application.objects.filter(pk=made.pk).update(answers=answers, title=answers["title"])
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(officer)
    session = client.cookies["sessionid"].value
    return {"reference": made.reference, "version": made.version, "session": session, "pk": made.pk}


def submit_all() -> int:
    """Submit every draft now, in this process."""
    rows = list(Application.objects.filter(status="draft").select_related("created_by"))
    for row in rows:
        submit(application=row, version=None, by=row.created_by, at=database_now())
    return len(rows)


def gunicorn(port: int, log: str, words: list[str]) -> None:
    """The portal's web server, as the image starts it but for its address."""
    from gunicorn.app.wsgiapp import run

    _log_to(log)
    image = ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--no-control-socket"]
    sys.argv = ["gunicorn", "cooperation.wsgi", "--bind", f"127.0.0.1:{port}", *image, *words]
    run()
