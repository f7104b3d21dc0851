"""The runs of a call, and one of them opened: its frozen input and its result, with the names of that day."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from calls.models import Call, PairingRun
from calls.models.pairing import RunCause, RunState
from calls.queries.eligibility_terms import Vocabulary
from calls.queries.pairing_kept import input_of, profiles_in
from calls.queries.pairing_wording import Words
from partnerships.matching.document import from_json
from partnerships.matching.outcome import PairingResult
from partnerships.matching.pool import PoolInput, PoolResult
from partnerships.matching.profiles import PairingInput, Profile
from partnerships.models.city import fold

UNSOLVED = ("infeasible_pins", "invalid_input")
# What a run's kept result leaves to its proposals.
BARE_PAIR: Mapping[str, Any] = {
    "criteria": [],
    "rank_for_a": 0,
    "rank_for_b": 0,
    "candidates_for_a": 0,
    "candidates_for_b": 0,
    "reasons_for": [],
    "reasons_against": [],
}


BARE_GROUP: Mapping[str, Any] = {"links": [], "reasons_for": [], "reasons_against": []}


@dataclass(frozen=True)
class OpenRun:
    """A finished run to read. Names and facts are those frozen with it, whatever the cities say now."""

    run: PairingRun
    frozen: PairingInput | PoolInput
    result: Mapping[str, Any]
    profiles: Mapping[str, Profile]
    words: Words

    @property
    def grouped(self) -> bool:
        """One pool in groups, rather than two sides."""
        return isinstance(self.frozen, PoolInput)

    @property
    def solved(self) -> bool:
        return self.result["status"] not in UNSOLVED

    @property
    def units(self) -> list[Mapping[str, Any]]:
        """The proposed pairs or groups as kept."""
        found: list[Mapping[str, Any]] = self.result["groups" if self.grouped else "pairs"]
        return found

    @cached_property
    def outcome(self) -> PairingResult:
        """The result as the engine knows it, without the reasons of each pair; of two sides only."""
        pairs = [{**BARE_PAIR, **pair} for pair in self.result["pairs"]]
        return from_json(PairingResult, json.dumps({**self.result, "pairs": pairs}))

    @cached_property
    def pool_outcome(self) -> PoolResult:
        """The same of a pool."""
        groups = [{**BARE_GROUP, **group} for group in self.result["groups"]]
        return from_json(PoolResult, json.dumps({**self.result, "groups": groups}))

    @cached_property
    def partners(self) -> dict[str, list[str]]:
        """Reference -> the references it is proposed to."""
        found: dict[str, list[str]] = {}
        for unit in self.units:
            cities = members(unit)
            for city in cities:
                found.setdefault(city, []).extend(other for other in cities if other != city)
        return found

    @property
    def at_home(self) -> list[Profile]:
        """The home side by name; of a pool, all cities."""
        rows = self.frozen.pool if isinstance(self.frozen, PoolInput) else self.frozen.a.profiles
        return sorted(rows, key=lambda row: fold(row.name))

    @property
    def abroad(self) -> list[Profile]:
        """The side abroad by name; of a pool, all cities."""
        rows = self.frozen.pool if isinstance(self.frozen, PoolInput) else self.frozen.b.profiles
        return sorted(rows, key=lambda row: fold(row.name))


def members(unit: Mapping[str, Any]) -> list[str]:
    """The references of a pair, the home side first, or of a group."""
    return list(unit["cities"]) if "cities" in unit else [unit["a"], unit["b"]]


def open_run(run: PairingRun) -> OpenRun:
    """Read a run that is done. Two queries for the names of themes, however many cities."""
    frozen = input_of(run)
    profiles = profiles_in(frozen)
    words = Words({key: row.name for key, row in profiles.items()}, Vocabulary.current())
    return OpenRun(run, frozen, run.result or {}, profiles, words)


def run_before(run: PairingRun) -> PairingRun | None:
    """What a run is compared with first: the run that a what-if varies, else the last finished one before."""
    if run.parent_id:
        return run.parent
    rows = run.call.pairing_runs.filter(state=RunState.DONE, number__lt=run.number)
    rows = rows.exclude(result__status__in=UNSOLVED).exclude(cause=RunCause.WHAT_IF)
    return rows.order_by("-number").first()


def last_finished(call: Call) -> PairingRun | None:
    """The newest run with a result, without its heavy parts."""
    rows = call.pairing_runs.filter(state=RunState.DONE).defer("input", "result")
    return rows.order_by("-number").first()


def runs_of(call: Call) -> list[PairingRun]:
    """The call's runs, the newest first, without their heavy input and result."""
    rows = call.pairing_runs.defer("input", "result").select_related("parent", "requested_by")
    return list(rows.order_by("-number"))


def whole_result(opened: OpenRun) -> dict[str, Any]:
    """The result with the reasons of every pair or group, which are kept with the proposals."""
    reasons = {
        frozenset(members(told)): told for told in opened.run.proposals.values_list("explanation", flat=True)
    }
    key = "groups" if opened.grouped else "pairs"
    units = [reasons.get(frozenset(members(unit)), unit) for unit in opened.units]
    return {**opened.result, key: units}
