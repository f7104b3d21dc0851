"""Letters to reviewers: the invitation, what was newly assigned, what was taken back, what is overdue."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.utils.translation import override

from calls.models import Assignment, Call, Reviewer
from calls.queries.deadlines import UTC, Place, clocks
from cooperation.accounts.models import User
from cooperation.notifications.operations import Letter, post, post_all


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


def post_unassigned(ended: Iterable[Assignment], *, at: datetime) -> int:
    """One letter to each reviewer and call: what is theirs no longer. Why is between staff."""
    letters = (
        _letter("unassigned", call, user, rows, f"unassigned:{rows[0].pk}", {})
        for call, user, rows in _by_reader(ended)
    )
    return post_all(letters, at=at, all_new=True)


def letter_of_overdue(call: Call, user: User, rows: list[Assignment], at: datetime) -> Letter:
    """Which reviews of a call are overdue, to who has not finished them."""
    return _letter("review_reminder", call, user, rows, "", {"at": at})


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
