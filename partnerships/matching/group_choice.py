"""The groups of a pool as a choice: one row a city, each in one group at most."""

import numpy as np

from partnerships.matching.choice import Choice
from partnerships.matching.columns import Columns, PoolGround
from partnerships.matching.program import Integers, Program
from partnerships.matching.separation import separate_groups
from partnerships.matching.stage_proof import Cut


def group_choice(ground: PoolGround) -> Choice:
    """All groups. First most cities of couples, then most cities: one of a couple outweighs all others.

    The total counts a group's worth, and for a group of the run before the bonus for each of its cities.
    """
    columns, cities, ids = ground.columns, len(ground.ids), ground.ids
    kept = kept_before(ground, columns)

    def name(row: int) -> str:
        return "".join(f"{len(ids[city])}:{ids[city]}" for city in columns.cities(row))

    return Choice(
        program=_program(columns, cities),
        rows=np.arange(len(columns)),
        placing=columns.sizes + columns.couples * (cities + 1),
        weakest=columns.weakest,
        worth=columns.worth + ground.pool.settings.keep_bonus * columns.sizes * kept,
        kept=kept,
        name=name,
        separate=lambda rows: separate_groups(columns.only(rows), cities),
        cuts=(Cut(tuple(range(cities)), ground.pool.smallest),),  # cities that do not divide stay over
    )


def kept_before(ground: PoolGround, columns: Columns) -> Integers:
    """1 for each group that the run before proposed, else 0."""
    position = {city: place for place, city in enumerate(ground.ids)}
    kept = np.zeros(len(columns), dtype=np.int64)
    for group in ground.pool.previous:
        if group.cities <= position.keys():
            row = columns.find([position[city] for city in group.cities])
            if row is not None:
                kept[row] = 1
    return kept


def _program(columns: Columns, cities: int) -> Program:
    """A city that no group can hold has no place to give."""
    filled = columns.members < cities
    lengths = filled.sum(axis=1)
    rows = columns.members[filled]
    limits = np.zeros(cities, dtype=np.int64)
    limits[rows] = 1
    return Program(np.cumsum(lengths) - lengths, rows, np.ones(len(rows), dtype=np.int64), limits)
