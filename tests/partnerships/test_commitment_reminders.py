"""Reminders of a commitment's reports: 90, 30 and 7 days before, once when late, never twice."""

from datetime import UTC, date, datetime, timedelta

import pytest

from cooperation.notifications.models import Message
from partnerships.models import City, Commitment
from partnerships.operations.commitment_reminding import remind_of_commitments, reminder_matters, step_of
from tests.factories import MembershipFactory, OrganisationFactory

pytestmark = pytest.mark.django_db
DUE = date(2027, 6, 30)


@pytest.fixture
def ale() -> City:
    return OrganisationFactory(city__name="Ale", city__slug="ale").city


@pytest.fixture
def compact(ale) -> Commitment:
    return Commitment.objects.create(
        city=ale,
        name="Global Compact",
        joined_on=date(2025, 6, 30),
        cycle_years=2,
        grace_days=90,
        lapse_years=1,
        kept_by_city=True,
    )


def on(days: int) -> datetime:
    """Noon so many days after the report is due."""
    return datetime(2027, 6, 30, 12, tzinfo=UTC) + timedelta(days=days)


@pytest.mark.parametrize(
    ("days", "step"),
    [
        (-91, ""),
        (-90, "90"),
        (-31, "90"),
        (-30, "30"),
        (-7, "7"),
        (0, "7"),
        (1, "late"),
        (366, "late"),
        (367, ""),
    ],
)
def test_which_reminder_a_day_has(compact, days, step):
    assert step_of(compact, on(days).date()) == step


def test_grace_and_an_end_are_not_late(compact):
    compact.grace_for = DUE
    assert step_of(compact, on(90).date()) == ""
    assert step_of(compact, on(91).date()) == "late"


def test_nobody_is_called_late_for_what_the_portal_was_not_told(compact):
    compact.kept_by_city = False
    assert step_of(compact, on(30).date()) == ""


def test_each_reader_hears_once_of_each_step(ale, compact):
    municipality = ale.organisations.get()
    for language in ("en", "es"):
        MembershipFactory(organisation=municipality, user__language=language)
    MembershipFactory(organisation=municipality, role="viewer")
    MembershipFactory(organisation=municipality, verified_at=None, verified_by=None)
    assert [remind_of_commitments(at=on(days)) for days in (-100, -90, -89, -30, -7, 1, 2)] == [
        0,
        2,
        0,
        2,
        2,
        2,
        0,
    ]
    first = Message.objects.order_by("pk").first()
    assert first.subject == "Ale: a report on “Global Compact” is due on 30 June 2027"
    assert f"/cities/ale/edit/commitments/{compact.pk}/report/" in first.body
    late = Message.objects.filter(language="en").latest("pk")
    assert "is late" in late.subject
    assert "30 June 2028" in late.body


def test_a_report_filed_meanwhile_makes_the_reminder_pointless(ale, compact):
    MembershipFactory(organisation=ale.organisations.get())
    remind_of_commitments(at=on(-30))
    about = Message.objects.get().about
    assert reminder_matters(about, on(-30))
    compact.reports.create(
        title="First", period_from=2025, period_to=2027, due_on=DUE, filed_on=date(2027, 6, 1)
    )
    assert not reminder_matters(about, on(-30))
    assert remind_of_commitments(at=on(1)) == 0
