"""One step on many applications: each is its own operation, in its own transaction, with its own history.

The page that asks names every application with the version it showed. What changed since is refused by
name; the others are done all the same.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.access import NotAllowed
from calls.models import Application, Review, Snapshot
from calls.models.reviewer import AssignmentSource
from calls.operations.assigning import assign_all, lock_for_assigning
from calls.operations.correcting_submissions import request_correction, why_not_ask
from calls.operations.overtaking import require_current
from calls.operations.reviewing import finish_review
from calls.operations.screening import screen, why_not_screen
from calls.operations.status import NotPossible
from calls.queries.obstacles import obstacles
from calls.queries.screening_evidence import PASSED
from calls.workflow import UNDER_REVIEW, Status
from cooperation.accounts.models import User

MOST = 200  # applications at a time: each is a transaction of its own

Given = Mapping[str, Any]
WhyNot = Callable[[Sequence[Application], Given, datetime], dict[int, str]]


@dataclass(frozen=True)
class Action:
    """A step that can be done to many: its name, who may, and to which applications it cannot be done."""

    key: str
    label: str | Promise
    right: str
    why_not: WhyNot
    act: Callable[[Application, int, Given, User, datetime], Any]
    # The same to all that it can be done to, in one transaction: where one letter tells of all of them.
    together: "Together | None" = None


@dataclass(frozen=True)
class Refused:
    """An application that was left as it is, and why, as a sentence."""

    application: Application
    reason: str


Done = tuple[list[Application], list[Refused]]
Together = Callable[[Sequence[tuple[Application, int]], Given, User, datetime], Done]


def apply_to_many(
    *, action: Action, chosen: Iterable[tuple[Application, int]], given: Given, by: User, at: datetime
) -> Done:
    """Do one step to each of some applications, as they were seen: what was done, and what refused."""
    if action.together:
        return action.together(list(chosen), given, by, at)
    done, refused = [], []
    for application, version in chosen:
        try:
            with transaction.atomic():
                action.act(application, version, given, by, at)
        except (NotPossible, NotAllowed) as reason:
            refused.append(Refused(application, str(reason)))
        else:
            done.append(application)
    return done, refused


def _screen(application: Application, version: int, given: Given, by: User, at: datetime) -> None:
    if reason := _unscreenable([application], given, at).get(application.pk):
        raise NotPossible(reason)
    screen(application=application, eligible=True, note="", version=version, by=by, at=at)


def _unscreenable(rows: Sequence[Application], given: Given, at: datetime) -> dict[int, str]:
    """Only what the frozen assessment lets pass is screened with others; the rest needs somebody's eyes."""
    newest = Snapshot.objects.filter(application__in=rows).order_by("application", "-number")
    verdicts = dict(newest.distinct("application").values_list("application", "verdict"))
    passed = {str(verdict) for verdict in PASSED}
    found = {}
    for row in rows:
        if row.status != Status.SUBMITTED:
            found[row.pk] = _("It is “%(status)s”, not waiting to be screened.") % {
                "status": row.get_status_display()
            }
        elif verdicts.get(row.pk) not in passed:
            found[row.pk] = _("The rules did not let it pass at submission. Screen it on its own page.")
        elif reason := why_not_screen(row, at):
            found[row.pk] = reason
    return found


def _close(application: Application, version: int, given: Given, by: User, at: datetime) -> None:
    finish_review(application=application, version=version, by=by, at=at)


def _unclosable(rows: Sequence[Application], given: Given, at: datetime) -> dict[int, str]:
    finished = Review.objects.filter(application__in=rows, finished_at__isnull=False)
    scored = set(finished.values_list("application", flat=True))
    found = {}
    for row in rows:
        if row.status != Status.ELIGIBLE:
            found[row.pk] = _("It is “%(status)s”, not under review.") % {"status": row.get_status_display()}
        elif row.pk not in scored:
            found[row.pk] = _("No reviewer has finished yet.")
    return found


def _assign(application: Application, version: int, given: Given, by: User, at: datetime) -> None:
    _done, refused = _assign_together([(application, version)], given, by, at)
    if refused:
        raise NotPossible(refused[0].reason)


@transaction.atomic
def _assign_together(chosen: Sequence[tuple[Application, int]], given: Given, by: User, at: datetime) -> Done:
    """The reviewer gets one letter about all that they are given; what stands against one leaves it out."""
    reviewer: User = given["reviewer"]
    current = lock_for_assigning([row for row, _version in chosen], [reviewer])
    fresh, refused = [], []
    for row, version in chosen:
        try:
            require_current(current[row.pk], version)
        except NotPossible as reason:
            refused.append(Refused(row, str(reason)))
        else:
            fresh.append(current[row.pk])
    reasons = _unassignable(fresh, given, at)
    able = [row for row in fresh if row.pk not in reasons]
    refused += [Refused(row, reasons[row.pk]) for row in fresh if row.pk in reasons]
    try:
        with transaction.atomic():
            wishes = [(row, reviewer) for row in able]
            assign_all(wishes=wishes, by=by, at=at, source=AssignmentSource.HAND)
    except (NotPossible, NotAllowed) as reason:
        return [], [*refused, *(Refused(row, str(reason)) for row in able)]
    return able, refused


def _unassignable(rows: Sequence[Application], given: Given, at: datetime) -> dict[int, str]:
    """Before a reviewer is chosen only the state counts; then conflicts and loads do, too."""
    if reviewer := given.get("reviewer"):
        found = obstacles((row, reviewer) for row in rows)
        return {row.pk: str(why) for row, why in zip(rows, found, strict=True) if why is not None}
    return {
        row.pk: _("It is “%(status)s”, not under review.") % {"status": row.get_status_display()}
        for row in rows
        if row.status not in UNDER_REVIEW
    }


def _correct(application: Application, version: int, given: Given, by: User, at: datetime) -> None:
    request_correction(
        application=application,
        reasons=given["reasons"],
        note=given["note"],
        due_at=given["due"],
        version=version,
        by=by,
        at=at,
    )


def _uncorrectable(rows: Sequence[Application], given: Given, at: datetime) -> dict[int, str]:
    return {row.pk: reason for row in rows if (reason := why_not_ask(row, at))}


ACTIONS: Mapping[str, Action] = {
    action.key: action
    for action in (
        Action(
            "screen",
            gettext_lazy("Screen as eligible"),
            "calls.screen_application",
            _unscreenable,
            _screen,
        ),
        Action(
            "correct",
            gettext_lazy("Ask for a correction"),
            "calls.screen_application",
            _uncorrectable,
            _correct,
        ),
        Action(
            "assign",
            gettext_lazy("Assign to a reviewer"),
            "calls.assign_application",
            _unassignable,
            _assign,
            _assign_together,
        ),
        Action("close", gettext_lazy("Close the review"), "calls.assign_application", _unclosable, _close),
    )
}
