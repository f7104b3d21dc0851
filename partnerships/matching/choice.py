"""What a run by integer programming chooses from, and what each stage asks of the choice."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from partnerships.matching.program import Integers, Mask, Program
from partnerships.matching.relaxation import Separate
from partnerships.matching.search import Task
from partnerships.matching.stage_proof import Cut

DECIDED = 2**31
"""The weakness of what was decided beforehand: it never sets the floor."""


@dataclass(frozen=True)
class Choice:
    """Columns of a program and what each is worth to each stage.

    `placing`: to the first stage; `weakest`: what it would be as the weakest; `worth`: to the total; `kept`:
    1 for what the run before proposed; `rows`: its number among all columns. `separate` finds cuts for some
    of all columns, `cuts` hold in any choice, `name` is what the salt is mixed with.
    """

    program: Program
    rows: Integers
    placing: Integers
    weakest: Integers
    worth: Integers
    kept: Integers
    name: Callable[[int], str]
    separate: Callable[[Integers], Separate] | None = None
    cuts: tuple[Cut, ...] = ()

    def among(self, some: Integers) -> "Choice":
        """The same with these of its columns alone."""
        return replace(
            self,
            program=self.program.only(some),
            rows=self.rows[some],
            placing=self.placing[some],
            weakest=self.weakest[some],
            worth=self.worth[some],
            kept=self.kept[some],
        )

    def asking(self, weights: Integers, least: int) -> "Choice":
        """The same where the sum of these weights must reach so much."""
        return replace(self, program=self.program.with_row(-weights, -least))

    def above(self, floor: int) -> "Choice":
        """The same without what is weaker than the floor."""
        return self.among(np.flatnonzero(self.weakest >= floor))

    def task(self, weights: Integers, known: Mask, effort: float) -> Task:
        """To maximise these weights."""
        return Task(
            program=self.program,
            weights=weights,
            known=known,
            prefer=self.worth,
            effort=effort,
            separate=self.separate(self.rows) if self.separate else None,
            cuts=self.cuts,
        )
