"""A what-if: a frozen input with changes, each of them readable or refused with a sentence."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from calls.queries.pairing_kept import profiles_in
from calls.queries.pairing_settings import truth, whole
from partnerships.matching.pool import Apart, PoolInput, Together
from partnerships.matching.profiles import FULL_SCORE, Kept, PairingInput, Pin, Quota, Side, Veto
from partnerships.matching.scoring import CRITERIA

Input = PairingInput | PoolInput
MOST_PLACES = 10_000
NUMBERS = {"minimum_score": whole(0, FULL_SCORE), "keep_bonus": whole(0, FULL_SCORE), "raise_floor": truth}


class ChangeUnreadableError(Exception):
    """A change that the run cannot take; `str()` is a sentence for staff."""


def change_input(frozen: Input, changes: Mapping[str, Any], *, previous: Iterable[tuple[str, ...]]) -> Input:
    """The input with the changes that `ask_what_if` describes; it stays close to `previous`.

    Raises ChangeUnreadableError.
    """
    unknown = sorted(set(changes) - set(CHANGES))
    if unknown:
        raise ChangeUnreadableError(_("A what-if cannot change “%(key)s”.") % {"key": unknown[0]})
    changed = _keep_to(frozen, previous)
    for key, change in CHANGES.items():
        if key in changes:
            changed = change(changed, changes[key])
    return changed


def _keep_to(frozen: Input, previous: Iterable[tuple[str, ...]]) -> Input:
    if isinstance(frozen, PoolInput):
        return replace(frozen, previous=tuple(Together(frozenset(group)) for group in previous))
    return replace(frozen, previous=tuple(Kept(*pair) for pair in previous))


def _weights(frozen: Input, said: Any) -> Input:
    if not isinstance(said, Mapping) or set(said) - set(CRITERIA):
        raise ChangeUnreadableError(_("Weights belong to criteria that exist."))
    weights = {name: _read("weights", whole(0, FULL_SCORE), value) for name, value in said.items()}
    if sum(weights.values()) != FULL_SCORE:
        about = {"total": f"{sum(weights.values()) / 1000:g}"}
        raise ChangeUnreadableError(_("The points sum to 100. Now they are %(total)s.") % about)
    return replace(frozen, settings=replace(frozen.settings, weights=weights))


def _setting(key: str) -> Callable[[Input, Any], Input]:
    def change(frozen: Input, said: Any) -> Input:
        value = _read(key, NUMBERS[key], said)
        return replace(frozen, settings=replace(frozen.settings, **{key: value}))

    return change


def _read(key: str, reader: Callable[[Any], Any], said: Any) -> Any:
    try:
        return reader(said)
    except (ValueError, TypeError) as fault:
        raise ChangeUnreadableError(_("“%(key)s” cannot have this value.") % {"key": key}) from fault


def _quotas(frozen: Input, said: Any) -> Input:
    if isinstance(frozen, PoolInput):
        raise ChangeUnreadableError(_("A pool has no quotas."))
    known = {quota.label for side in (frozen.a, frozen.b) for quota in side.quotas}
    if not isinstance(said, Mapping) or set(said) - known:
        raise ChangeUnreadableError(_("Change quotas that the run has."))
    limits = {label: _limits(label, entry) for label, entry in said.items()}
    return replace(frozen, a=_limited(frozen.a, limits), b=_limited(frozen.b, limits))


def _limits(label: str, said: Any) -> dict[str, Any]:
    if not isinstance(said, Mapping) or not set(said) <= {"minimum", "maximum"}:
        raise ChangeUnreadableError(_("A quota has a minimum and a maximum (%(quota)s).") % {"quota": label})
    places = whole(0, MOST_PLACES)
    return {
        name: None if name == "maximum" and value is None else _read(label, places, value)
        for name, value in said.items()
    }


def _limited(side: Side, limits: Mapping[str, Mapping[str, Any]]) -> Side:
    quotas = tuple(replace(quota, **limits.get(quota.label, {})) for quota in side.quotas)
    for quota in quotas:
        _require_order(quota)
    return replace(side, quotas=quotas)


def _require_order(quota: Quota) -> None:
    if quota.maximum is not None and quota.minimum > quota.maximum:
        about = {"quota": quota.label}
        raise ChangeUnreadableError(_("The minimum of “%(quota)s” exceeds its maximum.") % about)


def _pins(frozen: Input, said: Any) -> Input:
    pairs = _pairs(frozen, said)
    if isinstance(frozen, PoolInput):
        return replace(frozen, together=(*frozen.together, *(Together(frozenset(pair)) for pair in pairs)))
    return replace(frozen, pins=(*frozen.pins, *(Pin(*pair) for pair in pairs)))


def _vetoes(frozen: Input, said: Any) -> Input:
    pairs = _pairs(frozen, said)
    if isinstance(frozen, PoolInput):
        return replace(frozen, apart=(*frozen.apart, *(Apart(*sorted(pair)) for pair in pairs)))
    return replace(frozen, vetoes=(*frozen.vetoes, *(Veto(*pair) for pair in pairs)))


def _free(frozen: Input, said: Any) -> Input:
    """Lets go of pins and vetoes of the run."""
    pairs = {frozenset(pair) for pair in _pairs(frozen, said)}
    if isinstance(frozen, PoolInput):
        return replace(
            frozen,
            together=tuple(row for row in frozen.together if row.cities not in pairs),
            apart=tuple(row for row in frozen.apart if {row.a, row.b} not in pairs),
        )
    return replace(
        frozen,
        pins=tuple(row for row in frozen.pins if {row.a, row.b} not in pairs),
        vetoes=tuple(row for row in frozen.vetoes if {row.a, row.b} not in pairs),
    )


def _pairs(frozen: Input, said: Any) -> list[tuple[str, str]]:
    """Pairs of references as the run holds them: with two sides, the home side's first."""
    known = profiles_in(frozen)
    if not isinstance(said, (list, tuple)):
        raise ChangeUnreadableError(_("Name pairs of two cities each."))
    found = []
    for pair in said:
        if not isinstance(pair, (list, tuple)) or len(pair) != 2 or pair[0] == pair[1]:
            raise ChangeUnreadableError(_("Name pairs of two cities each."))
        one, other = (_known(known, reference) for reference in pair)
        found.append((one, other) if isinstance(frozen, PoolInput) else _across(frozen, one, other))
    return found


