"""Two runs compared, from their frozen inputs and kept results alone."""

from collections.abc import Mapping
from dataclasses import dataclass

from calls.models import PairingRun
from calls.queries.pairing_kept import groups_of, input_of, profiles_in
from partnerships.matching.profiles import Profile

A_POINT = 1_000  # thousandths


@dataclass(frozen=True)
class CityChange:
    """One city: the partners that it had in the first run and has in the second (names, in order)."""

    reference: str
    name: str
    country: str
    had: tuple[str, ...]
    has: tuple[str, ...]


@dataclass(frozen=True)
class Sums:
    """What a run reached. `total` and `floor` in points; `floor` is None without a free pair."""

    pairs: int
    placed: int
    total: float
    floor: float | None


@dataclass(frozen=True)
class Diff:
    """What the second run does otherwise. `same` are the pairs or groups of both, as names.

    `moved`: cities with other partners; `lost`: without a partner now; `gained`: with one for the first time.
    `by_city` holds every city of either run, changed or not.
    """

    same: tuple[tuple[str, ...], ...]
    moved: tuple[CityChange, ...]
    lost: tuple[CityChange, ...]
    gained: tuple[CityChange, ...]
    before: Sums
    after: Sums
    by_city: tuple[CityChange, ...]


def compare(before: PairingRun, after: PairingRun) -> Diff:
    """What changes from one finished run to another of the same call. Raises ValueError without a result."""
    if before.result is None or after.result is None:
        raise ValueError("both runs need a result")
    known = profiles_in(input_of(before)) | profiles_in(input_of(after))
    had, has = _partners(before), _partners(after)
    rows = [_change(profile, had, has, known) for profile in known.values()]
    changes = tuple(sorted(rows, key=lambda row: (row.name, row.reference)))
    changed = [row for row in changes if set(row.had) != set(row.has)]
    groups = {frozenset(group) for group in groups_of(before)}
    same = [group for group in groups_of(after) if frozenset(group) in groups]
    return Diff(
        same=tuple(tuple(known[city].name for city in group) for group in same),
        moved=tuple(row for row in changed if row.had and row.has),
        lost=tuple(row for row in changed if not row.has),
        gained=tuple(row for row in changed if not row.had),
        before=_sums(before),
        after=_sums(after),
        by_city=changes,
    )


def _partners(run: PairingRun) -> dict[str, list[str]]:
    """City -> the others that it is with, by reference."""
    found: dict[str, list[str]] = {}
    for group in groups_of(run):
        for city in group:
            found.setdefault(city, []).extend(other for other in group if other != city)
    return found


def _change(
    profile: Profile, had: Mapping[str, list[str]], has: Mapping[str, list[str]], known: Mapping[str, Profile]
) -> CityChange:
    def names(partners: Mapping[str, list[str]]) -> tuple[str, ...]:
        return tuple(sorted(known[city].name for city in partners.get(profile.id, ())))

    return CityChange(profile.id, profile.name, profile.country, names(had), names(has))


def _sums(run: PairingRun) -> Sums:
    objective = (run.result or {})["objective"]
    groups = groups_of(run)
    return Sums(
        pairs=len(groups),
        placed=len({city for group in groups for city in group}),
        total=objective["total"] / A_POINT,
        floor=None if objective["floor"] is None else objective["floor"] / A_POINT,
    )
