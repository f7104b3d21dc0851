"""Around the invented rounds: who reviews in them, and a next round that waits for a second person."""

from datetime import datetime, timedelta

from calls.demo.people import MOST_READ, RECOMMENDS, People
from calls.models import Call, Programme
from calls.operations.cloning import clone_call
from calls.operations.panels import add_to_panel
from calls.operations.publishing import ask_publication
from cooperation.history.actor import acting

REVIEWED = ("icld-demonstration", "icp-demonstration")
NEXT_OPENS = timedelta(days=400)


def form_panels(people: People, *, at: datetime) -> int:
    """Every expert reviews in both invented rounds; return how many places on panels there are."""
    staff = people[RECOMMENDS]
    calls = Call.objects.filter(slug__in=REVIEWED)
    members = [(call, expert) for call in calls for expert in people.experts]
    with acting(staff):
        for call, expert in members:
            add_to_panel(call=call, user=expert, minimum=0, maximum=MOST_READ, by=staff, at=at)
    return len(members)


def prepare_next_round(people: People, *, at: datetime) -> int:
    """A copy of the current ICP call, which one person asks another to publish."""
    staff = people[RECOMMENDS]
    Programme.objects.filter(code="ICP").update(two_person_publishing=True)
    source = Call.objects.get(slug="icp-cities")
    with acting(staff):
        opens_on = (at + NEXT_OPENS).date()
        draft = clone_call(call=source, slug="icp-cities-next", opens_on=opens_on, by=staff, at=at)
        ask_publication(call=draft, by=staff, at=at)
    return 1
