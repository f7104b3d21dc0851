"""Deciding at the same moment: two deciders, one place, a publication, a role that is taken away."""

import threading
from functools import partial

import pytest
from django.db import transaction
from django.utils import timezone

from calls.models import Application, Call, Complaint, Decision
from calls.models.decision import Outcome
from calls.operations.answering import accept_place, decline_place, lapse_place
from calls.operations.applications import withdraw
from calls.operations.complaining import complain
from calls.operations.deciding import approve, recommend
from calls.operations.deciding_lists import approve_list
from calls.operations.results import publish_results
from calls.queries.decisions import fingerprint_of, open_decisions
from calls.queries.quota_places import holders
from cooperation.notifications.models import Message
from partnerships.models import Partnership
from tests.calls.desk_world import Desk, staff_person
from tests.races.together import together

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = [pytest.param(3, id="quick"), pytest.param(60, id="thorough", marks=pytest.mark.thorough)]


def officer(application: Application):
    return application.lead.memberships.get(role="officer").user


def version(application: Application) -> int:
    return Application.objects.values_list("version", flat=True).get(pk=application.pk)


def status(application: Application) -> str:
    return Application.objects.values_list("status", flat=True).get(pk=application.pk)


def refused(results: list) -> int:
    return sum(isinstance(result, Exception) for result in results)


def no_violation() -> None:
    """What must hold whatever happened: two people for each approval, and no letter without publication."""
    for row in Decision.objects.filter(approved_at__isnull=False):
        assert row.approved_by_id != row.recommended_by_id
    told = Message.objects.filter(kind="decision").values_list("about__application", flat=True)
    published = Decision.objects.published().values_list("application", flat=True)
    assert set(told) <= set(published)


@pytest.mark.parametrize("rounds", ROUNDS)
def test_two_deciders_approve_at_once_and_one_does(rounds: int) -> None:
    desk = Desk()
    boss = staff_person("boss@example.org", "decide_application")
    for number in range(rounds):
        application = desk.recommended(f"City {number}")
        act = partial(approve, application=application, at=timezone.now())
        results = together(partial(act, by=desk.helena), partial(act, by=boss))
        assert refused(results) == 1
        no_violation()


@pytest.mark.parametrize("rounds", ROUNDS)
def test_one_place_is_given_once_by_list_and_by_hand(rounds: int) -> None:
    for number in range(rounds):
        desk = Desk(
            marta=staff_person(f"marta{number}@example.org"),
            helena=staff_person(f"helena{number}@example.org", "decide_application"),
        )
        Call.objects.filter(pk=desk.call.pk).update(places=1 if number % 2 else None)
        desk.call.quotas.create(labels={"en": "Sweden"}, side="home", countries=["SE"], places=1)
        boss = staff_person(f"boss{number}@example.org", "decide_application")
        first, second = desk.recommended(f"A {number}"), desk.recommended(f"B {number}")
        seen = fingerprint_of(open_decisions(desk.call))
        results = together(
            partial(approve, application=first, by=desk.helena, at=timezone.now()),
            partial(approve, application=second, by=boss, at=timezone.now()),
            partial(approve_list, call=desk.call, seen=seen, by=boss, at=timezone.now()),
        )
        assert refused(results) == 2
        assert holders(desk.call).count() == 1
        no_violation()


@pytest.mark.parametrize("rounds", ROUNDS)
def test_a_recommendation_during_an_approval_is_never_approved_unread(rounds: int) -> None:
    desk = Desk()
    for number in range(rounds):
        application = desk.recommended(f"City {number}")
        read = version(application)
        results = together(
            partial(approve, application=application, by=desk.helena, at=timezone.now(), version=read),
            partial(
                recommend,
                application=application,
                outcome=Outcome.REJECTED,
                reason="Too late.",
                by=desk.marta,
                at=timezone.now(),
                version=read,
            ),
        )
        assert refused(results) == 1
        decision = Decision.objects.get(application=application)
        assert decision.approved_at is None or decision.outcome == Outcome.SELECTED
        no_violation()


