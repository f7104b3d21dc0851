"""From the chosen candidates to the list that people read: outcomes, reserve places, notes, quotas."""

from collections import Counter
from fractions import Fraction

from calls.selection.ground import Ground
from calls.selection.notes import Reader
from calls.selection.order import places
from calls.selection.outcome import Objective, Outcome, QuotaCount, Row
from calls.selection.passing import failure
from calls.selection.reserve import reserve_places


def tenths(points: Fraction) -> str:
    """A score for reading, to one decimal, halves rounded up."""
    whole = int(10 * points + Fraction(1, 2))
    return f"{whole // 10}.{whole % 10}"


def rows_of(ground: Ground, chosen: tuple[int, ...]) -> tuple[Row, ...]:
    """Every candidate in rank order with the outcome that the chosen positions give it.

    Place and score are empty without a finished review.
    """
    selection, reader, place = (
        ground.selection,
        Reader(ground, chosen),
        places([row for row in ground.order if row.sheets]),
    )
    selected = {row.id for row in ground.pinned} | {ground.free[number].id for number in chosen}
    reserve = reserve_places(ground, selected)
    found, published = [], {pin.id for pin in selection.pins if pin.published}
    for row in ground.order:
        if row.id in published:
            continue
        outcome = Outcome.REJECTED
        if row.id in selected:
            outcome = Outcome.SELECTED
        elif row.id in reserve:
            outcome = Outcome.RESERVE
        quota, notes = selection.own_quota(row.country), reader.notes(row)
        found.append(
            Row(
                application=row.id,
                outcome=outcome,
                place=place.get(row.id, ""),
                score=tenths(selection.points(row.score)) if row.sheets else "",
                quota=quota.label if quota else None,
                reserve_place=reserve.get(row.id),
                note=notes[0] if notes else None,
                notes=notes,
            )
        )
    return tuple(found)


def quotas_of(ground: Ground, rows: tuple[Row, ...]) -> tuple[QuotaCount, ...]:
    """Each quota as seats: what is filled, published places too, how many wait, how many passed."""
    outcome = {row.id: Outcome.SELECTED for row in ground.pinned}
    outcome |= {row.application: row.outcome for row in rows}
    found = []
    for quota in ground.selection.quotas:
        inside = [row for row in ground.order if row.country in quota.countries]
        counts = Counter(outcome[row.id] for row in inside if row.id in outcome)
        passed = sum(failure(ground.selection, row) is None for row in inside)
        filled, reserve = counts[Outcome.SELECTED], counts[Outcome.RESERVE]
        found.append(QuotaCount(quota.label, quota.floor, quota.ceiling, filled, reserve, passed))
    return tuple(found)


def objective_of(ground: Ground, chosen: tuple[int, ...]) -> Objective:
    """What a list reaches, pins included."""
    selected = [*ground.pinned, *(ground.free[place] for place in chosen)]
    return Objective(
        shortfall=ground.selection.short_of_floors(row.country for row in selected),
        total=sum(row.score for row in selected),
        selected=len(selected),
        amount=sum(row.amount for row in selected),
    )
