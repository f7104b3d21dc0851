"""Runs whose limits cross, solved by integer programming with the same stages and an honest proof."""

from collections.abc import Sequence
from dataclasses import replace

from partnerships.matching.choice_proof import cut_off, limits_of
from partnerships.matching.choice_stages import choose
from partnerships.matching.crossing import lay_crossing
from partnerships.matching.ground import Ground
from partnerships.matching.outcome import Message, Proof, Status, Unmatched
from partnerships.matching.stages import Optimum
from partnerships.matching.table import Block, Tell, say_nothing

SECONDS = 60.0
"""Effort of a run in the solver's own deterministic steps, about seconds of one core."""

DONE = {"breadth": 300, "floor": 400, "total": 650, "closeness": 800}
"""How far a run is when a stage begins, per mille."""


def run_crossing(ground: Ground, *, tell: Tell = say_nothing, seconds: float = SECONDS) -> Optimum:
    """The best pairs under limits that cross, most pairs first, as far as the effort goes."""
    crossing, settings = lay_crossing(ground), ground.pairing.settings
    found = choose(
        crossing.choice,
        raise_floor=settings.raise_floor,
        salt=settings.salt,
        seconds=seconds,
        tell=lambda stage: tell(stage, DONE[stage]),
    )
    rows, columns = crossing.rows.tolist(), crossing.columns.tolist()
    pairs = [(rows[place], columns[place]) for place in found.rows if place < len(rows)]
    return Optimum(tuple(sorted(pairs)), Proof(stages=found.proofs), found.tied)


def crossing_status(ground: Ground, proof: Proof, status: Status) -> Status:
    """The status of a result, unless a search was cut off or pairs were left out."""
    if proof.stages is None or (lay_crossing(ground).whole and not cut_off(proof.stages)):
        return status
    return Status.TIME_LIMITED


def crossing_messages(ground: Ground, proof: Proof) -> tuple[Message, ...]:
    """How far the optimum is shown, where prices do not show it."""
    if proof.stages is None:
        return ()
    crossing = lay_crossing(ground)
    left_out = [] if crossing.whole else [Message("optimal_over_columns", {"columns": len(crossing.rows)})]
    return (*left_out, *limits_of(proof.stages))


def capped(
    ground: Ground, places: Sequence[tuple[int, int]], unmatched: tuple[Unmatched, ...]
) -> tuple[Unmatched, ...]:
    """The causes, cap_full {cap, maximum} where one full cap holds all places that a city could take."""
    pairing, found = ground.pairing, []
    country_a = [profile.country for profile in pairing.a.profiles]
    country_b = [profile.country for profile in pairing.b.profiles]
    pairs = [(country_a[row], country_b[column]) for row, column in places]
    full = [cap for cap in pairing.caps if sum(a in cap.a and b in cap.b for a, b in pairs) >= cap.maximum]
    for city in unmatched:
        reached = _countries_open_to(ground, city)
        caps = [
            cap
            for cap in full
            if city.reason.code == "competition" and all(a in cap.a and b in cap.b for a, b in reached)
        ]
        causes = [Message("cap_full", {"cap": cap.label, "maximum": cap.maximum}) for cap in caps]
        found.append(replace(city, reason=causes[0]) if causes else city)
    return tuple(found)


def _countries_open_to(ground: Ground, city: Unmatched) -> set[tuple[str, str]]:
    """Countries of A and B of the pairs that are open to a city."""
    a, b = ground.pairing.a.profiles, ground.pairing.b.profiles
    if city.side == "a":
        row = ground.table.ids_a[city.id]
        open_to = (ground.table.row(row)[1] == Block.OPEN).nonzero()[0].tolist()
        return {(a[row].country, b[column].country) for column in open_to}
    column = ground.table.ids_b[city.id]
    open_to = (ground.table.column(column)[1] == Block.OPEN).nonzero()[0].tolist()
    return {(a[row].country, b[column].country) for row in open_to}
