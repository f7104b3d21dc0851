"""The workflow table: every from x to pair, walked with the one writer of status."""

from datetime import UTC, datetime
from itertools import product

import pytest

from calls.models.application import ApplicationStatus
from calls.operations.status import NotPossible, change_status, lock
from calls.workflow import TRANSITIONS, Actor, Status, transitions
from tests.factories import ApplicationFactory, UserFactory

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
PERMITTED = {
    ("draft", "submitted"),
    ("draft", "withdrawn"),
    ("submitted", "withdrawn"),
    ("submitted", "eligible"),
    ("submitted", "ineligible"),
    ("ineligible", "eligible"),
    ("eligible", "withdrawn"),
    ("eligible", "reviewed"),
    ("reviewed", "withdrawn"),
    ("reviewed", "selected"),
    ("reviewed", "reserve"),
    ("reviewed", "rejected"),
    ("reserve", "selected"),
    ("reserve", "withdrawn"),
    ("selected", "accepted"),
    ("selected", "declined"),
    ("eligible", "accepted"),
    ("reviewed", "accepted"),
    ("eligible", "declined"),
    ("reviewed", "declined"),
    ("accepted", "declined"),
    ("rejected", "reviewed"),
    ("reserve", "reviewed"),
    ("withdrawn", "draft"),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("source", "target"), list(product(map(str, Status), repeat=2)))
def test_each_pair_is_permitted_or_refused_as_the_table_says(source, target):
    application = ApplicationFactory(status=source, submitted_at=AT)
    user = UserFactory()
    if (source, target) in PERMITTED:
        change_status(lock(application), Status(target), by=user, at=AT)
        application.refresh_from_db()
        assert application.status == target
        assert application.version == 2
        assert application.status_changes.count() == 1
    else:
        with pytest.raises(NotPossible, match=application.reference):
            change_status(lock(application), Status(target), by=user, at=AT)
        application.refresh_from_db()
        assert (application.status, application.version) == (source, 1)
        assert not application.status_changes.exists()


def test_table_has_no_step_twice_and_covers_every_status():
    assert len({(step.source, step.target, step.actor) for step in TRANSITIONS}) == len(TRANSITIONS)
    assert {(step.source.value, step.target.value) for step in TRANSITIONS} == PERMITTED
    named = {step.source for step in TRANSITIONS} | {step.target for step in TRANSITIONS}
    assert named == set(Status) == set(map(Status, ApplicationStatus.values))


def test_each_step_has_an_operation_that_exists():
    from calls.operations import (
        answering,
        applications,
        complaining,
        pairing_answers,
        results,
        reviewing,
        screening,
        submission,
    )

    modules = (
        applications,
        submission,
        screening,
        reviewing,
        results,
        answering,
        complaining,
        pairing_answers,
    )
    for step in TRANSITIONS:
        assert any(hasattr(module, step.operation) for module in modules), step
        assert step.actor in Actor


def test_ends_are_where_they_are_meant():
    assert set(Status) - {step.source for step in TRANSITIONS} == {Status.DECLINED}
    assert transitions("draft", "selected") == []
