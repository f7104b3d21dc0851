"""What makes a pool unusable, each fault as a code with the rows that cause it."""

from collections import Counter
from collections.abc import Sequence
from itertools import combinations

from partnerships.matching.outcome import Message
from partnerships.matching.pool import PoolInput
from partnerships.matching.profiles import PairingInput, Profile, Side
from partnerships.matching.validation import input_faults


def pool_faults(pool: PoolInput) -> tuple[Message, ...]:
    """Faults of rows, limits and settings; an empty tuple means that the run may start."""
    pool = pool.ordered()
    rows = input_faults(PairingInput(a=Side(pool.pool), b=Side(()), settings=pool.settings))
    return (*rows, *_limit_faults(pool), *_together_faults(pool))


def _limit_faults(pool: PoolInput) -> list[Message]:
    faults = []
    if not 2 <= pool.smallest <= pool.largest:
        faults.append(Message("group_sizes", {"smallest": pool.smallest, "largest": pool.largest}))
    if pool.most_per_country is not None and pool.most_per_country < 1:
        faults.append(Message("group_country_range", {"maximum": pool.most_per_country}))
    return faults


def _together_faults(pool: PoolInput) -> list[Message]:
    """Couples that cannot hold: too small or large, unknown, in two, kept apart, against a limit."""
    rows = {profile.id: profile for profile in pool.pool}
    apart = {frozenset((pair.a, pair.b)) for pair in pool.apart}
    faults = [
        Message("together_overlap", {"city": city})
        for city, count in sorted(Counter(city for row in pool.together for city in row.cities).items())
        if count > 1
    ]
    for couple in pool.together:
        cities = sorted(couple.cities)
        if len(cities) < 2:
            faults.append(Message("together_single", {"cities": cities}))
        if len(cities) > pool.largest:
            faults.append(Message("together_too_large", {"cities": cities, "largest": pool.largest}))
        faults += [
            Message("together_apart", {"a": a, "b": b})
            for a, b in combinations(cities, 2)
            if frozenset((a, b)) in apart
        ]
        unknown = [city for city in cities if city not in rows]
        faults += [Message("together_unknown_city", {"city": city}) for city in unknown]
        if not unknown:
            faults += _couple_faults(pool, cities)
    return faults


def _couple_faults(pool: PoolInput, cities: list[str]) -> list[Message]:
    """What the rows of a couple say against it."""
    rows = [profile for profile in pool.pool if profile.id in cities]
    faults = [
        Message("together_no_capacity", {"city": profile.id}) for profile in rows if profile.capacity == 0
    ]
    counts = Counter(profile.country for profile in rows)
    faults += [
        Message(
            "together_country_cap",
            {"cities": cities, "country": country, "count": count, "maximum": pool.most_per_country},
        )
        for country, count in sorted(counts.items())
        if pool.most_per_country is not None and count > pool.most_per_country
    ]
    if pool.themed and rows and not shared_themes(rows):
        faults.append(Message("together_without_theme", {"cities": cities}))
    return faults


def shared_themes(rows: Sequence[Profile]) -> frozenset[str]:
    """Themes and challenges that all these cities name."""
    return frozenset.intersection(*(profile.themes | profile.challenges for profile in rows))
