"""Random small panels, and the optimum found by trying every set of assignments."""

import itertools
from dataclasses import replace
from functools import cache

import numpy as np
from hypothesis import strategies as st

from partnerships.matching.reviewers import AssigningInput, AssigningSettings, Expert, Reviewed, Tie
from partnerships.matching.reviewers_engine import aims_of
from partnerships.matching.reviewers_network import Bar, ReviewGround, lay_review_ground

# Made once: Hypothesis looks through each strategy that it has not met.
themes = st.frozensets(st.sampled_from(("culture", "water", "waste")), max_size=2)
regions = st.sampled_from(["", "europe", "africa"])
languages = st.frozensets(st.sampled_from(["ca", "en"]), max_size=2)
language = st.sampled_from(["", "ca", "en"])
loads = st.integers(0, 2)
repeats = st.sampled_from([0, 10_000, 40_000])
steps = st.sampled_from([0, 100])
salts = st.sampled_from(["", "salt"])


@cache
@st.composite
def experts(draw, index: int) -> Expert:
    """One expert; few different values, so that ties and missing data are frequent."""
    minimum = draw(loads)
    return Expert(
        id=f"e{index}",
        region=draw(regions),
        themes=draw(themes),
        languages=draw(languages),
        minimum=minimum,
        maximum=minimum + draw(loads),
    )


@st.composite
def panels(draw, most: int = 3) -> AssigningInput:
    """An input of at most `most` applications and experts; what stands may break limits."""
    applications = tuple(
        Reviewed(f"a{index}", draw(themes), draw(language), wanted=draw(st.integers(0, 3)))
        for index in range(draw(st.integers(0, most)))
    )
    people = tuple(draw(experts(index)) for index in range(draw(st.integers(0, most))))
    every = [Tie(row.id, expert.id) for row in applications for expert in people]
    some = st.lists(st.sampled_from(every), unique=True, max_size=2) if every else st.just([])
    return AssigningInput(
        applications=applications,
        experts=people,
        conflicts=tuple(draw(some)),
        kept=tuple(draw(some)),
        settings=AssigningSettings(
            repeat=draw(repeats),
            step=draw(steps),
            salt=draw(salts),
            raise_floor=draw(st.booleans()),
        ),
    )


def best_by_trying(assigning: AssigningInput) -> tuple[int, int, int, int]:
    """Assignments, shortfall (negative), floor and value of the best set; floor 0 when not raised."""
    ground = lay_review_ground(assigning)
    rows, columns = np.nonzero(ground.bars == Bar.OPEN)
    free = list(zip(rows.tolist(), columns.tolist(), strict=True))
    best = (-1, 0, 0, 0)
    for count in range(len(free) + 1):
        for chosen in itertools.combinations(free, count):
            if _fits(ground, chosen):
                aims = aims_of(ground, chosen)
                floor = (aims.floor or 0) if assigning.settings.raise_floor else 0
                best = max(best, (aims.assignments, -aims.shortfall, floor, aims.value))
    return best


def _fits(ground: ReviewGround, chosen: tuple[tuple[int, int], ...]) -> bool:
    kept = ground.assigning.kept
    for index, row in enumerate(ground.assigning.applications):
        held = sum(tie.application == row.id for tie in kept)
        new = sum(place == index for place, _ in chosen)
        if new and held + new > row.wanted:
            return False
    for index, expert in enumerate(ground.assigning.experts):
        held = sum(tie.expert == expert.id for tie in kept)
        new = sum(place == index for _, place in chosen)
        if new and held + new > expert.maximum:
            return False
    return True


def shuffled(assigning: AssigningInput, random) -> AssigningInput:
    """The same input with all its rows in another order."""

    def mixed(rows: tuple) -> tuple:
        return tuple(random.sample(rows, len(rows)))

    return replace(
        assigning,
        applications=mixed(assigning.applications),
        experts=mixed(assigning.experts),
        conflicts=mixed(assigning.conflicts),
        kept=mixed(assigning.kept),
    )
