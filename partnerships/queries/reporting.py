"""Commitments and their reports: what was filed, what was late, what nobody has recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from partnerships.models import City, Commitment, Report
from partnerships.models.commitment import Precision
from partnerships.queries.report_clock import (
    Cycle,
    Filing,
    ReportState,
    Standing,
    next_due,
    standing,
    state_of,
    state_of_due,
)


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
    standing: Standing


def records_of(city: City, on: date, *, refused: bool = False) -> list[CommitmentRecord]:
    """The city's commitments with every report filed and the next one its clock asks for, on a day.

    Those that staff refused only with `refused`.
    """
    rows = city.commitments.all() if refused else city.commitments.shown()
    commitments = rows.prefetch_related("reports")
    return [record_of(commitment, on) for commitment in commitments]


def record_of(commitment: Commitment, on: date) -> CommitmentRecord:
    filings = [filing_of(report) for report in commitment.reports.all()]
    return CommitmentRecord(commitment, lines_of(commitment, on), standing(cycle_of(commitment), filings, on))


def cycle_of(commitment: Commitment) -> Cycle:
    return Cycle(
        joined_on=commitment.joined_on,
        every_years=commitment.cycle_years,
        first_years=commitment.first_report_years,
        grace_days=commitment.grace_days,
        grace_for=commitment.grace_for,
        lapse_years=commitment.lapse_years,
        kept=commitment.kept_by_city,
    )


def filing_of(report: Report) -> Filing:
    return Filing(report.due_on, report.filed_on, report.filed, report.grace_days)


def due_next(commitment: Commitment) -> date | None:
    """When the commitment's next report is due. Uses prefetched reports."""
    return next_due(cycle_of(commitment), [filing_of(report) for report in commitment.reports.all()])


def lines_of(commitment: Commitment, on: date) -> list[ReportLine]:
    reports, cycle = list(commitment.reports.all()), cycle_of(commitment)
    lines = [_line(report, cycle, on) for report in reports]
    if all(filing_of(report).is_filed for report in reports):
        lines.append(_next_line(commitment, reports, on))
    return lines


def _line(report: Report, cycle: Cycle, on: date) -> ReportLine:
    return ReportLine(
        state_of(filing_of(report), cycle, on),
        report.period_from,
        report.period_to,
        report.title,
        report.due_on,
        report.filed_on,
        report.precision,
        report,
    )


def _next_line(commitment: Commitment, reports: Sequence[Report], on: date) -> ReportLine:
    """The period after the last filed one."""
    due_on = due_next(commitment)
    if due_on is None:
        return ReportLine(ReportState.ASK)
    first_year, last_year = next_period(commitment, reports, due_on)
    return ReportLine(
        state_of_due(due_on, cycle_of(commitment), on),
        first_year,
        last_year,
        due_on=due_on,
        precision=reports[-1].precision if reports else commitment.joined_precision,
    )


def next_period(commitment: Commitment, reports: Sequence[Report], due_on: date) -> tuple[int, int]:
    """The years that the next report covers: from the end of the last one, for one cycle."""
    if reports:
        return reports[-1].period_to, reports[-1].period_to + (commitment.cycle_years or 0)
    joined = commitment.joined_on
    return (joined.year if joined else due_on.year), due_on.year
