"""Assigning applications to reviewers, one or many at a time; taking assignments back; keeping them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from calls.access import require_assigner
from calls.models import Application, Assignment, PanelMember, Review, Reviewer
from calls.models.reviewer import AssignmentEnd, AssignmentSource
from calls.operations.reviewer_mail import post_assigned, post_unassigned
from calls.operations.status import NotPossible, lock, require_not_cancelled
from calls.queries.matrix import stamp_of
from calls.queries.obstacles import Hindrance, obstacles
from cooperation.accounts.models import User

MOST_NAMED = 5  # refusals said in one sentence


class Moved(NotPossible):
    """Somebody changed assignments after the reader opened the page; nothing was done."""


@transaction.atomic
def assign(
    *,
    application: Application,
    reviewer: User,
    by: User,
    at: datetime,
    source: AssignmentSource = AssignmentSource.HAND,
    pinned: bool = False,
) -> Assignment:
    """Give one application to one reviewer; again changes nothing. The reviewer is told by mail.

    Raises NotAllowed; NotPossible for a conflict of interest, a full load, an application not under review.
    """
    made = assign_all(wishes=[(application, reviewer)], by=by, at=at, source=source, pinned=pinned)
    return made[0] if made else application.assignments.standing().get(user=reviewer)


@transaction.atomic
def assign_all(
    *,
    wishes: Sequence[tuple[Application, User]],
    by: User,
    at: datetime,
    source: AssignmentSource,
    pinned: bool = False,
) -> list[Assignment]:
    """Carry out every wish or none; what stands already is left as it is. One letter to each reviewer.

    Returns what is new. Raises NotAllowed, NotPossible naming what stands against it.
    """
    current = lock_for_assigning([row for row, _user in wishes], [user for _row, user in wishes])
    require_assigner(by)
    wanted = [(current[row.pk], user) for row, user in wishes]
    found = obstacles(wanted)
    refused = [str(row) for row in found if row is not None and row.kind != Hindrance.THERE]
    if refused:
        more = len(refused) - MOST_NAMED
        rest = [_("And %(count)s more.") % {"count": more}] if more > 0 else []
        raise NotPossible(" ".join([*refused[:MOST_NAMED], *rest]))
    new = [
        Assignment(application=row, user=user, source=source, pinned=pinned, assigned_at=at, assigned_by=by)
        for (row, user), obstacle in zip(wanted, found, strict=True)
        if obstacle is None
    ]
    made = Assignment.objects.bulk_create(new)
    post_assigned(made, at=at)
    return made


def lock_for_assigning(rows: Iterable[Application], people: Iterable[User]) -> dict[int, Application]:
    """The applications, read afresh and locked with the people's limits until the transaction ends.

    Always in this order: people, panels, applications. Raises NotPossible in a cancelled call.
    """
    users, applications = {user.pk for user in people}, {row.pk for row in rows}
    calls = {row.call_id for row in rows}
    list(Reviewer.objects.select_for_update().filter(user__in=users).order_by("pk"))
    members = PanelMember.objects.select_for_update().filter(call__in=calls, user__in=users)
    list(members.order_by("pk"))
    locked = Application.objects.select_for_update(of=("self",)).select_related("call", "lead__city")
    found = {row.pk: row for row in locked.filter(pk__in=applications).order_by("pk")}
    for row in found.values():
        require_not_cancelled(row.call)
    return found


@transaction.atomic
def unassign(*, assignment: Assignment, reason: str, by: User, at: datetime) -> Assignment:
    """Take one assignment back; it stays on record with its reason. Again changes nothing.

    Raises NotAllowed; NotPossible without a reason, or once the review is finished.
    """
    lock(assignment.application)  # a sheet is finished under the same lock
    current = Assignment.objects.select_for_update().get(pk=assignment.pk)
    require_assigner(by)
    if current.ended_at:
        return current
    take_all_back(rows=[current], reason=reason, by=by, at=at)
    return Assignment.objects.get(pk=current.pk)


def take_all_back(*, rows: Collection[Assignment], reason: str, by: User, at: datetime) -> None:
    """End LOCKED assignments and tell their reviewers.

    Raises NotPossible without a reason, or for one whose review is finished.
    """
    if not rows:
        return
    if not reason.strip():
        raise NotPossible(_("Write the reason for taking back."))
    applications, people = {row.application_id for row in rows}, {row.user_id for row in rows}
    sheets = Review.objects.filter(
        application__in=applications, reviewer__in=people, finished_at__isnull=False
    )
    finished = set(sheets.values_list("application_id", "reviewer_id"))
    for row in rows:
        if (row.application_id, row.user_id) in finished:
            about = {"person": row.user, "reference": row.application.reference}
            raise NotPossible(
                _("%(person)s has finished the review of %(reference)s. It stays as it is.") % about
            )
    Assignment.objects.filter(pk__in=[row.pk for row in rows], ended_at__isnull=True).update(
        ended_at=at, ended_by=by, end=AssignmentEnd.UNASSIGNED, end_reason=reason.strip()
    )
    post_unassigned(rows, at=at)


@transaction.atomic
def pin(*, assignment: Assignment, pinned: bool, by: User, at: datetime) -> Assignment:
    """Keep an assignment when assignments are made anew, or let it go. Raises NotAllowed, NotPossible."""
    current = Assignment.objects.select_for_update().get(pk=assignment.pk)
    require_assigner(by)
    if current.ended_at:
        raise NotPossible(_("This assignment has ended. Reload the page."))
    current.pinned = pinned
    current.save(update_fields=["pinned"])
    return current


@transaction.atomic
def change_assignments(
    *,
    applications: Sequence[Application],
    add: Sequence[tuple[Application, User]],
    take: Collection[tuple[int, int]],
    reason: str,
    stamp: str,
    by: User,
    at: datetime,
) -> tuple[int, int]:
    """Save one page of the matrix, all of it or nothing: how many are new, how many were taken back.

    `take` holds (application id, user id). `stamp` is what the page showed (see `stamp_of`). Raises
    NotAllowed; Moved when somebody changed these rows since; NotPossible for what stands against it.
    """
    lock_for_assigning(applications, [user for _row, user in add])
    require_assigner(by)
    if stamp != stamp_of(applications):
        raise Moved(
            _(
                "Somebody changed these assignments after you opened this page. Nothing was done; "
                "your ticks are kept. Check and save again."
            )
        )
    ids = [row.pk for row in applications]
    standing = Assignment.objects.standing().select_for_update(of=("self",)).filter(application__in=ids)
    rows = standing.select_related("application__call", "user")
    gone = [row for row in rows if (row.application_id, row.user_id) in take]
    take_all_back(rows=gone, reason=reason, by=by, at=at)
    made = assign_all(wishes=add, by=by, at=at, source=AssignmentSource.HAND)
    return len(made), len(gone)
