"""Letters to reviewers: the invitation, what was newly assigned, what is overdue."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.utils.translation import override

from calls.models import Assignment, Call, Reviewer
from calls.queries.assignments import overdue
from calls.queries.deadlines import UTC, Place, clocks
from cooperation.accounts.models import User
from cooperation.notifications.models import Message
from cooperation.notifications.operations import Letter, post, post_all

WEEK = timedelta(days=7)


def post_reviewer_invitation(reviewer: Reviewer, *, at: datetime) -> None:
    """What is expected, and the page that accepts or declines; once for each time of inviting."""
    user = reviewer.user
    post(
        key=f"reviewer_invitation:{reviewer.pk}:{reviewer.invited_at.isoformat()}",
        kind="reviewer_invitation",
        reader=user,
        recipient=user.email,
        language=user.language,
        template="calls/mail/reviewer_invitation.txt",
        context={"reviewer": reviewer, "user": user},
        about={"reviewer": reviewer.pk},
        at=at,
    )


def post_assigned(made: Iterable[Assignment], *, at: datetime) -> int:
    """One letter to each reviewer and call, however many applications came at once."""
    letters = (
        _letter("assigned", call, user, rows, f"assigned:{rows[0].pk}", {})
        for call, user, rows in _by_reader(made)
    )
    return post_all(letters, at=at, all_new=True)


def remind_reviewers(*, at: datetime) -> int:
    """Remind who is overdue, and nobody else; return how many messages are new.

    At most one a week for each person and call. The key holds call, person, the due instant and how many
    weeks have passed since, so that a second run posts nothing and a moved date reminds anew; a letter
    posted within the last seven days holds back the next, also when a run was late.
    """
    recent = set(
        Message.objects.filter(kind="review_reminder", created_at__gt=at - WEEK).values_list(
            "about__call", "about__user"
        )
    )
    rows = overdue(Assignment.objects.filter(user__is_active=True), at)
    rows = rows.select_related("application__call", "user").order_by("user_id", "application__reference")
    letters = [
        _letter("review_reminder", call, user, found, _reminder_key(call, user, at), {"at": at})
        for call, user, found in _by_reader(rows.prefetch_related("application__call__texts"))
        if (call.pk, user.pk) not in recent
    ]
    return post_all(letters, at=at)


def _reminder_key(call: Call, user: User, at: datetime) -> str:
    due = call.review_due_at or at
    return f"review_reminder:{call.pk}:{user.pk}:{int(due.timestamp())}:{(at - due) // WEEK}"


def _by_reader(rows: Iterable[Assignment]) -> Iterator[tuple[Call, User, list[Assignment]]]:
    found: dict[tuple[int, int], list[Assignment]] = defaultdict(list)
    for row in rows:
        found[row.application.call_id, row.user_id].append(row)
    calls: dict[int, Call] = {}  # one object a call, so that its title is read once
    for (call_id, _user), group in found.items():
        group.sort(key=lambda row: row.application.reference)
        yield calls.setdefault(call_id, group[0].application.call), group[0].user, group


def _letter(kind: str, call: Call, user: User, rows: list[Assignment], key: str, more: dict) -> Letter:
    return Letter(
        key=key,
        kind=kind,
        reader=user,
        recipient=user.email,
        language=user.language,
        template=f"calls/mail/{kind}.txt",
        context={
            "call": call,
            "user": user,
            "applications": [row.application for row in rows],
            "due_clocks": _due_clocks(call, user),
            **more,
        },
        about={"call": call.pk, "user": user.pk, "assignments": [row.pk for row in rows]},
    )


def _due_clocks(call: Call, user: User) -> list[Place]:
    """When the reviews are due, on the call's clock, the reader's and UTC, in the reader's language."""
    if call.review_due_at is None:
        return []
    with override(user.language):
        return clocks(call.review_due_at, [(call.zone, ""), (user.time_zone, ""), (UTC, "")])
