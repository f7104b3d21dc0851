"""Random small inputs, and the best list found by trying every list."""

import itertools
from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st

from calls.selection.ground import lay_ground
from calls.selection.outcome import Outcome, SelectionResult
from calls.selection.profile import (
    Candidate,
    Method,
    Pin,
    Quota,
    SelectionInput,
    Settings,
    TieRule,
    WaitingShape,
    WhenShort,
)
from tests.quick import THOROUGH

quick = settings(max_examples=1500 if THOROUGH else 30, deadline=None, derandomize=not THOROUGH)

COUNTRIES = ("ES", "GR", "CA", "ZA")
NESTED = (("ES",), ("GR",), ("ES", "GR"), ("CA",), ("ES", "GR", "CA"))
CROSSING = (("ES", "GR"), ("GR", "CA"), ("CA", "ZA"), ("ES", "ZA"))


def candidate(reference: str, country: str, score: int, **more) -> Candidate:
    """`score` in points of an input whose unit is 1."""
    given = {"sheets": (score, score), "criteria": (), "amount": 0, "submitted_at": "2026-11-01T00:00:00Z"}
    return Candidate(id=reference, country=country, score=score, **{**given, **more})


def selection(*candidates: Candidate, quotas=(), pins=(), criteria=(), **settings_) -> SelectionInput:
    return SelectionInput(
        unit=1,
        criterion_unit=1,
        criteria=criteria,
        candidates=candidates,
        quotas=quotas,
        pins=pins,
        settings=Settings(**settings_),
    )


@st.composite
def candidates(draw, number: int) -> Candidate:
    """Few different values, so that ties are frequent."""
    return candidate(
        f"A-{number}",
        draw(st.sampled_from(COUNTRIES)),
        draw(st.sampled_from([0, 40, 70, 71, 80, 95])),
        criteria=(draw(st.integers(2, 4)), draw(st.integers(2, 4))),
        amount=draw(st.sampled_from([0, 2, 3, 5, 8])),
        submitted_at=f"2026-11-0{draw(st.integers(1, 3))}",
    )


@st.composite
def quotas(draw, sets) -> tuple[Quota, ...]:
    found = []
    for countries in draw(st.lists(st.sampled_from(sets), unique=True, max_size=4)):
        ceiling = draw(st.integers(0, 4))
        found.append(
            Quota("+".join(countries), frozenset(countries), ceiling, floor=draw(st.integers(0, ceiling)))
        )
    return tuple(found)


@st.composite
def inputs(draw, *, money: bool = False, crossing: bool = False, method: Method | None = None):
    rows = tuple(draw(candidates(number)) for number in range(draw(st.integers(1, 8))))
    pins = []
    for row in draw(st.lists(st.sampled_from(rows), unique_by=lambda row: row.id, max_size=1)):
        pins.append(Pin(row.id, draw(st.booleans()), "Settled."))
    return selection(
        *rows,
        quotas=draw(quotas(CROSSING if crossing else NESTED)),
        pins=tuple(pins),
        criteria=("one", "two"),
        places=draw(st.sampled_from([None, 1, 2, 3, 5])),
        budget=draw(st.integers(0, 20)) if money else None,
        pass_mark=draw(st.sampled_from([None, 70])),
        thresholds=draw(st.sampled_from([(), (25, None), (None, 30)])),
        tie=draw(st.sampled_from(TieRule)),
        salt=draw(st.sampled_from(["", "snow"])),
        waiting=draw(st.sampled_from(WaitingShape)),
        reserve_places=draw(st.sampled_from([None, 0, 2])),
        method=method or draw(st.sampled_from(Method)),
        when_short=draw(st.sampled_from(WhenShort)),
    )


def best_by_trying(given: SelectionInput) -> set[str]:
    """Fewest missing, then the largest sum of scores, then the best ranks: by trying every list."""
    ground = lay_ground(given)
    everybody = range(len(ground.free))
    best, aim = (), None
    for size in range(len(ground.free) + 1):
        for chosen in itertools.combinations(everybody, size):
            if ground.broken(chosen):
                continue
            worth = sum(ground.weights[place] for place in chosen)
            ranks = tuple(place in chosen for place in everybody)
            reached = (-ground.shortfall(chosen), worth, ranks)
            if aim is None or reached > aim:
                best, aim = chosen, reached
    return {row.id for row in ground.pinned} | {ground.free[place].id for place in best}


def selected(result: SelectionResult) -> set[str]:
    return {row.application for row in result.rows if row.outcome is Outcome.SELECTED}


def with_settings(given: SelectionInput, **changes) -> SelectionInput:
    return replace(given, settings=replace(given.settings, **changes))
