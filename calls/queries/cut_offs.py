"""Several cut-off dates of one call: which of them a submission counts for, and which come next."""

from datetime import datetime

from calls.models import Application, Call, CutOff
from calls.models.call import Process

MOST_SHOWN = 4


def cut_off_for(call: Call, at: datetime) -> CutOff | None:
    """The cut-off that what arrives at an instant counts for: strictly before it, else the next one.

    None in a call without cut-offs, and after the last one. Uses prefetched cut-offs.
    """
    return next(iter(_ahead(call, at)), None)


def next_cut_offs(call: Call, at: datetime) -> list[CutOff]:
    """The cut-offs that are still to come, the nearest first, a few of them."""
    return _ahead(call, at)[:MOST_SHOWN]


def settled_at(application: Application) -> datetime | None:
    """From when on a submitted application can be decided: its deadline, or the cut-off it counts for.

    None where it can be at once: the call has no deadline, or is decided as applications come.
    """
    call, sent = application.call, application.submitted_at
    if call.process == Process.ROLLING:
        return None
    cut_off = cut_off_for(call, sent) if sent else None
    return cut_off.at if cut_off else application.closes_at


def _ahead(call: Call, at: datetime) -> list[CutOff]:
    rows = sorted(call.cut_offs.all(), key=lambda row: row.at)
    return [row for row in rows if at < row.at]
