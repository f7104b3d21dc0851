"""Whatever the order of answers, lapses and new runs: quotas hold, nobody has two partners, a yes stands."""

from collections import Counter
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calls.models import Call, PairingRun, Proposal, ProposedCity, Quota
from calls.models.pairing import DeclineReason, RunState
from calls.operations.pairing import request_run
from calls.operations.pairing_answers import accept_proposal, decline_proposal
from calls.operations.pairing_lapsing import lapse_unanswered
from calls.operations.proposing import publish_run, recommend_run
from calls.operations.status import NotPossible
from calls.queries.proposals import newest_place
from cooperation.accounts.models import User
from tests.calls.pairing_world import solve_here
from tests.factories import (
    ApplicationFactory,
    CallFactory,
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
)
from tests.quick import THOROUGH

CITIES = (
    *(("Essen", "DE"), ("Bremen", "DE"), ("Grenoble", "FR"), ("Lyon", "FR")),
    *(("Koriyama", "JP"), ("Toyota", "JP"), ("Halifax", "CA"), ("Quebec", "CA")),
)
# Fewer places than cities, so that who declines makes room for who waits.
PLACES = {"DE": 2, "FR": 1, "JP": 2, "CA": 1}
# Agreement as often as all else together, so that quotas fill.
KINDS = ("agree", "agree", "agree", "agree", "accept", "decline", "leave", "late", "run", "run")
STEPS = st.lists(
    st.tuples(st.sampled_from(KINDS), st.sampled_from([name for name, _country in CITIES])),
    min_size=6,
    max_size=14,
)

few = settings(
    max_examples=60 if THOROUGH else 3,
    deadline=None,
    derandomize=not THOROUGH,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class Story:
    """A call with its officers; each step changes it as far as it may, and what was promised is looked at."""

    def __init__(self) -> None:
        now = timezone.now()
        self.at = now
        self.call: Call = CallFactory(
            kind="pairing", opens_at=now - timedelta(days=60), closes_at=now - timedelta(days=1)
        )
        for country, places in PLACES.items():
            side = "home" if country in {"DE", "FR"} else "abroad"
            Quota.objects.create(
                call=self.call, labels={"en": country}, side=side, countries=[country], places=places
            )
        self.marta, self.helena = (UserFactory(is_superuser=True, is_staff=True) for _ in range(2))
        self.officers = {name: self._applied(name, country) for name, country in CITIES}
        self.kept: dict[int, frozenset[int]] = {}
        self.publish(request_run(call=self.call, by=self.marta, at=self.at))

    def _applied(self, name: str, country: str) -> User:
        lead = OrganisationFactory(city__name=name, city__country=country, city__languages=["en"])
        ApplicationFactory(call=self.call, lead=lead, status="eligible", submitted_at=self.at)
        return MembershipFactory(organisation=lead).user

    def publish(self, run: PairingRun) -> None:
        before = self.standing()
        solve_here(run)
        found = {self.cities(row) for row in run.proposals.all()}
        assert set(before.values()) <= found, "a proposal that stands was moved"
        recommend_run(run=run, by=self.marta, at=self.at)
        publish_run(run=run, answer_by=self.at + timedelta(days=7), by=self.helena, at=self.at)

    def step(self, kind: str, city: str) -> None:
        self.at += timedelta(minutes=1)
        # what cannot be is refused; the promises hold all the same
        with suppress(NotPossible):
            self._do(kind, city)
        self.check()

    def _do(self, kind: str, city: str) -> None:
        if kind == "run":
            waiting = self.call.pairing_runs.filter(state=RunState.WAITING).first()
            self.publish(waiting or request_run(call=self.call, by=self.marta, at=self.at))
        elif kind == "late":
            self.at += timedelta(days=8)
            lapse_unanswered(at=self.at)
        elif place := newest_place(self.call.applications.get(lead__city__name=city)):
            self._answer(kind, place)

    def _answer(self, kind: str, place: ProposedCity) -> None:
        by = self.officers[place.application.lead.city.name]
        if kind == "accept":
            accept_proposal(place=place, by=by, at=self.at)
        elif kind == "agree":
            for row in place.proposal.places.filter(answer="waiting"):
                self._answer("accept", row)
        else:
            decline_proposal(
                place=place,
                reason=DeclineReason.TOPIC,
                text="",
                wants_another=kind == "decline",
                by=by,
                at=self.at,
            )

    def cities(self, proposal: Proposal) -> frozenset[int]:
        return frozenset(proposal.places.values_list("application_id", flat=True))

    def standing(self) -> dict[int, frozenset[int]]:
        rows = Proposal.objects.filter(
            run__call=self.call,
            run__published_at__isnull=False,
            repeats__isnull=True,
            lapsed_at__isnull=True,
            partnership__isnull=True,
        )
        return {row.pk: self.cities(row) for row in rows}

    def check(self) -> None:
        founded = Proposal.objects.filter(run__call=self.call, partnership__isnull=False)
        now = {row.pk: self.cities(row) for row in founded}
        assert self.kept.items() <= now.items(), "an accepted pair was dissolved"
        self.kept = now
        places = ProposedCity.objects.filter(proposal__in=founded).select_related("application__lead__city")
        assert not places.exclude(answer="accepted").exists()
        partners = Counter(row.application_id for row in places)
        assert all(count == 1 for count in partners.values()), partners
        held = Counter(str(row.application.lead.country) for row in places)
        assert all(held[country] <= most for country, most in PLACES.items()), held
        open_to = Counter(pk for pair in self.standing().values() for pk in pair)
        assert all(count == 1 for count in open_to.values()), open_to
        assert not partners.keys() & open_to.keys()
        assert self.call.pairing_runs.filter(state__in=["waiting", "running"]).count() <= 1


@pytest.mark.django_db
@few
@given(STEPS)
def test_no_order_of_answers_breaks_a_promise(steps) -> None:
    with transaction.atomic():
        story = Story()
        for kind, city in steps:
            story.step(kind, city)
        transaction.set_rollback(True)
