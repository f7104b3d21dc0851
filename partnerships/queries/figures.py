"""The key figures of a city: what it states about itself, else what the portal counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext, ngettext

from partnerships.models import City, NetworkMembership, PopulationStatement
from partnerships.models.partnership import MemberRole, PartnershipKind
from partnerships.queries.portfolio import AGREEMENTS, Figure, Seat


def figures_of(
    city: City, seats: Sequence[Seat], networks: Sequence[NetworkMembership], commitments: int
) -> list[Figure]:
    """Figures above nought, in the order of the page."""
    found = (
        *_agreement_figures(city, seats),
        _networks(networks),
        _projects(seats),
        Figure(commitments, ngettext("commitment", "commitments", commitments)),
    )
    return [figure for figure in found if figure.number]


def _agreement_figures(city: City, seats: Sequence[Seat]) -> Iterable[Figure]:
    twinnings = _figure(city.twinnings_stated, seats, PartnershipKind.TWINNING)
    agreements = _figure(city.agreements_stated, seats, PartnershipKind.AGREEMENT)
    yield Figure(twinnings[0], ngettext("twinning", "twinnings", twinnings[0]), twinnings[1])
    yield Figure(
        agreements[0],
        ngettext("bilateral agreement", "bilateral agreements", agreements[0]),
        agreements[1],
    )


def _figure(stated: int | None, seats: Sequence[Seat], kind: PartnershipKind) -> tuple[int, str]:
    """What the city says wins; the number of those the portal knows by name is then the note."""
    known = sum(seat.partnership.kind == kind and seat.partnership.stage != "talks" for seat in seats)
    if stated is None or stated == known:
        return known, ""
    if not known:
        return stated, gettext("as the city says")
    return stated, gettext("as the city says; %(count)d listed here") % {"count": known}


def newest_statement(city: City) -> PopulationStatement | None:
    """The number of inhabitants that the city states and staff have not looked at. One query."""
    return city.population_statements.to_verify().first()


def unlisted_words(city: City, agreements: Sequence[Seat]) -> str:
    """How many of the agreements that the city counts are not here by name; "" when all are."""
    counted = (city.twinnings_stated or 0) + (city.agreements_stated or 0)
    listed = sum(seat.partnership.stage not in ("talks", "completed") for seat in agreements)
    if counted <= listed:
        return ""
    return gettext("%(listed)d of %(counted)d twinnings and agreements are listed here by name.") % {
        "listed": listed,
        "counted": counted,
    }


def _networks(networks: Sequence[NetworkMembership]) -> Figure:
    founded = sum(membership.founder for membership in networks)
    note = ngettext("%(count)d as founder", "%(count)d as founder", founded) % {"count": founded}
    words = ngettext("network", "networks", len(networks))
    return Figure(len(networks), words, note if founded else "")


def _projects(seats: Sequence[Seat]) -> Figure:
    projects = [seat for seat in seats if seat.partnership.kind not in AGREEMENTS]
    led = sum(seat.role == MemberRole.COORDINATOR for seat in projects)
    note = ngettext("%(count)d as lead", "%(count)d as lead", led) % {"count": led}
    return Figure(len(projects), ngettext("project", "projects", len(projects)), note if led else "")
