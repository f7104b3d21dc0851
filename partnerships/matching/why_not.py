"""Why a pair was not proposed: the rule that blocks it, or exactly what it would cost."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from partnerships.matching.certificate import breadth, breadth_bound
from partnerships.matching.crossing import crosses
from partnerships.matching.engine import run
from partnerships.matching.exchange import left_alone, steps_between
from partnerships.matching.ground import Ground, ground_of, lay_ground
from partnerships.matching.objective import Chosen, objective_of
from partnerships.matching.outcome import Message, PairingResult, Status, WhyNot
from partnerships.matching.pricing import left_out
from partnerships.matching.profiles import PairingInput, Pin
from partnerships.matching.residual import Residual, residual_of
from partnerships.matching.stages import optimise
from partnerships.matching.table import Block
from partnerships.matching.validation import pin_faults

SOLVED = {Status.OPTIMAL, Status.OPTIMAL_WITH_SHORTFALLS, Status.TIME_LIMITED}

PINNED_OUT = {
    "pins_exceed_capacity": "pinned_elsewhere",
    "pins_exceed_country": "country_pinned",
    "pins_exceed_quota": "quota_pinned",
    "pins_exceed_cap": "cap_pinned",
}
"""What forbids a pair as a pin, and what forbids it then as a pair."""


def why_not(pairing: PairingInput, result: PairingResult, a: str, b: str) -> WhyNot:
    """Why `a` (of side A) and `b` (of side B) are not paired in this result of this input.

    Codes of the reason: not_solved {status}; not_in_run {city}; proposed {pinned}; vetoed; below_minimum
    {score, minimum}; no_capacity {side, city}; pinned_elsewhere {side, city, capacity}: pins hold all its
    places; country_pinned {side, city, country, maximum}: pins hold all places for partners of this country;
    quota_pinned {side, quota, maximum}: pins hold all places of the quota; cap_pinned: pins hold all places
    of a cap; cost.
    """
    if result.status not in SOLVED:
        return WhyNot(a, b, Message("not_solved", {"status": result.status.value}))
    return Inquiry(lay_ground(pairing, everything=True), result).why_not(a, b)


@dataclass(frozen=True)
class Inquiry:
    """A solved result on its ground, made ready for many questions."""

    ground: Ground
    result: PairingResult

    def why_not(self, a: str, b: str) -> WhyNot:
        """As the function of this name."""
        table = self.ground.table
        missing = [city for city, ids in ((a, table.ids_a), (b, table.ids_b)) if city not in ids]
        if missing:
            return WhyNot(a, b, Message("not_in_run", {"city": missing[0]}))
        row, column = table.ids_a[a], table.ids_b[b]
        score, block = table.cell(row, column)
        reason = self._barred(row, column, score, block)
        if reason is not None:
            return WhyNot(a, b, reason, score)
        # the shortest path is known only where no pair was left out of the network
        after = self._exchanged(row, column, score) if self.ground.candidates.complete else None
        if after is None:
            after = self.resolved(self._pinning(a, b))
        return self.cost(a, b, after)

    def _barred(self, row: int, column: int, score: int, block: Block) -> Message | None:
        """The rule that keeps a pair from being chosen at all."""
        pairing = self.ground.pairing
        a, b = pairing.a.profiles[row], pairing.b.profiles[column]
        if (a.id, b.id) in self._proposed:
            return Message("proposed", {"pinned": block == Block.PINNED})
        if block == Block.VETOED:
            return Message("vetoed", {})
        if block == Block.BELOW_MINIMUM:
            return Message("below_minimum", {"score": score, "minimum": pairing.settings.minimum_score})
        for side, profile in (("a", a), ("b", b)):
            if profile.capacity == 0:
                return Message("no_capacity", {"side": side, "city": profile.id})
        for fault in pin_faults(self._pinning(a.id, b.id)):
            params = {name: value for name, value in fault.params.items() if name != "pins"}
            return Message(PINNED_OUT[fault.code], params)
        return None

    def cost(self, a: str, b: str, after: list[Chosen]) -> WhyNot:
        """What the pairs lose by another set of pairs that holds `a` and `b`."""
        pairing, before = self.ground.pairing, self.result.objective
        reached = objective_of(pairing, after)
        return WhyNot(
            a=a,
            b=b,
            reason=Message("cost", {}),
            score=next(pair.score for pair in after if (pair.a, pair.b) == (a, b)),
            cost=before.total - reached.total,
            steps=steps_between(pairing, self.chosen, after, (a, b)),
            before=before,
            after=reached,
            alone=left_alone(self.chosen, after),
        )

    def _pinning(self, a: str, b: str) -> PairingInput:
        pairing = self.ground.pairing
        return replace(pairing, pins=(*pairing.pins, Pin(a, b)))

    def _exchanged(self, row: int, column: int, score: int) -> list[Chosen] | None:
        """The pairs after the cheapest exchange that brings this one in, where the result's own proof tells
        that nothing but the total changes; None where more may change."""
        if self.residual is None:
            return None
        tail, head = self.ground.layout.gates(row, column)
        path = self.residual.path(head, tail)
        if path is None or self._floor_may_rise(tail, head, score):
            return None
        a, b = self.ground.pairing.a.profiles[row].id, self.ground.pairing.b.profiles[column].id
        after = [
            replace(pair, pinned=pair.pinned or (pair.a, pair.b) == (a, b))
            for pair in self.turned(path, (row, column))
        ]
        reached, before = objective_of(self.ground.pairing, after), self.result.objective
        same = (reached.pairs, reached.shortfall) == (before.pairs, before.shortfall)
        return after if same else None

    def turned(self, path: list[int], place: tuple[int, int]) -> list[Chosen]:
        """The pairs after a path of the residual network is turned over and a pair put in its place."""
        network = self.residual.network if self.residual else self.ground.network
        pairs = [arc - network.first_pair for arc in path if arc >= network.first_pair]
        places = {(int(network.pair_a[pair]), int(network.pair_b[pair])) for pair in pairs}
        pins = [(row, column) for row, column in self.ground.table.pinned.tolist()]
        return chosen_of(self.ground, (set(self.free) ^ places).union(pins, [place]))

    def _floor_may_rise(self, tail: int, head: int, score: int) -> bool:
        """Whether the rest of the pairs could all be better than the floor once this one is settled."""
        if not self.ground.pairing.settings.raise_floor:
            return False
        floor, prices = self.result.objective.floor, self.result.proof.floor
        if floor is None or not prices:
            return True
        fall = prices[tail] - prices[head]
        # the bound holds with the pair counted where it helps; here it is bound to be used, help or not
        return self._bound_above_floor - (max(fall, 0) if score > floor else fall) >= self._breadth

    def resolved(self, pairing: PairingInput) -> list[Chosen]:
        """The pairs of the best run on another input of the same cities, the closest to this result."""
        if crosses(pairing):
            return [Chosen(pair.a, pair.b, pair.score, pair.pinned) for pair in run(pairing).pairs]
        ground = ground_of(self.ground.table.under(pairing.ordered()))
        stay = frozenset(self._places)
        return chosen_of(ground, [*ground.table.pinned.tolist(), *optimise(ground, stay=stay).pairs])

    @cached_property
    def chosen(self) -> list[Chosen]:
        """The proposed pairs."""
        return [Chosen(pair.a, pair.b, pair.score, pair.pinned) for pair in self.result.pairs]

    @cached_property
    def _proposed(self) -> set[tuple[str, str]]:
        return {(pair.a, pair.b) for pair in self.result.pairs}

    @cached_property
    def _places(self) -> list[tuple[int, int]]:
        table = self.ground.table
        return [(table.ids_a[pair.a], table.ids_b[pair.b]) for pair in self.result.pairs]

    @cached_property
    def free(self) -> list[tuple[int, int]]:
        """Rows and columns of the pairs that are no pins."""
        pairs = zip(self._places, self.result.pairs, strict=True)
        return [place for place, pair in pairs if not pair.pinned]

    @cached_property
    def residual(self) -> Residual | None:
        """How the pairs could be exchanged; None where limits cross and prices prove nothing."""
        if crosses(self.ground.pairing) or not self.result.proof.total:
            return None
        raised = self.ground.pairing.settings.raise_floor
        floor = (self.result.objective.floor or 0) if raised else 0
        missed = left_out(self.ground, self.result.proof, floor)
        ground = self.ground.joined_by(missed.rows, missed.columns, missed.scores)
        return residual_of(ground, self.result.proof, floor, self.free)

    @cached_property
    def _breadth(self) -> int:
        network = self.ground.network
        covered = int(network.capacities[network.covered].sum()) - self.result.objective.shortfall
        return breadth(network, len(self.free), covered)

    @cached_property
    def _bound_above_floor(self) -> int:
        higher = self.ground.network.above((self.result.objective.floor or 0) + 1)
        return breadth_bound(higher, np.array(self.result.proof.floor, dtype=np.int64))


def chosen_of(ground: Ground, places: Iterable[Sequence[int]]) -> list[Chosen]:
    """Pairs with their scores from rows and columns; those pinned in the ground's input are marked."""
    table, pins = ground.table, {(pin.a, pin.b) for pin in ground.pairing.pins}
    found = []
    for row, column in places:
        a, b = ground.pairing.a.profiles[row].id, ground.pairing.b.profiles[column].id
        found.append(Chosen(a, b, table.cell(row, column)[0], (a, b) in pins))
    return sorted(found, key=lambda pair: (pair.a, pair.b))
