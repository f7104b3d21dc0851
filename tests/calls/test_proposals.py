"""From a published run to partnerships: letters, answers, introductions, declines, lapses, the next run."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from calls.models import PairingRun, Proposal
from calls.models.pairing import DeclineReason, RunCause
from calls.operations.applications import withdraw
from calls.operations.pairing_answers import (
    accept_proposal,
    ask_introduction,
    decline_proposal,
    introduce,
)
from calls.operations.pairing_lapsing import lapse_unanswered, pair_anew
from calls.operations.proposing import move_answer_date, publish_run, recommend_run
from calls.operations.reminding import remind
from calls.operations.status import NotPossible
from calls.queries.pairing_failure import LEFT, failure
from calls.queries.proposals import newest_place
from calls.queries.staff_calls import runs_to_recommend
from cooperation.notifications.models import Message
from tests.calls.pairing_world import application_of, pairs_of, published, solve_here, solved
from tests.calls.reminded import words_of
from tests.factories import MembershipFactory, UserFactory
from tests.worlds import pairing_world

pytestmark = pytest.mark.django_db


class World:
    """Two pairs published: Essen with Koriyama, Grenoble with Toyota; an officer for each city."""

    def __init__(self) -> None:
        self.call = pairing_world()
        self.marta, self.helena = (
            UserFactory(is_superuser=True, is_staff=True),
            UserFactory(is_superuser=True, is_staff=True),
        )
        self.officers = {}
        for application in self.call.applications.select_related("lead__city"):
            name = application.lead.city.name
            member = MembershipFactory(
                organisation=application.lead, user__email=f"{name}@example.org".lower()
            )
            self.officers[name] = member.user
        self.run = published(solved(self.call, self.marta), self.marta, self.helena)

    def place(self, city: str):
        return newest_place(application_of(self.call, city))

    def accept(self, city: str, at=None):
        return accept_proposal(place=self.place(city), by=self.officers[city], at=at or timezone.now())

    def decline(self, city: str, *, another: bool = True, **changes):
        given = {"reason": DeclineReason.TOPIC, "text": "", "wants_another": another, **changes}
        return decline_proposal(place=self.place(city), by=self.officers[city], at=timezone.now(), **given)

    def mails(self, kind: str) -> list[str]:
        rows = Message.objects.filter(kind=kind).order_by("recipient")
        return [row.recipient.split("@")[0] for row in rows]


@pytest.fixture
def world() -> World:
    return World()


def test_publishing_tells_each_city_who_and_why_and_until_when(world) -> None:
    assert world.mails("pairing_proposed") == ["essen", "grenoble", "koriyama", "toyota"]
    mail = Message.objects.get(kind="pairing_proposed", recipient="essen@example.org")
    assert "proposed to you as partner, Koriyama" in mail.subject
    assert "Why these cities" in mail.body
    assert "Your answer is due on" in mail.body
    assert world.officers["Koriyama"].email not in mail.body


def test_when_all_accept_the_partnership_begins_with_its_plan(world) -> None:
    world.accept("Essen")
    assert world.mails("pairing_accepted") == ["koriyama"]
    place = world.accept("Koriyama")
    partnership = place.proposal.partnership
    assert partnership.title == "Essen – Koriyama"
    assert partnership.stage == "agreed"
    assert [row.kind for row in partnership.milestones.all()] == [
        "kick_off",
        "study_visit",
        "study_visit",
        "action_plan",
        "closing",
    ]
    assert partnership.milestones.first().labels["es"]
    assert partnership.due_reports.count() == 2
    assert application_of(world.call, "Essen").status == "accepted"
    for city in ("Essen", "Koriyama"):
        assert application_of(world.call, city).status_changes.last().by == world.officers[city]
    assert world.mails("pairing_founded") == ["essen", "koriyama"]
    mail = Message.objects.get(kind="pairing_founded", recipient="essen@example.org")
    assert world.officers["Koriyama"].email in mail.body


def test_each_city_answers_once_and_in_time(world) -> None:
    world.accept("Essen")
    with pytest.raises(NotPossible, match="answered already"):
        world.accept("Essen")
    with pytest.raises(NotPossible, match="answered already"):
        world.decline("Essen")
    late = world.run.answer_by
    with pytest.raises(NotPossible, match="was due on"):
        world.accept("Koriyama", at=late)


def test_others_than_the_citys_own_do_not_answer(world) -> None:
    place = world.place("Essen")
    for person in (world.officers["Koriyama"], world.marta, UserFactory()):
        with pytest.raises(PermissionDenied):
            accept_proposal(place=place, by=person, at=timezone.now())


def test_a_decline_lapses_the_pair_keeps_it_apart_and_pairs_anew(world) -> None:
    world.accept("Grenoble")
    world.decline("Essen", reason=DeclineReason.OTHER, text="Our mayor says no.")
    assert world.place("Essen").proposal.lapsed_at
    assert world.mails("pairing_declined") == ["koriyama"]
    body = Message.objects.get(kind="pairing_declined").body
    assert "Our mayor" not in body
    fresh = PairingRun.objects.get(cause=RunCause.ANSWERS)
    assert (fresh.parent, fresh.requested_by) == (world.run, None)
    solve_here(fresh)
    # Grenoble and Toyota are pinned: they answer; Essen and Koriyama stay apart and find nobody else
    assert [str(row) for row in fresh.proposals.all()] == ["Grenoble – Toyota"]


def test_a_run_after_an_answer_waits_for_staff_while_it_proposes_somebody_anew(world) -> None:
    world.decline("Essen")
    solve_here(PairingRun.objects.get(cause=RunCause.ANSWERS))
    assert not runs_to_recommend().exists()  # it only repeats Grenoble with Toyota
    world.decline("Grenoble")
    fresh = solve_here(PairingRun.objects.filter(cause=RunCause.ANSWERS).latest("number"))
    assert list(runs_to_recommend()) == [fresh]
    recommend_run(run=fresh, by=world.marta, at=timezone.now())
    assert not runs_to_recommend().exists()


def test_who_wants_no_other_partner_leaves_the_pairing(world) -> None:
    world.decline("Essen", another=False)
    assert application_of(world.call, "Essen").status == "declined"
    fresh = solve_here(PairingRun.objects.get(cause=RunCause.ANSWERS))
    assert "Essen" not in fresh.input


def test_another_reason_needs_words(world) -> None:
    with pytest.raises(NotPossible, match="in your own words"):
        world.decline("Essen", reason=DeclineReason.OTHER, text=" ")
    assert world.place("Essen").answer == "waiting"


def test_a_later_run_tells_only_what_is_new(world) -> None:
    """Both pairs declined crosswise: the next run proposes the other two pairs."""
    world.decline("Essen")
    fresh = solve_here(PairingRun.objects.get(cause=RunCause.ANSWERS))
    recommend_run(run=fresh, by=world.marta, at=timezone.now())
    publish_run(run=fresh, answer_by=timezone.now() + timedelta(days=9), by=world.helena, at=timezone.now())
    repeated = fresh.proposals.get()
    assert repeated.repeats.run == world.run
    assert len(world.mails("pairing_proposed")) == 4  # Grenoble and Toyota are not asked twice
    world.accept("Grenoble")
    place = world.accept("Toyota")
    assert place.proposal.run == world.run
    assert Proposal.objects.filter(partnership__isnull=False).count() == 1


def test_a_city_that_withdraws_lets_its_proposal_lapse(world) -> None:
    application = application_of(world.call, "Essen")
    withdraw(application=application, by=world.officers["Essen"], at=timezone.now())
    assert world.place("Koriyama").proposal.lapsed_at
    assert world.mails("pairing_declined") == ["koriyama"]
    assert PairingRun.objects.filter(cause=RunCause.ANSWERS).exists()


def test_an_introduction_gives_addresses_before_the_answer(world) -> None:
    ask_introduction(
        place=world.place("Essen"), note="Who leads it?", by=world.officers["Essen"], at=timezone.now()
    )
    staff = Message.objects.filter(kind="pairing_introduction_asked")
    assert {row.recipient for row in staff} == {world.marta.email, world.helena.email}
    assert all("> Who leads it?" in row.body for row in staff)
    with pytest.raises(NotPossible, match="asked for already"):
        ask_introduction(place=world.place("Essen"), note="", by=world.officers["Essen"], at=timezone.now())
    introduce(proposal=world.place("Essen").proposal, by=world.marta, at=timezone.now())
    assert world.mails("pairing_introduced") == ["essen", "koriyama"]
    with pytest.raises(NotPossible, match="addresses already"):
        introduce(proposal=world.place("Essen").proposal, by=world.marta, at=timezone.now())
    with pytest.raises(PermissionDenied):
        introduce(proposal=world.place("Toyota").proposal, by=world.officers["Toyota"], at=timezone.now())


def test_reminders_come_twice_and_only_to_who_has_not_answered(world) -> None:
    world.accept("Essen")
    due = world.run.answer_by
    assert remind(at=due - timedelta(days=8)) == 0
    assert remind(at=due - timedelta(days=6)) == 3
    assert remind(at=due - timedelta(days=5)) == 0
    assert remind(at=due - timedelta(days=1)) == 3
    assert remind(at=due) == 0
    assert "essen" not in world.mails("pairing_reminder")
    newest = Message.objects.filter(kind="pairing_reminder").latest("pk")
    assert "your answer about" in words_of(newest, due - timedelta(days=1)).subject


def test_what_is_not_answered_lapses_and_is_kept_apart(world) -> None:
    world.accept("Essen")
    due = world.run.answer_by
    assert lapse_unanswered(at=due - timedelta(seconds=1)) == 0
    assert lapse_unanswered(at=due) == 2
    assert lapse_unanswered(at=due) == 0
    assert world.mails("pairing_lapsed") == ["essen", "grenoble", "koriyama", "toyota"]
    assert world.call.directives.filter(kind="veto", ended_at__isnull=True).count() == 2
    fresh = solve_here(PairingRun.objects.get(cause=RunCause.ANSWERS))
    # the run was asked for when the first lapsed, and knows of the second
    assert pairs_of(fresh) == {("Essen", "Toyota"), ("Grenoble", "Koriyama")}
    assert pair_anew(at=due + timedelta(minutes=5)) == 0


def test_a_run_that_could_not_be_asked_for_is_asked_for_later(world) -> None:
    going = solved(world.call, world.marta)
    PairingRun.objects.filter(pk=going.pk).update(state="running")
    world.decline("Essen")
    assert not PairingRun.objects.filter(cause=RunCause.ANSWERS).exists()
    PairingRun.objects.filter(pk=going.pk).update(state="done")
    assert world.place("Essen").proposal.lapsed_at > going.requested_at
    assert pair_anew(at=timezone.now()) == 1
    assert pair_anew(at=timezone.now()) == 0


def test_more_time_is_told_to_who_has_not_answered(world) -> None:
    world.accept("Essen")
    later = world.run.answer_by + timedelta(days=7)
    move_answer_date(run=world.run, answer_by=later, by=world.helena, at=timezone.now())
    assert world.mails("pairing_moved") == ["grenoble", "koriyama", "toyota"]
    world.accept("Koriyama", at=later - timedelta(hours=1))
    assert world.place("Koriyama").proposal.partnership


def test_a_run_whose_city_left_is_not_published() -> None:
    call = pairing_world()
    marta, helena = (UserFactory(is_superuser=True, is_staff=True) for _ in range(2))
    run = solved(call, marta)
    at = timezone.now()
    recommend_run(run=run, by=marta, at=at)
    call.applications.filter(lead__city__name="Essen").update(status="withdrawn")
    with pytest.raises(NotPossible, match="Essen left, or has a proposal that stands"):
        publish_run(run=run, answer_by=at + timedelta(days=9), by=helena, at=at)
    assert not Message.objects.filter(kind="pairing_proposed").exists()


def test_a_run_that_others_overtook_is_asked_for_again(world) -> None:
    """Essen declines; while its run is solved, Grenoble and Toyota become partners."""
    world.decline("Essen")
    world.accept("Grenoble")
    world.accept("Toyota")
    fresh = PairingRun.objects.get(cause=RunCause.ANSWERS)
    PairingRun.objects.filter(pk=fresh.pk).update(state="failed", error=failure(LEFT, "Grenoble, Toyota"))
    assert pair_anew(at=timezone.now()) == 1
    assert pair_anew(at=timezone.now()) == 0


def test_a_pair_that_was_declined_since_the_run_is_not_published(world) -> None:
    """The run after Toyota's no proposes Essen to Koriyama again, who decline while it waits for helena."""
    world.decline("Toyota")
    fresh = solve_here(PairingRun.objects.get(cause=RunCause.ANSWERS))
    recommend_run(run=fresh, by=world.marta, at=timezone.now())
    world.decline("Essen")
    with pytest.raises(NotPossible, match="Kept apart since this run: Essen – Koriyama"):
        publish_run(
            run=fresh, answer_by=timezone.now() + timedelta(days=9), by=world.helena, at=timezone.now()
        )


