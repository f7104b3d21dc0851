"""The highest floor: how strong the weakest can be while as much is placed as at all possible."""

from dataclasses import replace

import numpy as np

from partnerships.matching.choice import Choice
from partnerships.matching.choice_proof import proof_of
from partnerships.matching.profiles import FULL_SCORE
from partnerships.matching.program import Mask
from partnerships.matching.relaxation import relax
from partnerships.matching.search import Solved, maximise
from partnerships.matching.stage_proof import StageProof


def begun(choice: Choice, effort: float, known: Mask | None = None) -> Mask:
    """A good solution to begin from: what is placed and scores as one sum, which no stage rests on.

    Scores tell the solver where to look; counting alone, all columns look alike to it.
    """
    weights = FULL_SCORE * choice.placing + choice.worth
    nothing = np.zeros(len(choice.program), dtype=np.bool_)
    task = choice.task(weights, nothing if known is None else known, effort)
    return maximise(replace(task, brief=True)).taken


class FloorSearch:
    """Looks for the highest floor, by halving: first what prices allow, then with whole numbers."""

    def __init__(self, choice: Choice, goal: int, effort: float) -> None:
        self.choice, self.goal, self.effort = choice, goal, effort
        self.floors = np.unique(choice.weakest)
        self.failed: dict[int, tuple[Choice, Solved]] = {}

    def highest(self, taken: Mask) -> tuple[Mask, StageProof | None]:
        """A solution of the highest floor, begun from one that reaches the goal, and the proof."""
        low = self._place(taken)
        high = self._allowed_by_prices(low)
        middle = high
        while low < high:
            found = self._try(middle, taken)
            if found is None:
                high = middle - 1
            else:
                taken, low = found, self._place(found)
            middle = (low + high + 1) // 2
        return taken, self._proof(high + 1)

    def _place(self, taken: Mask) -> int:
        weakest = self.choice.weakest[taken].min(initial=self.floors[-1])
        return int(np.searchsorted(self.floors, weakest))

    def _allowed_by_prices(self, low: int) -> int:
        high = len(self.floors) - 1
        while low < high:
            middle = (low + high + 1) // 2
            part = self.choice.above(int(self.floors[middle]))
            task = part.task(part.placing, np.zeros(len(part.program), dtype=np.bool_), 0)
            none = np.zeros(0, dtype=np.int64)
            relaxed = relax(task.program, task.weights, known=none, goal=self.goal - 1, cuts=task.cuts)
            if relaxed.bound < self.goal:
                self.failed[middle] = part, Solved(task.known, relaxed, True)
                high = middle - 1
            else:
                low = middle
        return high

    def _try(self, place: int, taken: Mask) -> Mask | None:
        """A solution without what lies below a floor, if one reaches the goal."""
        strong = self.choice.weakest >= self.floors[place]
        part = self.choice.among(np.flatnonzero(strong))
        known = begun(part, self.effort, taken[strong])
        task = replace(part.task(part.placing, known, self.effort), enough=self.goal)
        solved = maximise(task)
        if task.value(solved.taken) < self.goal:
            self.failed[place] = part, solved
            return None
        whole = np.zeros(len(taken), dtype=np.bool_)
        whole[np.flatnonzero(strong)[solved.taken]] = True
        return whole

    def _proof(self, place: int) -> StageProof | None:
        if place == len(self.floors):
            return None
        part, solved = self.failed[place]
        return proof_of(part.program, part.placing, solved, self.goal - 1)
