"""What two sides decided becomes recommendations: all that both have voted on, in one press."""

from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from calls.models import Application, Call, Decision
from calls.models.decision import Outcome
from calls.operations.deciding import lock_call, recommend
from calls.operations.overtaking import Overtaken
from calls.operations.selecting import require_selector
from calls.operations.status import NotPossible
from calls.queries.reasons_in_words import reason_of_sides
from calls.queries.selection_input import selection_input, settings_of
from calls.queries.sides import agreed, fingerprint_of_votes, votes_of
from calls.selection.order import in_order
from calls.selection.reserve import reserve_list_of
from cooperation.accounts.models import User
from cooperation.web.transactions import atomic_again


@atomic_again
def recommend_votes(*, call: Call, seen: str, by: User, at: datetime) -> list[Decision]:
    """Recommend what the two sides decided about each application that both have voted on.

    Selected if both select; on the reserve list if neither refuses; otherwise not selected. The reserve
    list is in the order of the ranking. `seen` is the fingerprint of the votes that were shown; Overtaken
    when one changed. Raises NotAllowed, NotPossible.
    """
    call = lock_call(call.pk)
    require_selector(call, by)
    held = votes_of(call).select_for_update(of=("self",)).order_by("pk")
    rows = [row for row in held if agreed(row)]
    if fingerprint_of_votes(rows) != seen:
        raise Overtaken(
            _("A vote changed after you opened the page. Nothing was recommended. Read it again.")
        )
    if not rows:
        raise NotPossible(_("No application has the votes of both sides and waits for a recommendation."))
    waiting = _reserve_places(call, [row for row in rows if agreed(row) == Outcome.RESERVE])
    return [_recommend(row, waiting.get(row.reference), by, at) for row in rows]


def _recommend(row: Application, place: int | None, by: User, at: datetime) -> Decision:
    outcome = agreed(row)
    assert outcome is not None  # noqa: S101 - only rows with both votes come here
    return recommend(
        application=row,
        outcome=outcome,
        reason=reason_of_sides(outcome, row, place),
        by=by,
        at=at,
        reserve_place=place,
    )


def _reserve_places(call: Call, rows: Collection[Application]) -> dict[str, int]:
    """Reference -> place on its reserve list, by score and by the call's rule for ties."""
    if not rows:
        return {}
    frozen = selection_input(call, replace(settings_of(call), budget=None))
    wanted, counts, found = {row.reference for row in rows}, Counter[str | None](), {}
    for candidate in in_order(frozen):
        if candidate.id in wanted:
            label = reserve_list_of(frozen, candidate)
            counts[label] += 1
            found[candidate.id] = counts[label]
    return found