def _known(known: Mapping[str, Any], reference: Any) -> str:
    if not isinstance(reference, str) or reference not in known:
        raise ChangeUnreadableError(_("No such city takes part in the run: %(city)s.") % {"city": reference})
    return reference


def _across(frozen: PairingInput, one: str, other: str) -> tuple[str, str]:
    home = {profile.id for profile in frozen.a.profiles}
    if (one in home) == (other in home):
        raise ChangeUnreadableError(_("A pair has one city of each side."))
    return (one, other) if one in home else (other, one)


def _without(frozen: Input, said: Any) -> Input:
    if not isinstance(said, (list, tuple)):
        raise ChangeUnreadableError(_("Name the cities that stay away."))
    gone = {_known(profiles_in(frozen), reference) for reference in said}
    if isinstance(frozen, PoolInput):
        return _pool_without(frozen, gone)
    return replace(
        frozen,
        a=replace(frozen.a, profiles=tuple(row for row in frozen.a.profiles if row.id not in gone)),
        b=replace(frozen.b, profiles=tuple(row for row in frozen.b.profiles if row.id not in gone)),
        pins=tuple(row for row in frozen.pins if not gone & {row.a, row.b}),
        vetoes=tuple(row for row in frozen.vetoes if not gone & {row.a, row.b}),
        previous=tuple(row for row in frozen.previous if not gone & {row.a, row.b}),
    )


def _pool_without(frozen: PoolInput, gone: set[str]) -> PoolInput:
    return replace(
        frozen,
        pool=tuple(row for row in frozen.pool if row.id not in gone),
        together=tuple(row for row in frozen.together if not gone & row.cities),
        apart=tuple(row for row in frozen.apart if not gone & {row.a, row.b}),
        previous=tuple(row for row in frozen.previous if not gone & row.cities),
    )


# In the order in which they are made: who stays away goes last, and takes its pins along.
CHANGES: Mapping[str, Callable[[Any, Any], Any]] = {
    "weights": _weights,
    **{key: _setting(key) for key in NUMBERS},
    "quotas": _quotas,
    "free": _free,
    "pins": _pins,
    "vetoes": _vetoes,
    "without": _without,
}
