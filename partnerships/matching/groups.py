"""The engine of groups: one pool of cities in couples, trios or larger clusters, proven and explained."""

from collections.abc import Callable

from partnerships.matching.pool import PoolInput, PoolResult

Progress = Callable[[str, int], None]
"""Told the stage that begins ("columns", "placed", "floor", "total", "ties", "report") and per cent done."""


def run(pool: PoolInput, *, progress: Progress | None = None, seconds: float = 60) -> PoolResult:
    """Groups the cities of a pool optimally.

    `seconds` is an effort in the solver's own deterministic steps, about seconds of one core, so that a run
    is reproducible. Faults of the input give a result without groups whose messages name the causes.
    """
    raise NotImplementedError
