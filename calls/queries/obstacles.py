"""What stands against an assignment: asked of many wishes at once, and again under the lock."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls.models import Application, Assignment, PanelMember, Reviewer
from calls.queries.assignments import loads_of
from calls.queries.conflicts import conflicts_of
from calls.queries.panels import why_waiting
from calls.workflow import UNDER_REVIEW
from cooperation.accounts.models import User

Wish = tuple[Application, User]


class Hindrance(StrEnum):
    THERE = "there"
    STATE = "state"
    PERSON = "person"
    CONFLICT = "conflict"
    FULL = "full"


@dataclass(frozen=True)
class Obstacle:
    """Why one wish is not carried out; `str()` is a sentence."""

    kind: Hindrance
    sentence: str

    def __str__(self) -> str:
        return self.sentence


def obstacles(wishes: Iterable[Wish]) -> list[Obstacle | None]:
    """For each wish, in order, what stands against it; loads add up as if those before it were granted.

    A constant number of queries.
    """
    wanted = list(wishes)
    applications = {row.pk: row for row, _user in wanted}
    people = {user.pk: user for _row, user in wanted}
    conflicts = conflicts_of(applications.values(), people.values())
    records = {row.user_id: row for row in Reviewer.objects.filter(user__in=people)}
    standing = Assignment.objects.standing().filter(application__in=applications, user__in=people)
    there = set(standing.values_list("application_id", "user_id"))
    loads = _Loads({row.call_id for row in applications.values()}, people, records)
    found: list[Obstacle | None] = []
    for application, user in wanted:
        pair = application.pk, user.pk
        obstacle = (
            _of_pair(application, user, there)
            or _of_person(user, records.get(user.pk))
            or _of_conflict(application, user, conflicts.get(pair, ()))
            or loads.refuse(application, user)
        )
        if obstacle is None:
            there.add(pair)
            loads.take(application, user)
        found.append(obstacle)
    return found


def _of_pair(application: Application, user: User, there: set[tuple[int, int]]) -> Obstacle | None:
    about = {"reference": application.reference, "person": user}
    if (application.pk, user.pk) in there:
        return Obstacle(Hindrance.THERE, _("%(person)s has %(reference)s already.") % about)
    if application.status not in UNDER_REVIEW:
        return Obstacle(Hindrance.STATE, _("%(reference)s is not under review.") % about)
    return None


def _of_person(user: User, reviewer: Reviewer | None) -> Obstacle | None:
    sentence = why_waiting(user, reviewer)
    return Obstacle(Hindrance.PERSON, sentence) if sentence else None


def _of_conflict(application: Application, user: User, reasons: Iterable[object]) -> Obstacle | None:
    words = " ".join(map(str, reasons))
    if not words:
        return None
    sentence = _("%(person)s has a conflict of interest with %(reference)s. %(reasons)s")
    about = {"reference": application.reference, "person": user, "reasons": words}
    return Obstacle(Hindrance.CONFLICT, sentence % about)


class _Loads:
    """How much each person has, in each call and over all calls."""

    def __init__(self, calls: set[int], people: dict[int, User], records: dict[int, Reviewer]) -> None:
        rows = Assignment.objects.standing().filter(application__call__in=calls, user__in=people)
        self.in_call = Counter(rows.order_by().values_list("application__call_id", "user_id"))
        self.left = Counter(loads_of(people))
        members = PanelMember.objects.filter(call__in=calls, user__in=people)
        self.limits = {(row.call_id, row.user_id): row.maximum for row in members}
        self.overall = {pk: row.maximum_load for pk, row in records.items()}

    def refuse(self, application: Application, user: User) -> Obstacle | None:
        place = application.call_id, user.pk
        limit = self.limits.get(place)
        if limit is not None and self.in_call[place] >= limit:
            sentence = ngettext(
                "%(person)s has %(limit)s application in this call, the most that the panel allows.",
                "%(person)s has %(limit)s applications in this call, the most that the panel allows.",
                limit,
            )
            return Obstacle(Hindrance.FULL, sentence % {"person": user, "limit": limit})
        overall = self.overall.get(user.pk)
        if overall is not None and self.left[user.pk] >= overall:
            sentence = _("%(person)s has %(limit)s reviews to do over all calls, the most they take.")
            return Obstacle(Hindrance.FULL, sentence % {"person": user, "limit": overall})
        return None

    def take(self, application: Application, user: User) -> None:
        self.in_call[application.call_id, user.pk] += 1
        self.left[user.pk] += 1
