"""Two runs compared, from their frozen inputs and kept results alone."""

from dataclasses import dataclass

from calls.models import PairingRun


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
    """What changes from one finished run to another of the same call. Both need a result (ValueError)."""
    raise NotImplementedError
