"""The city's answer to its place, the next on the reserve list, and what happens without an answer."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.access import NotAllowed
from calls.models import AnswerExtension, Application, Call, Decision
from calls.models.decision import Outcome
from calls.operations.answer_extending import extend_acceptance
from calls.operations.answering import accept_place, decline_place, lapse_place
from calls.operations.deciding import approve
from calls.operations.deciding_lists import approve_list, recommend_list
from calls.operations.reminding import remind, remind_of
from calls.operations.replacing import recommend_next
from calls.operations.results import publish_results
from calls.operations.selecting import run_selection
from calls.operations.status import NotPossible
from calls.queries.decisions import fingerprint_of, freed_places, open_decisions, to_answer, unanswered
from calls.queries.history import history_of
from calls.queries.invitations import invitations_of
from calls.queries.reminder_audiences import SORT_OF
from calls.queries.reserve_line import next_for
from calls.queries.selection_input import settings_of
from cooperation.notifications.models import Message
from partnerships.models import Partnership
from tests.calls.desk_world import Desk, staff_person
from tests.calls.reminded import words_of
from tests.factories import CallFactory, MembershipFactory, UserFactory
from tests.quick import AMOUNTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    """A call that asks the selected for an answer within 14 days."""
    desk = Desk()
    Call.objects.filter(pk=desk.call.pk).update(acceptance_days=14)
    desk.call.refresh_from_db()
    return desk


def fresh(application: Application) -> Application:
    return Application.objects.select_related("decision").get(pk=application.pk)


def officer(application: Application):
    return application.lead.memberships.get(role="officer").user


def due(application: Application) -> datetime:
    return Decision.objects.get(application=application).acceptance_due_at


def test_the_answer_is_due_at_the_end_of_a_day_where_the_call_counts(desk):
    application = desk.decided(partner=True)
    local = due(application).astimezone(desk.call.zone_info)
    assert (local.hour, local.minute) == (23, 59)
    assert local.date() == desk.call.day_of(timezone.now()) + timedelta(days=14)
    assert not Partnership.objects.exists()
    assert list(to_answer(desk.call)) == [application.decision]


def test_accepting_founds_the_partnership_once(desk):
    application = desk.decided(partner=True)
    accept_place(application=application, by=officer(application), at=timezone.now())
    application = fresh(application)
    assert application.status == "accepted"
    assert application.decision.partnership == Partnership.objects.get()
    assert application.decision.answered_by == officer(application)
    assert Message.objects.filter(kind="place_accepted").count() == 1
    with pytest.raises(NotPossible, match="answered already"):
        accept_place(application=application, by=officer(application), at=timezone.now())
    assert Partnership.objects.count() == 1


@pytest.mark.parametrize("answer", [accept_place, decline_place])
def test_only_the_lead_answers_and_only_in_time(desk, answer):
    application = desk.decided()
    more = {"note": "No staff."} if answer is decline_place else {}
    viewer = MembershipFactory(organisation=application.lead, role="viewer").user
    for person in (UserFactory(), viewer, desk.marta):
        with pytest.raises(NotAllowed):
            answer(application=application, by=person, at=timezone.now(), **more)
    with pytest.raises(NotPossible, match="was due on"):
        answer(application=application, by=officer(application), at=due(application), **more)
    instant = due(application) - timedelta(microseconds=1)
    answer(application=application, by=officer(application), at=instant, **more)
    assert fresh(application).status in ("accepted", "declined")


def test_nobody_answers_where_no_answer_is_asked():
    desk = Desk()
    application = desk.decided()
    with pytest.raises(NotPossible, match="waits for an answer"):
        accept_place(application=application, by=officer(application), at=timezone.now())


def test_declining_needs_a_reason_and_frees_the_place(desk):
    application = desk.decided()
    with pytest.raises(NotPossible, match="Say why"):
        decline_place(application=application, note=" ", by=officer(application), at=timezone.now())
    decline_place(application=application, note="No staff.", by=officer(application), at=timezone.now())
    assert fresh(application).status == "declined"
    assert [row.application for row in freed_places(desk.call)] == [application]
    assert "> No staff." in Message.objects.get(kind="place_declined").body


def declined(desk: Desk, name: str = "Ale") -> Decision:
    application = desk.decided(name)
    decline_place(application=application, note="No staff.", by=officer(application), at=timezone.now())
    return freed_places(desk.call).get(application=application)


def on_reserve(desk: Desk, name: str, place: int, country: str = "SE") -> Application:
    application = desk.decided(name, Outcome.RESERVE)
    Decision.objects.filter(application=application).update(reserve_place=place)
    type(application.lead).objects.filter(pk=application.lead_id).update(country=country)
    return application


def test_the_next_on_the_reserve_list_takes_the_place_by_two_people(desk):
    second, first = on_reserve(desk, "Lund", 2), on_reserve(desk, "Kalmar", 1)
    place = declined(desk)
    assert next_for(place) == first
    with pytest.raises(NotPossible, match="another city’s turn"):
        recommend_next(declined=place, expected=second, by=desk.marta, at=timezone.now())
    recommend_next(declined=place, expected=first, by=desk.marta, at=timezone.now())
    assert not freed_places(desk.call).exists()
    with pytest.raises(NotPossible, match="already"):
        recommend_next(declined=place, expected=first, by=desk.marta, at=timezone.now())
    with pytest.raises(NotPossible, match="already"):
        recommend_next(declined=place, expected=second, by=desk.marta, at=timezone.now())
    approve(application=first, by=desk.helena, at=timezone.now())
    publish_results(call=desk.call, by=desk.helena, at=timezone.now())
    assert fresh(first).status == "selected"
    assert fresh(first).decision.replaces == place
    assert fresh(first).decision.reserve_place == 1
    assert fresh(second).status == "reserve"


def test_a_place_of_a_quota_goes_to_its_countries_unless_there_is_one_list(desk):
    norway, sweden = on_reserve(desk, "Bergen", 1, "NO"), on_reserve(desk, "Lund", 2)
    desk.call.quotas.create(labels={"en": "Sweden"}, side="home", countries=["SE"], places=1)
    place = declined(desk)
    assert next_for(place) == sweden
    Call.objects.filter(pk=desk.call.pk).update(waiting_list="one")
    place = freed_places(desk.call).get()
    place.application.call.refresh_from_db()
    assert next_for(place) == norway


def test_when_the_replacement_declines_too_one_place_is_free_not_two(desk):
    first = on_reserve(desk, "Kalmar", 1)
    place = declined(desk)
    recommend_next(declined=place, expected=first, by=desk.marta, at=timezone.now())
    approve(application=first, by=desk.helena, at=timezone.now())
    publish_results(call=desk.call, by=desk.helena, at=timezone.now())
    decline_place(application=first, note="Too late.", by=officer(first), at=timezone.now())
    assert [row.application for row in freed_places(desk.call)] == [first]
    assert next_for(freed_places(desk.call).get()) is None


def test_staff_free_a_place_only_after_the_due_date(desk):
    application = desk.decided()
    with pytest.raises(NotPossible, match="can answer until"):
        lapse_place(application=application, reason="No answer.", by=desk.marta, at=timezone.now())
    late = due(application)
    assert list(unanswered(late)) == [application.decision]
    assert not unanswered(late - timedelta(seconds=1)).exists()
    with pytest.raises(NotAllowed):
        lapse_place(application=application, reason="No answer.", by=officer(application), at=late)
    lapse_place(application=application, reason="No answer came.", by=desk.marta, at=late)
    assert fresh(application).status == "declined"
    freed = next(line.event for line in history_of(application) if line.event.detail == "No answer came.")
    assert (freed.what, freed.by) == ("Place declined", desk.call.programme.organiser)
    assert "No answer came." in Message.objects.get(kind="place_lapsed").body
    assert freed_places(desk.call).exists()


def test_staff_give_more_time_and_the_city_is_told(desk):
    application = desk.decided()
    before = due(application)
    later = before + timedelta(days=7)
    given = {
        "application": application,
        "due_at": later,
        "reason": "The council meets later.",
        "by": desk.marta,
    }
    with pytest.raises(NotAllowed):
        extend_acceptance(**{**given, "by": officer(application)}, at=timezone.now())
    for wrong, sentence in (
        ({"due_at": before}, "Choose a later time"),
        ({"due_at": timezone.now() - timedelta(days=1)}, "has passed"),
        ({"reason": " "}, "the city reads it"),
    ):
        with pytest.raises(NotPossible, match=sentence):
            extend_acceptance(**{**given, **wrong}, at=timezone.now())
    row = extend_acceptance(**given, at=before + timedelta(hours=1))
    assert (due(application), row.due_from, row.by) == (later, before, desk.marta)
    letter = Message.objects.get(kind="answer_extended")
    assert letter.recipient == officer(application).email
    assert "The council meets later." in letter.body
    told = next(line.event for line in history_of(application) if line.event.detail == given["reason"])
    assert told.by == desk.call.programme.organiser
    assert remind(at=later - timedelta(days=3)) == 1
    accept_place(application=application, by=officer(application), at=later - timedelta(seconds=1))
    with pytest.raises(NotPossible, match="answered already"):
        extend_acceptance(**{**given, "due_at": later + timedelta(days=1)}, at=timezone.now())


def test_the_page_gives_more_time(client, desk):
    application = desk.decided()
    client.force_login(desk.marta)
    address = reverse("admin:calls_call_extend_answer", args=[desk.call.pk, application.pk])
    assert address in client.get(reverse("admin:calls_call_decisions", args=[desk.call.pk])).content.decode()
    assert client.get(address).status_code == 200
    typed = {"due": "2090-12-25T23:59", "reason": "Snow."}
    for wrong in (
        {"due": "Easter"},
        {"due": ""},
        {"reason": ""},
        {"reason": "a\x00b"},
        {"due": "2020-01-01T12:00"},
    ):
        refused = client.post(address, {**typed, **wrong})
        assert refused.status_code in (409, 422)
    assert not AnswerExtension.objects.exists()
    done = client.post(address, typed, follow=True)
    assert "That day is a public holiday" in done.content.decode()
    assert due(application).isoformat() == "2090-12-25T22:59:00+00:00"
    assert "Snow." in client.get(address).content.decode()


def test_the_city_is_reminded_three_days_before_and_once(desk):
    application = desk.decided()
    soon = due(application) - timedelta(days=3)
    assert remind(at=soon - timedelta(seconds=1)) == 0
    assert remind(at=soon) == 1
    assert remind(at=soon + timedelta(hours=1)) == 0
    words = words_of(Message.objects.get(kind="answer_due"), soon)
    assert "23:59 Stockholm" in words.body
    accept_place(application=application, by=officer(application), at=timezone.now())
    assert remind(at=soon) == 0


@pytest.mark.parametrize(("status", "invited"), [("accepted", True), ("declined", False)])
def test_an_accepted_place_is_invited_to_the_next_stage_and_a_declined_one_is_not(desk, status, invited):
    following = CallFactory(slug="full", admits="invited")
    Call.objects.filter(pk=desk.call.pk).update(promotes_to=following)
    desk.call.refresh_from_db()
    application = desk.decided(partner=True)
    who, now = officer(application), timezone.now()
    if status == "accepted":
        accept_place(application=application, by=who, at=now)
    else:
        decline_place(application=application, note="No.", by=who, at=now)
    assert bool(invitations_of(who, now)) is invited
    assert not Partnership.objects.exists()


@pytest.mark.parametrize("count", AMOUNTS)
def test_reminding_looks_once(desk, count, django_assert_num_queries):
    for number in range(count):
        approve(application=desk.recommended(f"City {number}"), by=desk.helena, at=timezone.now())
    publish_results(call=desk.call, by=desk.helena, at=timezone.now())
    with django_assert_num_queries(3):  # the transaction's two, and one statement however many there are
        assert remind_of(SORT_OF["answer_due"], at=timezone.now()) == 0


def test_a_computed_list_goes_from_the_run_to_the_next_in_line(desk):
    """The frozen quotas of the run say who takes a declined place."""
    Call.objects.filter(pk=desk.call.pk).update(places=1)
    desk.call.refresh_from_db()
    best, second, third = (
        desk.reviewed(name, values, by=staff_person(f"{name}@example.org".lower()))
        for name, values in (("Ale", (5, 5)), ("Kalmar", (4, 4)), ("Lund", (3, 3)))
    )
    run = run_selection(call=desk.call, settings=settings_of(desk.call), by=desk.marta, at=timezone.now())
    recommend_list(run=run, by=desk.marta, at=timezone.now())
    seen = fingerprint_of(open_decisions(desk.call))
    approve_list(call=desk.call, seen=seen, by=desk.helena, at=timezone.now())
    publish_results(call=desk.call, by=desk.helena, at=timezone.now())
    assert [fresh(row).status for row in (best, second, third)] == ["selected", "reserve", "reserve"]
    decline_place(application=best, note="No staff.", by=officer(best), at=timezone.now())
    assert next_for(freed_places(desk.call).get()) == second


def test_a_second_list_leaves_those_who_hold_a_place_alone(desk):
    holder = desk.decided("Ale")
    later = desk.reviewed("Kalmar", by=staff_person("other@example.org"))
    run = run_selection(call=desk.call, settings=settings_of(desk.call), by=desk.marta, at=timezone.now())
    (decision,) = recommend_list(run=run, by=desk.marta, at=timezone.now())
    assert decision.application == later
    assert fresh(holder).decision.published_at is not None
