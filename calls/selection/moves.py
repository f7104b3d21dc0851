"""What changes if a quota, the places or the budget move: each moved, the selection made again."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from calls.selection.engine import choose
from calls.selection.ground import lay_ground
from calls.selection.outcome import InputFault
from calls.selection.profile import SelectionInput, Settings

EFFORT = 0.2  # for each move, of the solver's steps: advice, not a proof


@dataclass(frozen=True)
class Move:
    """One limit moved by `by` (places, or percent of the budget): who comes in, who goes out.

    `change` is the difference of the sum of scores over the input's unit. None throughout: it cannot move,
    for pins hold the places.
    """

    what: str
    label: str
    by: int
    entering: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()
    change: int | None = None

    @property
    def changes_nothing(self) -> bool:
        return self.change is not None and not self.entering and not self.leaving


def selected_of(selection: SelectionInput) -> tuple[str, ...]:
    """Who is selected, in rank order. Raises InputFault."""
    ground = lay_ground(selection)
    chosen, _finished, _prices = choose(ground, EFFORT)
    held = {row.id for row in ground.pinned} | {ground.free[place].id for place in chosen}
    return tuple(row.id for row in ground.order if row.id in held)


def moves(selection: SelectionInput) -> tuple[Move, ...]:
    """Each quota and the places by one, the budget by a tenth, both ways."""
    scores = {row.id: row.score for row in selection.candidates}
    now = selected_of(selection)
    found = []
    for move, moved in _moved(selection):
        try:
            then = selected_of(moved)
        except InputFault:
            found.append(move)
            continue
        entering = tuple(row for row in then if row not in set(now))
        leaving = tuple(row for row in now if row not in set(then))
        change = sum(scores[row] for row in entering) - sum(scores[row] for row in leaving)
        found.append(replace(move, entering=entering, leaving=leaving, change=change))
    return tuple(found)


def _moved(selection: SelectionInput) -> Iterator[tuple[Move, SelectionInput]]:
    settings = selection.settings
    for number, quota in enumerate(selection.quotas):
        for by in (1, -1):
            if quota.ceiling + by >= 0:
                other = replace(quota, ceiling=quota.ceiling + by, floor=min(quota.floor, quota.ceiling + by))
                quotas = (*selection.quotas[:number], other, *selection.quotas[number + 1 :])
                yield Move("quota", quota.label, by), replace(selection, quotas=quotas)
    for by in (1, -1):
        if settings.places is not None and settings.places + by >= 0:
            yield Move("places", "", by), _with(selection, replace(settings, places=settings.places + by))
    for percent in (10, -10):
        if settings.budget is not None:
            budget = settings.budget * (100 + percent) // 100
            yield Move("budget", "", percent), _with(selection, replace(settings, budget=budget))


def _with(selection: SelectionInput, settings: Settings) -> SelectionInput:
    return replace(selection, settings=settings)
