"""The boxes of the matrix and of one application: read from a form, saved as one change."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import ngettext

from calls.admin.pages import person
from calls.forms.staff import NoteField
from calls.models import Application, Assignment
from calls.operations.assigning import change_assignments
from calls.operations.status import NotPossible
from calls.queries.assignments import standing_in
from calls.queries.clock import database_now
from calls.queries.panels import Seat

Ticks = set[tuple[int, int]]


def ticks_in(request: HttpRequest, applications: set[int], people: set[int]) -> Ticks:
    """(application id, user id) of the ticked boxes that the page can have had."""
    found = set()
    for value in request.POST.getlist("cell"):
        left, _dash, right = value.partition("-")
        if left.isdecimal() and right.isdecimal() and len(value) < 36:
            pair = int(left), int(right)
            if pair[0] in applications and pair[1] in people:
                found.add(pair)
    return found


def save_ticks(
    request: HttpRequest, listed: list[Application], columns: list[Seat], ticked: Ticks
) -> tuple[int, int]:
    """Only boxes that can be ticked count: what is finished, or has a conflict, has none."""
    people = {seat.user.pk: seat.user for seat in columns}
    ids = {row.pk: row for row in listed}
    standing = Assignment.objects.standing().filter(application__in=ids, user__in=people)
    held = set(standing.values_list("application_id", "user_id"))
    fixed = {
        (row.application_id, row.user_id)
        for row in standing_in(listed[0].call_id if listed else 0).filter(application__in=ids)
        if row.finished  # type: ignore[attr-defined]
    }
    return change_assignments(
        applications=listed,
        add=[(ids[row], people[user]) for row, user in sorted(ticked - held)],
        take=held - ticked - fixed,
        reason=reason_in(request),
        stamp=request.POST.get("stamp", ""),
        by=person(request),
        at=database_now(),
    )


def reason_in(request: HttpRequest) -> str:
    """Why; the operation asks for it where it is needed. Raises NotPossible for what cannot be kept."""
    try:
        return NoteField(required=False).clean(request.POST.get("reason", ""))
    except ValidationError as error:
        raise NotPossible(" ".join(error.messages)) from error


def word_saved(made: int, gone: int) -> str:
    """What saving the boxes did, as a sentence or two."""
    said = []
    if made or not gone:
        said.append(ngettext("%(count)s assigned.", "%(count)s assigned.", made) % {"count": made})
    if gone:
        said.append(ngettext("%(count)s taken back.", "%(count)s taken back.", gone) % {"count": gone})
    return " ".join(said)


def word_made(made: int, gone: int = 0) -> str:
    """What assigning many at once did, as a sentence or two."""
    said = ngettext(
        "%(count)s assignment is made. Each reviewer gets one letter.",
        "%(count)s assignments are made. Each reviewer gets one letter.",
        made,
    ) % {"count": made}
    if gone:
        said += " " + ngettext("%(count)s is taken back.", "%(count)s are taken back.", gone) % {
            "count": gone
        }
    return said
