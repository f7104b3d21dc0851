"""Several cut-off dates of one call: which of them a submission counts for, and which come next."""

from datetime import datetime

from calls.models import Call, CutOff

MOST_SHOWN = 4


def cut_off_for(call: Call, at: datetime) -> CutOff | None:
    """The cut-off that what arrives at an instant counts for: strictly before it, else the next one.

    None in a call without cut-offs, and after the last one. Uses prefetched cut-offs.
    """
    return next(iter(_ahead(call, at)), None)


def next_cut_offs(call: Call, at: datetime) -> list[CutOff]:
    """The cut-offs that are still to come, the nearest first, a few of them."""
    return _ahead(call, at)[:MOST_SHOWN]


def _ahead(call: Call, at: datetime) -> list[CutOff]:
    rows = sorted(call.cut_offs.all(), key=lambda row: row.at)
    return [row for row in rows if at < row.at]