@pytest.mark.parametrize("rounds", ROUNDS)
def test_deciding_while_publishing_tells_only_what_was_approved(rounds: int) -> None:
    desk = Desk()
    boss = staff_person("boss@example.org", "decide_application")
    for number in range(rounds):
        done, open_, gone = (desk.recommended(f"{name} {number}") for name in "ABC")
        for row in (done, gone):
            approve(application=row, by=desk.helena, at=timezone.now())
        results = together(
            partial(publish_results, call=desk.call, by=desk.helena, at=timezone.now()),
            partial(publish_results, call=desk.call, by=boss, at=timezone.now()),
            partial(approve, application=open_, by=boss, at=timezone.now()),
            partial(withdraw, application=gone, by=officer(gone), at=timezone.now(), note=""),
        )
        assert not isinstance(results[2], Exception)
        assert status(done) == "selected"
        assert status(gone) in ("selected", "withdrawn")
        assert isinstance(results[3], Exception) == (status(gone) == "selected")
        told = Message.objects.filter(kind="decision", about__application=gone.pk).count()
        assert told == (status(gone) == "selected")
        if status(open_) == "reviewed":
            publish_results(call=desk.call, by=boss, at=timezone.now())
        assert Message.objects.filter(kind="decision", about__application=open_.pk).count() == 1
        assert Message.objects.filter(kind="decision", about__application=done.pk).count() == 1
        no_violation()


def test_a_right_taken_away_while_the_decision_waits_for_its_turn_is_gone() -> None:
    desk = Desk()
    application, gate = desk.recommended(), threading.Event()

    def revoke_while_holding() -> None:
        with transaction.atomic():
            Call.objects.select_for_update(no_key=True).get(pk=desk.call.pk)
            gate.set()
            desk.helena.user_permissions.clear()

    def approve_after() -> Decision:
        gate.wait(timeout=10)
        return approve(application=application, by=desk.helena, at=timezone.now())

    results = together(revoke_while_holding, approve_after)
    assert type(results[1]).__name__ == "NotAllowed"
    assert Decision.objects.get().approved_at is None


@pytest.fixture
def asked() -> Desk:
    desk = Desk()
    Call.objects.filter(pk=desk.call.pk).update(acceptance_days=5)
    desk.call.refresh_from_db()
    return desk


@pytest.mark.parametrize("rounds", ROUNDS)
def test_a_place_is_answered_once(asked: Desk, rounds: int) -> None:
    for number in range(rounds):
        application = asked.decided(f"City {number}", partner=number == 0)
        more = {"application": application, "at": timezone.now()}
        late = Decision.objects.get(application=application).acceptance_due_at
        lapsing = {"application": application, "at": late, "by": asked.marta, "reason": "No answer."}
        results = together(
            partial(accept_place, by=officer(application), **more),
            partial(accept_place, by=officer(application), **more),
            partial(decline_place, by=officer(application), note="No.", **more),
            partial(lapse_place, **lapsing),
        )
        assert refused(results) == 3
        assert application.status_changes.filter(source="selected").count() == 1
        founded = Partnership.objects.filter(decisions__application=application).count()
        assert founded == (number == 0 and status(application) == "accepted")


@pytest.mark.parametrize("rounds", ROUNDS)
def test_a_complaint_is_sent_once(rounds: int) -> None:
    desk = Desk()
    Call.objects.filter(pk=desk.call.pk).update(complaint_days=5)
    for number in range(rounds):
        application = desk.decided(f"City {number}", Outcome.REJECTED)
        act = partial(
            complain, application=application, text="No.", by=officer(application), at=timezone.now()
        )
        assert refused(together(act, act)) == 1
        assert Complaint.objects.filter(application=application).count() == 1
