"""Commitments and their reports: what was filed, what was late, what nobody has recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from partnerships.models import City, Commitment, Report
from partnerships.models.commitment import Precision


class ReportState(StrEnum):
    FILED = "filed"
    LATE = "late"  # filed after the due day and its grace
    WAITING = "waiting"  # not due yet
    ASK = "ask"  # due, or never due, and nothing recorded: only the city can say


@dataclass(frozen=True)
class ReportLine:
    """One period of a commitment. Years and dates are None when nobody knows them."""

    state: ReportState
    period_from: int | None = None
    period_to: int | None = None
    title: str = ""
    due_on: date | None = None
    filed_on: date | None = None
    precision: str = Precision.DAY
    report: Report | None = None


@dataclass(frozen=True)
class CommitmentRecord:
    commitment: Commitment
    lines: Sequence[ReportLine]


def records_of(city: City, on: date) -> list[CommitmentRecord]:
    """The city's commitments with every report filed and the next one its clock asks for, on a day."""
    commitments = city.commitments.prefetch_related("reports")
    return [CommitmentRecord(commitment, lines_of(commitment, on)) for commitment in commitments]


def lines_of(commitment: Commitment, on: date) -> list[ReportLine]:
    reports = list(commitment.reports.all())
    lines = [_line(report, on) for report in reports]
    if all(line.state in (ReportState.FILED, ReportState.LATE) for line in lines):
        lines.append(_next_line(commitment, reports, on))
    return lines


def _line(report: Report, on: date) -> ReportLine:
    return ReportLine(
        state_of(report, on),
        report.period_from,
        report.period_to,
        report.title,
        report.due_on,
        report.filed_on,
        report.precision,
        report,
    )


def state_of(report: Report, on: date) -> ReportState:
    """Late means after the due day plus the commitment's days of grace."""
    grace = timedelta(days=report.commitment.grace_days)
    if report.filed or report.filed_on:
        late = report.filed_on and report.due_on and report.filed_on > report.due_on + grace
        return ReportState.LATE if late else ReportState.FILED
    if report.due_on and on <= report.due_on + grace:
        return ReportState.WAITING
    return ReportState.ASK


def _next_line(commitment: Commitment, reports: Sequence[Report], on: date) -> ReportLine:
    """The period after the last filed one, due one cycle after that report was filed (or due, or joined)."""
    last = reports[-1] if reports else None
    start = (last.filed_on or last.due_on) if last else commitment.joined_on
    if not commitment.cycle_years or start is None:
        return ReportLine(ReportState.ASK)
    due_on = years_later(start, commitment.cycle_years)
    waiting = on <= due_on + timedelta(days=commitment.grace_days)
    first_year = last.period_to if last else start.year
    return ReportLine(
        ReportState.WAITING if waiting else ReportState.ASK,
        first_year,
        first_year + commitment.cycle_years,
        due_on=due_on,
        precision=last.precision if last else commitment.joined_precision,
    )


def years_later(day: date, years: int) -> date:
    """The same day some years later; 29 February becomes the 28th where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