def test_nobody_is_introduced_who_did_not_ask(world) -> None:
    with pytest.raises(NotPossible, match="No city of this proposal asks"):
        introduce(proposal=world.place("Essen").proposal, by=world.marta, at=timezone.now())


def test_who_was_asked_late_is_not_reminded_at_once(world) -> None:
    due = world.run.published_at + timedelta(days=5)
    move_answer_date(run=world.run, answer_by=due, by=world.helena, at=timezone.now())
    assert remind(at=due - timedelta(days=4)) == 0
    assert remind(at=due - timedelta(days=1)) == 4


# --- the page


def address(world, city: str) -> str:
    return f"/applications/{application_of(world.call, city).reference}/proposal/"


def test_a_city_reads_who_and_why_and_accepts(client, world) -> None:
    client.force_login(world.officers["Essen"])
    page = client.get(address(world, "Essen")).content.decode()
    assert "Koriyama" in page
    assert "What speaks for it" in page
    assert world.officers["Koriyama"].email not in page
    sent = {"answer": "accept", "place": world.place("Essen").pk}
    reply = client.post(address(world, "Essen"), sent, follow=True)
    assert "You accepted." in reply.content.decode()
    world.accept("Koriyama")
    page = client.get(address(world, "Essen")).content.decode()
    assert "You and Koriyama are partners" in page
    assert world.officers["Koriyama"].email in page


