"""Who may be selected at all, and what keeps the others out."""

from calls.selection.outcome import Note
from calls.selection.profile import Candidate, SelectionInput


def failure(selection: SelectionInput, row: Candidate) -> Note | None:
    """The first thing that keeps a candidate out: too few reviews, the pass mark, a criterion's threshold."""
    settings = selection.settings
    if len(row.sheets) < max(settings.reviews_needed, 1):
        return Note("not_enough_reviews", {"count": len(row.sheets), "needed": settings.reviews_needed})
    if settings.pass_mark is not None and row.score < settings.pass_mark * selection.unit:
        return Note("below_pass_mark", {"mark": settings.pass_mark})
    for key, mean, tenths in zip(selection.criteria, row.criteria, settings.thresholds, strict=False):
        if tenths is not None and 10 * mean < tenths * selection.criterion_unit:
            return Note("below_threshold", {"criterion": key, "threshold": f"{tenths / 10:.1f}"})
    return None
