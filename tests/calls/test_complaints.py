"""Complaints: within working days, one at a time, answered by somebody who had no part in the decision."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from calls.access import NotAllowed
from calls.models import Application, Call
from calls.models.decision import Outcome
from calls.operations.complaining import answer_complaint, complain
from calls.operations.deciding import approve, recommend
from calls.operations.results import publish_results
from calls.operations.status import NotPossible
from calls.queries.complaints import window_of
from calls.queries.working_days import after_working_days, complain_until, day_off
from cooperation.notifications.models import Message
from tests.calls.desk_world import Desk, staff_person
from tests.factories import CallFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    Call.objects.filter(pk=desk.call.pk).update(complaint_days=10)
    desk.call.refresh_from_db()
    return desk


def officer(application: Application):
    return application.lead.memberships.get(role="officer").user


def complained(application: Application, text: str = "The second reviewer read another text."):
    return complain(application=application, text=text, by=officer(application), at=timezone.now())


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 11, 20), 1, date(2026, 11, 23)),
        (date(2026, 11, 20), 5, date(2026, 11, 27)),
        (date(2026, 11, 21), 1, date(2026, 11, 23)),
        (date(2026, 11, 23), 10, date(2026, 12, 7)),
    ],
)
def test_working_days_leave_weekends_out(start, count, end):
    assert after_working_days(start, count) == end


def test_a_free_day_is_no_working_day():
    assert after_working_days(date(2026, 12, 23), 2, free={date(2026, 12, 25)}) == date(2026, 12, 28)


@pytest.mark.parametrize(
    ("zone", "told", "until"),
    [
        # Midsummer Eve is a Friday that only Sweden keeps; in UTC, which is no country, it counts.
        ("Europe/Stockholm", datetime(2027, 6, 22, 12, tzinfo=UTC), date(2027, 6, 28)),
        ("UTC", datetime(2027, 6, 22, 12, tzinfo=UTC), date(2027, 6, 25)),
        ("Africa/Gaborone", datetime(2027, 9, 28, 12, tzinfo=UTC), date(2027, 10, 5)),
        # over the end of a year: 1 January and Epiphany are free in Stockholm
        ("Europe/Stockholm", datetime(2026, 12, 30, 12, tzinfo=UTC), date(2027, 1, 7)),
    ],
)
def test_public_holidays_of_the_calls_country_are_no_working_days(zone, told, until):
    call = CallFactory(zone=zone, complaint_days=3)
    assert complain_until(call, told).astimezone(call.zone_info).date() == until


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (datetime(2027, 6, 25, 12, tzinfo=UTC), "public holiday"),
        (datetime(2027, 6, 27, 12, tzinfo=UTC), "weekend"),
        (datetime(2027, 6, 28, 12, tzinfo=UTC), ""),
        (None, ""),
    ],
)
def test_a_date_that_is_no_working_day_is_said(day, sentence):
    said = day_off(day, CallFactory(zone="Europe/Stockholm"))
    assert (sentence in said) if sentence else said == ""


def test_a_complaint_is_taken_until_the_window_ends(desk):
    application = desk.decided(outcome=Outcome.REJECTED)
    until = window_of(application, timezone.now()).until
    assert until is not None
    assert until.astimezone(desk.call.zone_info).hour == 23
    with pytest.raises(NotPossible, match="Complaints were taken until"):
        complain(application=application, text="Late.", by=officer(application), at=until)
    complain(
        application=application, text="In time.", by=officer(application), at=until - timedelta(seconds=1)
    )
    with pytest.raises(NotPossible, match="waits for its answer"):
        complained(application)
    assert "> In time." in Message.objects.get(kind="complaint").body


def test_who_complains_and_about_what(desk):
    application = desk.decided(outcome=Outcome.REJECTED)
    for person in (UserFactory(), desk.marta):
        with pytest.raises(NotAllowed):
            complain(application=application, text="No.", by=person, at=timezone.now())
    with pytest.raises(NotPossible, match="Say what"):
        complained(application, " ")
    with pytest.raises(NotPossible, match="no outcome to complain about"):
        complained(desk.decided("Lund"))
    with pytest.raises(NotPossible, match="no outcome to complain about"):
        complained(desk.recommended("Kalmar", Outcome.REJECTED))
    Call.objects.filter(pk=desk.call.pk).update(complaint_days=0)
    with pytest.raises(NotPossible, match="takes no complaints here"):
        complained(application)


def test_whoever_recommended_or_approved_does_not_answer(desk):
    complaint = complained(desk.decided(outcome=Outcome.REJECTED))
    for person in (desk.marta, desk.helena):
        with pytest.raises(NotAllowed, match="had no part in it"):
            answer_complaint(complaint=complaint, answer="No.", upheld=False, by=person, at=timezone.now())
    with pytest.raises(NotAllowed):
        answer_complaint(
            complaint=complaint, answer="No.", upheld=False, by=UserFactory(is_staff=True), at=timezone.now()
        )


def test_a_complaint_that_is_not_upheld_changes_nothing(desk):
    application, third = desk.decided(outcome=Outcome.REJECTED), staff_person("third@example.org")
    complaint = complained(application)
    answer_complaint(
        complaint=complaint, answer="The text was yours.", upheld=False, by=third, at=timezone.now()
    )
    application.refresh_from_db()
    assert application.status == "rejected"
    body = Message.objects.get(kind="complaint_answered").body
    assert "not upheld" in body
    assert "The text was yours." in body
    with pytest.raises(NotPossible, match="answered already"):
        answer_complaint(complaint=complaint, answer="Again.", upheld=True, by=third, at=timezone.now())


@pytest.mark.parametrize("outcome", [Outcome.REJECTED, Outcome.RESERVE])
def test_an_upheld_complaint_is_decided_anew_by_two_people(desk, outcome):
    application, third = desk.decided(outcome=outcome), staff_person("third@example.org")
    complaint = complained(application)
    answer_complaint(complaint=complaint, answer="You are right.", upheld=True, by=third, at=timezone.now())
    application.refresh_from_db()
    assert application.status == "reviewed"
    with pytest.raises(NotPossible, match="no open recommendation"):
        approve(application=application, by=desk.helena, at=timezone.now())
    recommend(
        application=application, outcome=Outcome.SELECTED, reason="After all.", by=third, at=timezone.now()
    )
    approve(application=application, by=desk.helena, at=timezone.now())
    publish_results(call=desk.call, by=desk.helena, at=timezone.now())
    application.refresh_from_db()
    assert application.status == "selected"


def test_the_window_counts_from_when_the_city_was_told_not_from_a_later_recommendation(desk):
    application = desk.decided(outcome=Outcome.RESERVE)
    before = window_of(application, timezone.now()).until
    recommend(
        application=application, outcome=Outcome.SELECTED, reason="Next.", by=desk.marta, at=timezone.now()
    )
    assert window_of(application, timezone.now()).until == before


def test_the_window_ends_on_the_day_of_the_calls_zone(desk):
    application = desk.decided(outcome=Outcome.REJECTED)
    Call.objects.filter(pk=desk.call.pk).update(complaint_days=1, zone="Pacific/Auckland")
    application.status_changes.filter(target="rejected").update(at=datetime(2026, 11, 22, 12, tzinfo=UTC))
    application = Application.objects.select_related("call").get(pk=application.pk)
    # Monday 23 November, 01:00 in Auckland: the first working day after it is Tuesday
    until = window_of(application, datetime(2026, 11, 22, 13, tzinfo=UTC)).until
    assert until == datetime(2026, 11, 24, 10, 59, tzinfo=UTC)