@pytest.mark.parametrize(
    ("sent", "status", "sentence"),
    [
        ({}, 422, "Press “Accept”"),
        ({"answer": "decline"}, 422, "Choose whether another partner is looked for."),
        (
            {"answer": "decline", "decline-reason": "none", "decline-another": "yes"},
            422,
            "Select a valid choice",
        ),
        (
            {"answer": "decline", "decline-reason": "other", "decline-another": "yes"},
            409,
            "in your own words",
        ),
    ],
)
def test_an_answer_that_cannot_be_taken_is_said(client, world, sent, status, sentence) -> None:
    client.force_login(world.officers["Essen"])
    reply = client.post(address(world, "Essen"), {**sent, "place": world.place("Essen").pk})
    assert reply.status_code == status
    assert sentence in reply.content.decode()
    assert world.place("Essen").answer == "waiting"


def test_nobody_accepts_another_city_than_the_page_showed(client, world) -> None:
    client.force_login(world.officers["Essen"])
    for place in ("", "x", world.place("Toyota").pk):
        reply = client.post(address(world, "Essen"), {"answer": "accept", "place": place})
        assert reply.status_code == 409
        assert "The page showed another proposal" in reply.content.decode()
    assert world.place("Essen").answer == "waiting"


def test_nobody_else_sees_the_page(client, world) -> None:
    for person in (world.officers["Koriyama"], UserFactory()):
        client.force_login(person)
        assert client.get(address(world, "Essen")).status_code == 404


def test_before_it_is_published_there_is_no_page(client) -> None:
    call = pairing_world()
    solved(call, UserFactory(is_superuser=True, is_staff=True))
    essen = application_of(call, "Essen")
    client.force_login(MembershipFactory(organisation=essen.lead).user)
    assert client.get(f"/applications/{essen.reference}/proposal/").status_code == 404


def test_a_viewer_reads_the_page_and_does_not_answer(client, world) -> None:
    essen = application_of(world.call, "Essen")
    client.force_login(MembershipFactory(organisation=essen.lead, role="viewer").user)
    page = client.get(address(world, "Essen"))
    assert page.status_code == 200
    assert "Accept the partner" not in page.content.decode()
    sent = {"answer": "accept", "place": world.place("Essen").pk}
    assert client.post(address(world, "Essen"), sent).status_code == 403
