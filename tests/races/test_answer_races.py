"""Cities, the clock and staff that act on the same proposals at the same moment."""

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from calls.models import Application, Call, PairingRun, Proposal, ProposedCity
from calls.models.pairing import DeclineReason, RunCause, RunState
from calls.operations.applications import withdraw
from calls.operations.pairing_answers import accept_proposal, decline_proposal
from calls.operations.pairing_keeping import CitiesLeft, keep
from calls.operations.pairing_lapsing import lapse_unanswered, pair_anew
from calls.operations.proposing import publish_run, recommend_run
from calls.operations.status import NotPossible
from partnerships.models import Partnership
from tests.calls.pairing_world import application_of, published, solved
from tests.factories import MembershipFactory, UserFactory
from tests.races.test_pairing_races import claimed
from tests.races.together import together

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = [pytest.param(3, id="quick"), pytest.param(100, id="thorough", marks=pytest.mark.thorough)]
CITIES = ("Essen", "Grenoble", "Koriyama", "Toyota")


class Round:
    """Two pairs, Essen with Koriyama and Grenoble with Toyota, set back to the start for each round."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.marta, self.helena = (UserFactory(is_superuser=True, is_staff=True) for _ in range(2))
        self.officers = {
            name: MembershipFactory(organisation=application_of(call, name).lead).user for name in CITIES
        }

    def published(self) -> None:
        self.anew()
        published(solved(self.call, self.marta), self.marta, self.helena)

    def anew(self) -> None:
        Proposal.objects.update(partnership=None, repeats=None)
        Partnership.objects.all().delete()
        ProposedCity.objects.all().delete()
        PairingRun.objects.update(parent=None)
        PairingRun.objects.all().delete()
        self.call.directives.all().delete()
        self.call.applications.update(status="eligible")

    def place(self, city: str) -> ProposedCity:
        rows = ProposedCity.objects.filter(proposal__run__published_at__isnull=False)
        return rows.get(application__lead__city__name=city)

    def accept(self, city: str):
        return partial(accept_proposal, place=self.place(city), by=self.officers[city], at=timezone.now())

    def decline(self, city: str, *, another: bool = True):
        return partial(
            decline_proposal,
            place=self.place(city),
            reason=DeclineReason.TOPIC,
            text="",
            wants_another=another,
            by=self.officers[city],
            at=timezone.now(),
        )

    def withdraw(self, city: str):
        application = application_of(self.call, city)
        return partial(withdraw, application=application, by=self.officers[city], at=timezone.now())

    def check(self, results: list) -> None:
        """Whatever happened, nobody waited in a circle and nobody has two partners."""
        faults = [row for row in results if isinstance(row, Exception)]
        assert all(isinstance(row, NotPossible | CitiesLeft) for row in faults), faults
        founded = Proposal.objects.filter(partnership__isnull=False)
        partners = Counter(founded.values_list("places__application", flat=True))
        assert all(count == 1 for count in partners.values()), partners
        assert Partnership.objects.count() == founded.count()
        assert not founded.exclude(lapsed_at__isnull=True).exists()
        assert not founded.filter(places__answer__in=["waiting", "declined"]).exists()
        accepted = Application.objects.filter(status="accepted").values_list("pk", flat=True)
        assert set(accepted) == set(partners)

    def waiting(self) -> PairingRun | None:
        """The one run after an answer, where there is one."""
        rows = PairingRun.objects.filter(cause=RunCause.ANSWERS)
        assert all(row.state == RunState.WAITING for row in rows)
        assert len(rows) <= 1
        return rows.first()


@pytest.fixture
def scene(pairing_call) -> Round:
    return Round(pairing_call)


@pytest.mark.parametrize("rounds", ROUNDS)
def test_two_that_accept_at_once_found_one_partnership(scene, rounds: int) -> None:
    for _ in range(rounds):
        scene.published()
        results = together(scene.accept("Essen"), scene.accept("Koriyama"))
        scene.check(results)
        assert Partnership.objects.count() == 1, results
        assert scene.waiting() is None


@pytest.mark.parametrize("rounds", ROUNDS)
def test_a_yes_and_a_no_at_once_never_found(scene, rounds: int) -> None:
    for _ in range(rounds):
        scene.published()
        results = together(scene.accept("Essen"), scene.decline("Koriyama"))
        scene.check(results)
        assert not isinstance(results[1], Exception), results
        assert Partnership.objects.count() == 0
        assert Proposal.objects.get(places=scene.place("Essen")).lapsed_at
        assert scene.waiting()


@pytest.mark.parametrize("rounds", ROUNDS)
def test_of_two_that_decline_at_once_one_run_knows_both(scene, rounds: int) -> None:
    """Two proposals and one run: frozen by the first, frozen anew by the second."""
    for _ in range(rounds):
        scene.published()
        scene.check(together(scene.decline("Essen"), scene.decline("Toyota")))
        run = scene.waiting()
        assert run is not None
        assert '"pins":[]' in run.input.replace(" ", "")
        assert pair_anew(at=timezone.now() + timedelta(minutes=1)) == 0


@pytest.mark.parametrize("rounds", ROUNDS)
def test_an_answer_at_the_last_moment_and_the_clock_agree(scene, rounds: int) -> None:
    for _ in range(rounds):
        scene.published()
        scene.accept("Essen")()
        PairingRun.objects.update(answer_by=timezone.now() + timedelta(seconds=1))
        late = timezone.now() + timedelta(seconds=2)
        results = together(scene.accept("Koriyama"), partial(lapse_unanswered, at=late))
        scene.check(results)
        in_time = not isinstance(results[0], Exception)
        assert Partnership.objects.count() == in_time
        assert results[1] == (1 if in_time else 2), results
        assert scene.waiting()


@pytest.mark.parametrize("rounds", ROUNDS)
def test_a_withdrawal_and_the_partners_yes_agree(scene, rounds: int) -> None:
    """Either may be the application with the lower id: its own first, or the proposal's in order."""
    for number in range(rounds):
        scene.published()
        leaves, stays = ("Essen", "Koriyama") if number % 2 else ("Koriyama", "Essen")
        scene.accept(leaves)()
        results = together(scene.withdraw(leaves), scene.accept(stays))
        scene.check(results)
        left = application_of(scene.call, leaves).status == "withdrawn"
        assert Partnership.objects.count() == (not left), results
        assert bool(scene.waiting()) == left


