"""Proposed partners as their cities read them: who, why, until when; addresses once all have agreed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from calls.models import Application, Call, PairingRun, Proposal, ProposedCity
from calls.models.pairing import ProposalAnswer
from calls.queries.eligibility_terms import listed
from calls.queries.pairing_pair import pair_of
from calls.queries.pairing_runs import OpenRun, open_run
from partnerships.models import City, CityTheme, Organisation, Theme
from partnerships.models.city import Direction


@dataclass(frozen=True)
class Contact:
    """Who to write to in one of the other cities."""

    city: str
    name: str
    email: str


def published_places() -> QuerySet[ProposedCity]:
    """What cities may read: places of published proposals, each proposal once, with what pages show."""
    rows = ProposedCity.objects.filter(
        proposal__run__published_at__isnull=False, proposal__repeats__isnull=True
    )
    return rows.select_related(
        "application__call__programme",
        "application__lead__city",
        "application__created_by",
        "proposal__run__call",
        "proposal__run__recommended_by",
        "proposal__run__published_by",
        "proposal__partnership",
        "answered_by",
    ).prefetch_related(
        "proposal__places__application__lead__city",
        "proposal__places__application__created_by",
        "proposal__places__answered_by",
        "proposal__run__call__texts",
        "application__call__texts",
        "application__partners__city",
    )


def newest_place(application: Application) -> ProposedCity | None:
    """The proposal that a city looks at: one that waits for its answer, else the newest published one."""
    waits = Q(
        answer=ProposalAnswer.WAITING, proposal__lapsed_at__isnull=True, proposal__partnership__isnull=True
    )
    rows = published_places().filter(application=application).annotate(waits=waits)
    return rows.order_by("-waits", "-proposal__run__published_at", "-pk").first()


def open_places(at: datetime) -> QuerySet[ProposedCity]:
    """Places that wait for their city's answer, and can still be answered."""
    return published_places().filter(
        answer=ProposalAnswer.WAITING,
        proposal__lapsed_at__isnull=True,
        proposal__partnership__isnull=True,
        proposal__run__answer_by__gt=at,
    )


def other_places(place: ProposedCity) -> list[ProposedCity]:
    """The other cities' places. Uses prefetched places."""
    return [row for row in place.proposal.places.all() if row.pk != place.pk]


def other_cities(place: ProposedCity) -> str:
    """The other cities by name, "Recife" or "Recife and Ghent"."""
    return listed([str(city_of(row)) for row in other_places(place)])


def city_of(place: ProposedCity) -> City | Organisation:
    return place.application.lead.city or place.application.lead


def contacts_of(place: ProposedCity) -> list[Contact]:
    """Who to write to in the other cities; nobody before all agreed or staff introduced them."""
    proposal = place.proposal
    if not (proposal.partnership_id or proposal.introduced_at):
        return []
    people = [(row, row.answered_by or row.application.created_by) for row in other_places(place)]
    return [
        Contact(str(city_of(row)), str(person), person.email) for row, person in people if person is not None
    ]


class Reasons:
    """Why cities were proposed to each other, in the active language. A run is opened once a language."""

    def __init__(self, run: PairingRun) -> None:
        self._run = run
        self._opened: dict[str, OpenRun] = {}

    def of(self, proposal: Proposal) -> Sequence[str]:
        return pair_of(self._open(), proposal).reasons_for

    def against(self, proposal: Proposal) -> Sequence[str]:
        """What is weak between them; that other cities would suit one of them better is not told."""
        return pair_of(self._open(), proposal).weak

    def _open(self) -> OpenRun:
        language = get_language() or ""
        if language not in self._opened:
            self._opened[language] = open_run(self._run)
        return self._opened[language]


def new_proposals(run: PairingRun) -> list[Proposal]:
    """Proposals of a run that no published one says already, with their places."""
    rows = run.proposals.prefetch_related(
        "places__application__lead__city",
        "places__application__created_by",
        "places__application__call__texts",
        "places__application__partners__city",
        "places__answered_by",
    )
    known = {_cities(row) for row in _standing(run.call)}
    return [row for row in rows if _cities(row) not in known]


def standing_twins(run: PairingRun) -> dict[int, Proposal]:
    """Proposals of a run -> the published one that stands and says the same."""
    known = {_cities(row): row for row in _standing(run.call)}
    rows = run.proposals.prefetch_related("places")
    return {
        row.pk: known[_cities(row)] for row in rows if _cities(row) in known and known[_cities(row)] != row
    }


def _standing(call: Call) -> Iterable[Proposal]:
    rows = Proposal.objects.filter(
        run__call=call, run__published_at__isnull=False, repeats__isnull=True, lapsed_at__isnull=True
    )
    return rows.prefetch_related("places")


def _cities(proposal: Proposal) -> frozenset[int]:
    return frozenset(place.application_id for place in proposal.places.all())


def without_partner(run: PairingRun) -> list[Application]:
    """Cities that took part in a run and are in no proposal of it."""
    unmatched = (run.result or {}).get("unmatched") or (run.result or {}).get("ungrouped") or []
    rows = run.call.applications.filter(reference__in=[row["id"] for row in unmatched])
    return list(rows.select_related("lead__city", "call").prefetch_related("call__texts", "partners__city"))


@dataclass(frozen=True)
class PartnerProfile:
    """A proposed city as the other one reads it: what it learns and teaches, and its page."""

    city: City
    organisation: Organisation
    place: ProposedCity
    learns: Sequence[Theme]
    teaches: Sequence[Theme]


def partner_profiles(place: ProposedCity) -> list[PartnerProfile]:
    """The other cities of a proposal that are cities; one query for all of their themes."""
    rows = [(row, row.application.lead.city) for row in other_places(place)]
    cities = [city for _row, city in rows if city]
    themes = CityTheme.objects.filter(city__in=cities).select_related("theme")
    said: dict[tuple[int, str], list[Theme]] = {}
    for row in themes:
        said.setdefault((row.city_id, row.direction), []).append(row.theme)
    return [
        PartnerProfile(
            city=city,
            organisation=row.application.lead,
            place=row,
            learns=said.get((city.pk, Direction.LEARN), ()),
            teaches=said.get((city.pk, Direction.TEACH), ()),
        )
        for row, city in rows
        if city
    ]
