"""The pages of an outcome in the demo world, once its reviewed round is published."""

from django.utils import timezone

from calls.models import Application, Call
from calls.operations.deciding_lists import approve_list, recommend_list
from calls.operations.results import publish_results
from calls.operations.selecting import run_selection
from calls.queries.clock import database_now
from calls.queries.decisions import fingerprint_of, open_decisions
from calls.queries.selection_input import settings_of
from cooperation.accounts.models import User
from partnerships.models import Membership

RECOMMENDS, APPROVES = "marta.oliveira@example.org", "helena.brandt@example.org"


def of_outcomes(officer: str) -> dict[str, str]:
    """Publish the round; the officer belongs to a city that is selected and to one that is not."""
    call = Call.objects.get(slug="icp-demonstration")
    publish_round(call)
    person = User.objects.get(email=officer)
    selected, rejected = (_joined(person, call, status) for status in ("selected", "rejected"))
    return {
        "results": f"{call.get_absolute_url()}results/",
        "a place to answer, on top": "/my/",
        "selected": selected.get_absolute_url(),
        "offer": f"{selected.get_absolute_url()}offer/",
        "not selected": rejected.get_absolute_url(),
        "feedback": f"{rejected.get_absolute_url()}feedback/",
        "complaint": f"{rejected.get_absolute_url()}complaint/",
        "history": f"{rejected.get_absolute_url()}history/",
    }


def publish_round(call: Call) -> None:
    """Select, recommend, approve by another person, publish."""
    marta, helena = (User.objects.get(email=email) for email in (RECOMMENDS, APPROVES))
    at = database_now()
    run = run_selection(call=call, settings=settings_of(call), by=marta, at=at)
    recommend_list(run=run, by=marta, at=at)
    approve_list(call=call, seen=fingerprint_of(list(open_decisions(call))), by=helena, at=at)
    publish_results(call=call, by=helena, at=at)


def _joined(person: User, call: Call, status: str) -> Application:
    application = call.applications.filter(status=status).order_by("pk").first()
    also = {
        "role": "officer",
        "verified_at": timezone.now(),
        "verified_by": User.objects.get(email=RECOMMENDS),
    }
    Membership.objects.create(user=person, organisation=application.lead, **also)
    return application
