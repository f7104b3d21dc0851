"""Rules that look at a city's own record: place, organisation, size, memberships, dues, commitments."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q

from calls.eligibility.reference_lists import REFERENCE_LISTS
from calls.queries.compiled.reading import ALL, MET, OPEN, Ground, Reading
from partnerships.models import Commitment, NetworkMembership, Organisation
from partnerships.models.organisation import APPLYING, OrganisationKind

Asks = Mapping[str, Any]
NO_COUNTRY = Q(country="")
NO_POPULATION = Q(population__isnull=True)


def lead_country(asks: Asks, ground: Ground) -> Reading:
    return _in_country(asks["countries"])


def reference_list(asks: Asks, ground: Ground) -> Reading:
    members = REFERENCE_LISTS[asks["list"]][asks["edition"]].on(ground.on)
    return _in_country(members)


def _in_country(countries: list[str]) -> Reading:
    return Reading(Q(country__in=countries), NO_COUNTRY, Q(country__in=[*countries, ""]))


def distinct_countries(asks: Asks, ground: Ground) -> Reading:
    """One city is one country; more of them need partners."""
    if asks["minimum"] > 1:
        return OPEN
    counted = Q(country__in=asks["among"]) if asks.get("among") else ~NO_COUNTRY
    return Reading(counted, ~counted)


def each_side(asks: Asks, ground: Ground) -> Reading:
    """Alone, a city can only fill every side by itself; else it waits for partners."""
    filled = ALL
    for side in asks["sides"]:
        if side["minimum"] > 1:
            return OPEN
        there = Q(country__in=side["countries"]) if side["countries"] else _in_category(side["category"])
        filled &= there
    return Reading(filled, ~filled)


def _in_category(category: str) -> Q:
    return Q(categories__isnull=False, categories__contains=[category])


def lead_kind(asks: Asks, ground: Ground) -> Reading:
    return Reading(_of_kind(asks["kinds"]))


def only_with_member(asks: Asks, ground: Ground) -> Reading:
    """Another kind of organisation needs no member beside it."""
    carried = _of_kind(asks["kinds"])
    return OPEN if carried is ALL else Reading(~carried, carried)


def _of_kind(kinds: list[str]) -> Q:
    """The kind of the organisation that applies for a city: its first one, else a municipality."""
    if OrganisationKind.MUNICIPALITY not in kinds:
        return _represented([kind for kind in APPLYING if kind in kinds])
    others = [kind for kind in APPLYING if kind not in kinds]
    return ~_represented(others) if others else ALL


def _represented(kinds: list[OrganisationKind]) -> Q:
    """Cities whose first organisation is of one of the kinds."""
    earlier = Organisation.objects.filter(kind__in=APPLYING, city=OuterRef("city"), id__lt=OuterRef("id"))
    first = Organisation.objects.filter(~Exists(earlier), kind__in=kinds, city__isnull=False)
    return Q(pk__in=first.order_by().values("city"))


def population_minimum(asks: Asks, ground: Ground) -> Reading:
    """Where all parties count together, a city that is too small waits for partners."""
    enough = Q(population__isnull=False, population__gte=asks["inhabitants"])
    return Reading(enough, ~enough if asks["combined"] else NO_POPULATION)


def population_maximum(asks: Asks, ground: Ground) -> Reading:
    return Reading(Q(population__isnull=False, population__lte=asks["inhabitants"]), NO_POPULATION)


def classification(asks: Asks, ground: Ground) -> Reading:
    return Reading(Q(urbanisation__in=asks["classes"]), Q(urbanisation=""))


def network_member(asks: Asks, ground: Ground) -> Reading:
    """Memberships are on record for every city; one without any is in no network."""
    members = NetworkMembership.objects.on(ground.on).filter(network__slug__in=asks["networks"])
    return Reading(_among(members))


def dues_paid(asks: Asks, ground: Ground) -> Reading:
    """Known as soon as the dues of one of the city's memberships are on record."""
    recorded = NetworkMembership.objects.on(ground.on).filter(dues_paid_until__isnull=False)
    paid = recorded.filter(dues_paid_until__gte=ground.on, network__slug__in=asks["networks"])
    return Reading(_among(paid), ~_among(recorded))


def existing_commitment(asks: Asks, ground: Ground) -> Reading:
    """Known as soon as one commitment of the city is on record under a short name."""
    made = Commitment.objects.made(ground.on)
    return Reading(_among(made.filter(key__in=asks["commitments"])), ~_among(made))


def _among(rows: Any) -> Q:
    return Q(pk__in=rows.order_by().values("city_id"))


def partner_count(asks: Asks, ground: Ground) -> Reading:
    """Nobody beside the lead is enough, or an open point."""
    return MET if asks["minimum"] == 0 else OPEN


def kind_maximum(asks: Asks, ground: Ground) -> Reading:
    """Nobody is never too many."""
    return MET
