"""Two panels of reviewers, their finished score sheets and what was recommended and approved, in bulk."""

from collections.abc import Iterator, Sequence
from random import Random

from django.utils import timezone

from calls.models import (
    Application,
    Assignment,
    Call,
    Conflict,
    Decision,
    PanelMember,
    Review,
    Reviewer,
    Score,
)
from cooperation.accounts.models import User

BATCH = 5_000
OUTCOMES = ("selected", "rejected", "reserve", "rejected", "rejected")
Pairs = Iterator[tuple[Application, User]]
COMMENT = "Clear plan, thin budget. The second city says little about its own part. "


def add_panels(call: Call, number: int) -> tuple[list[User], list[User]]:
    """So many people with profiles and seats in the call, half of them on either panel."""
    now = timezone.now()
    people = User.objects.bulk_create(
        User(email=f"reviewer-{row}@example.org", name=f"Reviewer {row}") for row in range(number)
    )
    Reviewer.objects.bulk_create(
        Reviewer(
            user=user,
            languages=["en", "sv"],
            country=("NL", "FR")[place % 2],
            maximum_load=1_000,
            invited_at=now,
            invited_by=people[0],
            accepted_at=now,
        )
        for place, user in enumerate(people)
    )
    PanelMember.objects.bulk_create(
        PanelMember(call=call, user=user, maximum=1_000, added_at=now, added_by=people[0]) for user in people
    )
    return people[0::2], people[1::2]


def add_reviews(call: Call, rows: Sequence[Application], panels: Sequence[Sequence[User]]) -> None:
    """For each application from either panel: an assignment, a finished sheet, a score on each criterion."""
    now, random, criteria = timezone.now(), Random(4), list(call.criteria.all())
    pairs = list(_pairs(rows, panels))
    Assignment.objects.bulk_create(
        (
            Assignment(
                application=row,
                user=user,
                source="engine",
                assigned_at=now,
                assigned_by=panels[0][0],
                unconflicted_at=now,
            )
            for row, user in pairs
        ),
        batch_size=BATCH,
    )
    reviews = Review.objects.bulk_create(
        (
            Review(
                application=row,
                reviewer=user,
                recommendation=random.choice(["fund", "decline"]),
                comment=COMMENT * 4,
                feedback=COMMENT * 4,
                changed_at=now,
                finished_at=now,
            )
            for row, user in pairs
        ),
        batch_size=BATCH,
    )
    Score.objects.bulk_create(
        (
            Score(review=review, criterion=criterion, value=random.randint(0, 5), note=COMMENT)
            for review in reviews
            for criterion in criteria
        ),
        batch_size=BATCH,
    )
    Conflict.objects.bulk_create(
        Conflict(application=row, user=panels[0][0], reason="Works there.", at=now, by=panels[0][0])
        for row in rows[::50]
    )


def _pairs(rows: Sequence[Application], panels: Sequence[Sequence[User]]) -> Pairs:
    for place, row in enumerate(rows):
        for panel in panels:
            yield row, panel[place % len(panel)]


def add_decisions(rows: Sequence[Application], people: Sequence[User]) -> None:
    """Two of three closed reviews have an outcome recommended; every second of these is approved."""
    now = timezone.now()
    closed = [row for place, row in enumerate(row for row in rows if row.status == "reviewed") if place % 3]
    Decision.objects.bulk_create(
        Decision(
            application=row,
            outcome=OUTCOMES[place % len(OUTCOMES)],
            reason=COMMENT,
            recommended_at=now,
            recommended_by=people[0],
            approved_at=now if place % 2 else None,
            approved_by=people[1] if place % 2 else None,
        )
        for place, row in enumerate(closed)
    )
