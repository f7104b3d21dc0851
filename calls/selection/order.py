"""The one order of all candidates: by score, then by the call's rule for ties, then by lot.

The lot is a BLAKE2 hash of the published word and the reference: anybody can draw it again, and neither
the order of rows nor the computer decides.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence

from calls.selection.profile import Candidate, SelectionInput, TieRule

Key = tuple[int | str, ...]


def in_order(selection: SelectionInput) -> tuple[Candidate, ...]:
    """Every candidate, the best first."""
    return tuple(
        sorted(
            selection.candidates,
            key=lambda row: (not row.sheets, -row.score, tie_key(selection, row), _lot(selection, row)),
        )
    )


def tie_key(selection: SelectionInput, row: Candidate) -> Key:
    """What the rule compares among equal scores; the smaller goes first."""
    if selection.settings.tie is TieRule.CRITERIA:
        return tuple(-mean for mean in row.criteria)
    return (row.submitted_at,) if selection.settings.tie is TieRule.EARLIER else ()


def _lot(selection: SelectionInput, row: Candidate) -> tuple[str, str]:
    key = hashlib.blake2b(selection.settings.salt.encode(), digest_size=32).digest()
    return hashlib.blake2b(row.id.encode(), key=key, digest_size=16).hexdigest(), row.id


def places(order: Sequence[Candidate]) -> dict[str, str]:
    """Reference -> place by score alone: 1, 2=, 2=, 4."""
    counts, found, place, last = Counter(row.score for row in order), {}, 0, None
    for number, row in enumerate(order, start=1):
        place = place if row.score == last else number
        last = row.score
        found[row.id] = f"{place}=" if counts[row.score] > 1 else str(place)
    return found


def parted_by(selection: SelectionInput, one: Candidate, other: Candidate) -> str:
    """What put two equal scores in order: "criterion 2" as its number, "earlier", or "lot"."""
    keys = tie_key(selection, one), tie_key(selection, other)
    for number, (left, right) in enumerate(zip(*keys, strict=True), start=1):
        if left != right:
            return str(number) if selection.settings.tie is TieRule.CRITERIA else "earlier"
    return "lot"
