"""Reports of a partnership: planned, written, filed, returned with a reason, accepted; and its budget."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cooperation.accounts.access import require_staff
from cooperation.accounts.models import User
from partnerships.access import require_coordinator, require_seat
from partnerships.models import BudgetLine, DueReport, Member, Partnership, ReportEvent, SpentLine
from partnerships.models.follow_up import DueKind, ReportStep
from partnerships.operations.editing import save_changes
from partnerships.operations.partnership_mail import post_to_members
from partnerships.operations.refusals import NotPossible
from partnerships.operations.stages import lock
from partnerships.queries.report_sums import Spent, open_points, sum_lines

MOST_LINES = 60
MOST_REPORTS = 60
WRITABLE = (ReportStep.OPEN, ReportStep.RETURNED)


class ReportIncomplete(NotPossible):
    """A report that cannot be filed yet; `points` says why, field by field."""

    def __init__(self, points: Mapping[str, str]) -> None:
        super().__init__(" ".join(points.values()))
        self.points = points


def _may_plan(user: User, partnership: Partnership) -> None:
    """Staff, and who acts for the member that coordinates."""
    if not (user.is_active and user.is_staff):
        require_coordinator(user, partnership)


@transaction.atomic
def add_budget_line(
    *, partnership: Partnership, facts: Mapping[str, object], by: User, at: datetime
) -> BudgetLine:
    """Add a line to the budget, given as model fields. Raises NotAllowed, NotPossible."""
    current = lock(partnership)
    _may_plan(by, current)
    count = current.budget_lines.count()
    if count >= MOST_LINES:
        raise NotPossible(_("A budget has at most %(count)s lines.") % {"count": MOST_LINES})
    return BudgetLine.objects.create(partnership=current, position=count, **facts)


@transaction.atomic
def change_budget_line(
    *, line: BudgetLine, facts: Mapping[str, object], version: int, by: User, at: datetime
) -> BudgetLine:
    """Change a line; what reports said of it stays. Raises NotAllowed, NotPossible, ChangedMeanwhile."""
    current = lock(line.partnership)
    _may_plan(by, current)
    fresh = current.budget_lines.get(pk=line.pk)
    if fresh.currency != facts.get("currency", fresh.currency) and fresh.spent_lines.exists():
        raise NotPossible(_("A report speaks of this line in %(currency)s.") % {"currency": fresh.currency})
    return save_changes(fresh, facts, version)


@transaction.atomic
def remove_budget_line(*, line: BudgetLine, by: User, at: datetime) -> None:
    """Take out a line of which no report speaks. Raises NotAllowed, NotPossible."""
    current = lock(line.partnership)
    _may_plan(by, current)
    if line.spent_lines.exists():
        raise NotPossible(_("A report speaks of “%(line)s”. Set its amount to 0 instead.") % {"line": line})
    current.budget_lines.filter(pk=line.pk).delete()


@transaction.atomic
def plan_report(
    *,
    partnership: Partnership,
    kind: DueKind,
    due_on: date,
    by: User,
    at: datetime,
    responsible: Member | None = None,
) -> DueReport:
    """Say that a report is due on a day, and whose people write it. Raises NotAllowed, NotPossible."""
    current = lock(partnership)
    _may_plan(by, current)
    if current.due_reports.filter(kind=kind, due_on=due_on).exists():
        raise NotPossible(_("This report is planned for that day already."))
    if current.due_reports.count() >= MOST_REPORTS:
        raise NotPossible(_("A partnership has at most %(count)s reports.") % {"count": MOST_REPORTS})
    return DueReport.objects.create(partnership=current, kind=kind, due_on=due_on, responsible=responsible)


@transaction.atomic
def write_report(
    *, report: DueReport, text: str, said: Mapping[int, Spent], version: int, by: User, at: datetime
) -> DueReport:
    """Keep what is written so far, `said` by line of the budget.

    Raises NotAllowed, NotPossible, ChangedMeanwhile.
    """
    return _write(_locked(report, by), text, said, version, by, at)


@transaction.atomic
def file_report(
    *, report: DueReport, text: str, said: Mapping[int, Spent], version: int, by: User, at: datetime
) -> DueReport:
    """Keep a report and file it. Raises NotAllowed, NotPossible, ChangedMeanwhile, ReportIncomplete."""
    current = _locked(report, by)
    written = _write(current, text, said, version, by, at)
    lines = sum_lines(current.partnership.budget_lines.all(), said)
    if points := open_points(written, text, lines):
        raise ReportIncomplete(points)
    return _step(written, ReportStep.FILED, by, at)


def _locked(report: DueReport, by: User) -> DueReport:
    partnership = lock(report.partnership)
    require_seat(by, partnership)
    current = DueReport.objects.select_for_update().get(pk=report.pk)
    current.partnership = partnership
    if current.step not in WRITABLE:
        raise NotPossible(
            _("The report is “%(state)s” and stays as it is.") % {"state": current.get_step_display()}
        )
    return current


def _write(
    report: DueReport, text: str, said: Mapping[int, Spent], version: int, by: User, at: datetime
) -> DueReport:
    save_changes(report, {"text": text, "changed_at": at, "changed_by": by}, version)
    lines = {line.pk for line in report.partnership.budget_lines.all()}
    SpentLine.objects.filter(report=report).delete()
    SpentLine.objects.bulk_create(
        SpentLine(report=report, line_id=pk, spent=row.spent, explanation=row.explanation)
        for pk, row in said.items()
        if pk in lines and row.spent is not None
    )
    return report


@transaction.atomic
def return_report(*, report: DueReport, reason: str, by: User, at: datetime) -> DueReport:
    """Send a report back to its writers with a reason; they are told. Raises NotAllowed, NotPossible."""
    current = _filed(report, by)
    if not reason.strip():
        raise NotPossible(_("Say what is to be changed. The members get your reason by mail."))
    return _answer(current, ReportStep.RETURNED, by, at, reason.strip())


@transaction.atomic
def accept_report(*, report: DueReport, by: User, at: datetime) -> DueReport:
    """Accept a report; the members are told. Raises NotAllowed, NotPossible."""
    return _answer(_filed(report, by), ReportStep.ACCEPTED, by, at, "")


def _filed(report: DueReport, by: User) -> DueReport:
    require_staff(by)
    current = (
        DueReport.objects.select_for_update(of=("self",)).select_related("partnership").get(pk=report.pk)
    )
    if current.step != ReportStep.FILED:
        raise NotPossible(
            _("The report is “%(state)s” now; there is nothing to answer.")
            % {"state": current.get_step_display()}
        )
    return current


def _answer(report: DueReport, step: ReportStep, by: User, at: datetime, reason: str) -> DueReport:
    _step(report, step, by, at, reason)
    about = {"report": report, "reason": reason, "accepted": step == ReportStep.ACCEPTED}
    cause = f"{report.pk}-{report.version}"
    post_to_members(report.partnership, kind="report_answered", cause=cause, context=about, at=at)
    return report


def _step(report: DueReport, step: ReportStep, by: User, at: datetime, reason: str = "") -> DueReport:
    report.step, report.version = step, report.version + 1
    report.save(update_fields=["step", "version"])
    ReportEvent.objects.create(report=report, step=step, at=at, by=by, reason=reason)
    return report