@pytest.mark.parametrize("rounds", ROUNDS)
def test_who_withdraws_while_a_run_is_published_is_proposed_to_nobody(scene, rounds: int) -> None:
    for _ in range(rounds):
        scene.anew()
        at = timezone.now()
        run = recommend_run(run=solved(scene.call, scene.marta), by=scene.marta, at=at)
        publish = partial(publish_run, run=run, answer_by=at + timedelta(days=7), by=scene.helena, at=at)
        results = together(publish, scene.withdraw("Koriyama"))
        scene.check(results)
        assert application_of(scene.call, "Koriyama").status == "withdrawn"
        standing = Proposal.objects.filter(run__published_at__isnull=False, lapsed_at__isnull=True)
        assert not standing.filter(places__application__lead__city__name="Koriyama").exists()
        assert bool(scene.waiting()) == (not isinstance(results[0], Exception))


@pytest.mark.parametrize("rounds", ROUNDS)
def test_a_run_that_is_kept_waits_for_nobody_in_a_circle(scene, rounds: int) -> None:
    for _ in range(rounds):
        scene.published()
        run, result = claimed(scene.call, scene.marta)
        scene.accept("Essen")()
        results = together(partial(keep, run, result), scene.accept("Koriyama"), scene.decline("Grenoble"))
        scene.check(results)
        assert Partnership.objects.count() == 1, results
        run.refresh_from_db()
        assert (run.state, run.proposals.count()) in {("done", 2), ("running", 0)}
