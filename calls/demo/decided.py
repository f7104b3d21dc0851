"""Rounds under decision: two sides that vote, a place given back that goes to the next, a complaint."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from calls.demo.files import read_toml
from calls.demo.people import APPROVES, RECOMMENDS, People
from calls.models import Application, Call, Side
from calls.models.decision import Outcome
from calls.operations.complaining import complain
from calls.operations.joint_selection import vote_for_side
from calls.operations.replacing import recommend_next
from calls.operations.side_people import require_people
from calls.queries.decisions import freed_places
from calls.queries.reserve_line import next_for
from cooperation.history.actor import acting

Row = Mapping[str, Any]
JOINT, TOLD = "mercociudades-joint-demonstration", "mercociudades-results-demonstration"
SIDES = ((RECOMMENDS, "network"), (APPROVES, "funder"))  # who votes for which
WHY = "Demonstration text. The partner has less to win from it than the lead."


def load_decided(people: People, *, at: datetime) -> tuple[int, int]:
    """Let the sides vote, a city complain and the next one be recommended; return votes and complaints."""
    rows = read_toml("applications.toml")["application"]
    votes = _vote([row for row in rows if "votes" in row], people, at - timedelta(days=2))
    complaints = _complain([row for row in rows if "complaint" in row], people, at - timedelta(days=1))
    staff = people[RECOMMENDS]
    with acting(staff):
        for declined in freed_places(Call.objects.get(slug=TOLD)):
            if expected := next_for(declined):
                recommend_next(declined=declined, expected=expected, by=staff, at=at - timedelta(hours=20))
    return votes, complaints


def _vote(rows: list[Row], people: People, at: datetime) -> int:
    """Each row's votes in the order of the sides; an empty one is not cast yet."""
    call, count = Call.objects.get(slug=JOINT), 0
    for number, (email, key) in enumerate(SIDES):
        person, side = people[email], Side.objects.get(call=call, key=key)
        require_people(side, [person])
        side.members.add(person)
        for row in rows:
            if not row["votes"][number]:
                continue
            outcome = Outcome(row["votes"][number])
            with acting(person):
                vote_for_side(
                    side=side,
                    application=_application(row),
                    outcome=outcome,
                    reason="" if outcome == Outcome.SELECTED else WHY,
                    by=person,
                    at=at + timedelta(hours=number),
                )
            count += 1
    return count


def _complain(rows: list[Row], people: People, at: datetime) -> int:
    for row in rows:
        officer = people.officer_of(row["lead"])
        with acting(officer):
            complain(application=_application(row), text=row["complaint"], by=officer, at=at)
    return len(rows)


def _application(row: Row) -> Application:
    return Application.objects.get(call__slug=row["call"], title=row["title"])
