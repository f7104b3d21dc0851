"""A commitment's clock: from its cycle, what was filed and a day to states and the next due day.

Modelled on the UN Global Compact: the first report within two years of joining, then one every two years;
90 days of grace can be granted; a missed report makes the city late ("non-communicating"), one more year
ends the commitment ("delisted"). Pure: no rows, no clock of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class ReportState(StrEnum):
    FILED = "filed"
    LATE = "late"  # filed after the due day and its grace
    WAITING = "waiting"  # not due yet
    GRACE = "grace"  # due, and within the days of grace that were granted
    MISSED = "missed"  # due and not filed
    LAPSED = "lapsed"  # missed for so long that the commitment has ended
    ASK = "ask"  # due, and nobody keeps the record here: only the city can say


class Standing(StrEnum):
    """How the whole commitment stands."""

    ACTIVE = "active"
    GRACE = "grace"
    LATE = "late"
    LAPSED = "lapsed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Cycle:
    """What was promised. Years are whole years; None means that nobody knows, or that it never happens."""

    joined_on: date | None = None
    every_years: int | None = None
    first_years: int | None = None
    grace_days: int = 0
    grace_for: date | None = None  # the due day for which the days of grace were granted
    lapse_years: int | None = None
    kept: bool = True  # silence means that nothing was filed


@dataclass(frozen=True)
class Filing:
    """A report on record: when it was due, the days of grace it had, whether and when it was filed."""

    due_on: date | None = None
    filed_on: date | None = None
    filed: bool = False
    grace_days: int = 0

    @property
    def is_filed(self) -> bool:
        return self.filed or self.filed_on is not None


def state_of(filing: Filing, cycle: Cycle, on: date) -> ReportState:
    """A report whose day of filing is not known counts as in time."""
    if not filing.is_filed:
        return state_of_due(filing.due_on, cycle, on)
    if filing.filed_on is None or filing.due_on is None:
        return ReportState.FILED
    last_day = filing.due_on + timedelta(days=filing.grace_days)
    return ReportState.LATE if filing.filed_on > last_day else ReportState.FILED


def state_of_due(due_on: date | None, cycle: Cycle, on: date) -> ReportState:
    """A report not filed, seen on a day. The due day itself, and the last day of grace, are in time."""
    if due_on is None:
        return ReportState.ASK
    if on <= due_on:
        return ReportState.WAITING
    if on <= grace_ends(due_on, cycle):
        return ReportState.GRACE
    if not cycle.kept:
        return ReportState.ASK
    ends = lapses(due_on, cycle)
    return ReportState.LAPSED if ends and on > ends else ReportState.MISSED


def grace_ends(due_on: date, cycle: Cycle) -> date:
    """The last day to file in time: the due day where no grace was granted for it."""
    return due_on + timedelta(days=cycle.grace_days if cycle.grace_for == due_on else 0)


def lapses(due_on: date, cycle: Cycle) -> date | None:
    """The last day on which a missed report can still be made good; None when it always can."""
    return years_later(grace_ends(due_on, cycle), cycle.lapse_years) if cycle.lapse_years else None


def next_due(cycle: Cycle, filings: Sequence[Filing]) -> date | None:
    """When the next report is due; `filings` in the order of their periods.

    The first one known and not filed, else one cycle after the last filing (or its due day), else so many
    years after joining. None when the clock is not known.
    """
    for filing in filings:
        if not filing.is_filed:
            return filing.due_on
    if filings:
        start, years = filings[-1].filed_on or filings[-1].due_on, cycle.every_years
    else:
        start, years = cycle.joined_on, cycle.first_years or cycle.every_years
    return years_later(start, years) if start and years else None


def standing(cycle: Cycle, filings: Sequence[Filing], on: date) -> Standing:
    """How the commitment stands on a day. One that asks for no reports is active."""
    if not cycle.every_years and not cycle.first_years:
        return Standing.ACTIVE if cycle.joined_on or filings else Standing.UNKNOWN
    found = state_of_due(next_due(cycle, filings), cycle, on)
    return {
        ReportState.WAITING: Standing.ACTIVE,
        ReportState.GRACE: Standing.GRACE,
        ReportState.MISSED: Standing.LATE,
        ReportState.LAPSED: Standing.LAPSED,
    }.get(found, Standing.UNKNOWN)


def years_later(day: date, years: int) -> date:
    """The same day some years later; 29 February becomes the 28th where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
