"""A city's portfolio: every partnership seen from that city, and the cities it works with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Prefetch
from django.utils.translation import gettext

from partnerships.models import City, Member, Partnership
from partnerships.models.partnership import MemberRole, PartnershipKind, PartnershipQuerySet, Stage
from partnerships.queries.map import Link

AGREEMENTS = (PartnershipKind.AGREEMENT, PartnershipKind.TWINNING)


def with_members(partnerships: PartnershipQuerySet) -> PartnershipQuerySet:
    """With their members and themes: four queries for any number of partnerships."""
    members = Member.objects.select_related("city", "organisation__city")
    return partnerships.prefetch_related(Prefetch("members", members), "themes")


def city_of(member: Member) -> City | None:
    """The city a member is, or the city of the organisation it is."""
    return member.city or (member.organisation.city if member.organisation else None)


def is_city(member: Member, city: City) -> bool:
    found = city_of(member)
    return found is not None and found.pk == city.pk


def own_member(partnership: Partnership, city: City) -> Member | None:
    """The city's own seat, before the seats of organisations that merely sit in it."""
    seats = [member for member in partnership.members.all() if is_city(member, city)]
    return min(seats, key=lambda member: member.city_id is None, default=None)


@dataclass(frozen=True)
class Seat:
    """A partnership seen from one city: its own role, and the others."""

    partnership: Partnership
    role: str
    others: Sequence[Member]

    @property
    def with_whom(self) -> str:
        """The others in words: partners by name, everybody else with what they do."""
        partners = [member.name for member in self.others if _is_partner(member)]
        active = [_with_role(member) for member in self.others if not _is_partner(member)]
        return "; ".join([*([", ".join(partners)] if partners else []), *active])


def _is_partner(member: Member) -> bool:
    return member.role in (MemberRole.PARTNER, MemberRole.PARTICIPANT)


def _with_role(member: Member) -> str:
    sentences = {
        MemberRole.COORDINATOR: gettext("%(name)s leads"),
        MemberRole.REQUESTER: gettext("%(name)s requests"),
        MemberRole.COLLABORATOR: gettext("%(name)s collaborates without being a member"),
        MemberRole.SUPPORTER: gettext("%(name)s supports"),
    }
    return sentences[MemberRole(member.role)] % {"name": member.name}


def seats_of(city: City) -> list[Seat]:
    """Every partnership of a city, the newest first."""
    seats = []
    for partnership in with_members(Partnership.objects.of_city(city)):
        own = own_member(partnership, city)
        others = [member for member in partnership.members.all() if member != own]
        seats.append(Seat(partnership, own.role if own else MemberRole.PARTICIPANT, others))
    return seats


@dataclass
class PartnerCity:
    """A city that shares at least one partnership with the page's city."""

    city: City
    seats: list[Seat] = field(default_factory=list)
    pair: str = ""  # names the arc on the map

    @property
    def talks(self) -> bool:
        return all(seat.partnership.stage == Stage.TALKS for seat in self.seats)


def partner_cities(city: City, seats: Sequence[Seat]) -> list[PartnerCity]:
    """The cities met in those partnerships, by name."""
    found: dict[int, PartnerCity] = {}
    for seat in seats:
        for other in {place.pk: place for place in map(city_of, seat.others) if place}.values():
            if other.pk != city.pk:
                pair = Link(city, other).pair
                found.setdefault(other.pk, PartnerCity(other, pair=pair)).seats.append(seat)
    return sorted(found.values(), key=lambda partner: partner.city.name)


def links_from(city: City, partners: Sequence[PartnerCity]) -> list[Link]:
    return [Link(city, partner.city, talks=partner.talks) for partner in partners]


def links_within(partnership: Partnership, back: bool = False) -> list[Link]:
    """One arc from the leading city (else the first one) to each of the others."""
    present = [member for member in partnership.members.all() if member.left_on is None]
    cities = [(member, city) for member in present if (city := city_of(member))]
    cities.sort(key=lambda pair: pair[0].role != MemberRole.COORDINATOR)
    if not cities:
        return []
    talks = partnership.stage == Stage.TALKS
    return [Link(cities[0][1], city, talks, back) for _, city in cities[1:] if city.pk != cities[0][1].pk]


@dataclass(frozen=True)
class Figure:
    """A number of the key-figure strip and its words."""

    number: int
    words: str
    note: str = ""
