"""The reserve list, and who gets a place that becomes free."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from calls.selection.ground import Ground
from calls.selection.profile import Candidate, SelectionInput, WaitingShape


def reserve_places(ground: Ground, selected: Collection[str]) -> dict[str, int]:
    """Reference -> place on its reserve list: one list for each quota, or one across all by score."""
    selection, found = ground.selection, {}
    most, counts = selection.settings.reserve_places, Counter[str | None]()
    for row in ground.free:
        label = reserve_list_of(selection, row)
        if row.id not in selected and (most is None or counts[label] < most):
            counts[label] += 1
            found[row.id] = counts[label]
    return found


def reserve_list_of(selection: SelectionInput, row: Candidate) -> str | None:
    """The label of the list that a candidate waits on; None for the one list, and without a quota."""
    quota = selection.own_quota(row.country)
    return quota.label if quota and selection.settings.waiting is WaitingShape.BY_QUOTA else None


def next_in_line(
    selection: SelectionInput, *, waiting: Sequence[str], holding: Iterable[str], freed: str
) -> str | None:
    """Who gets the place that `freed` gave up; None when nobody may.

    `waiting`: those on the reserve list who still want a place, in its order; `holding`: those who hold one
    now, without `freed`. By quota, the place goes to the same list or stays empty. On one list it goes to
    the first who breaks no ceiling, no number of places and no budget; but where a floor has come short,
    first to those who fill it.
    """
    rows = {row.id: row for row in selection.candidates}
    held = [rows[reference] for reference in holding]
    own = reserve_list_of(selection, rows[freed])
    queue = [rows[reference] for reference in waiting if reference in rows and reference != freed]
    fitting = [
        row for row in queue if reserve_list_of(selection, row) == own and fits(selection, [*held, row])
    ]
    countries = [row.country for row in held]
    best = min(fitting, key=lambda row: selection.short_of_floors([*countries, row.country]), default=None)
    return best.id if best else None


def fits(selection: SelectionInput, held: Sequence[Candidate]) -> bool:
    """These together break no ceiling, no number of places and no budget."""
    settings = selection.settings
    if settings.places is not None and len(held) > settings.places:
        return False
    if settings.budget is not None and sum(row.amount for row in held) > settings.budget:
        return False
    return all(
        sum(row.country in quota.countries for row in held) <= quota.ceiling for quota in selection.quotas
    )
