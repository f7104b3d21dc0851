"""Reports of a commitment: filed by the city's people, with the grace its initiative granted."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cooperation.accounts.models import User
from partnerships.models import Commitment, Report
from partnerships.models.commitment import Precision
from partnerships.operations.keeping import lock_city, refuse_changed
from partnerships.operations.refusals import NotPossible
from partnerships.queries.editing import reports_of
from partnerships.queries.reporting import cycle_of, due_next, filing_of


@transaction.atomic
def file_report(
    *,
    commitment: Commitment,
    title: str,
    period_from: int,
    period_to: int,
    filed_on: date,
    link: str,
    seen: str,
    by: User,
    at: datetime,
) -> Report:
    """Record that a report was filed; from now on the city keeps this record, and silence means late.

    It answers the first report that is due. Raises NotPossible for a period already filed, for a day
    that is still to come or lies before the city joined; ChangedMeanwhile when reports were filed since.
    """
    current = _locked(commitment, by, at)
    refuse_changed(reports_of(current), seen)
    _refuse_days(current, filed_on, at)
    reports = list(current.reports.all())
    if any(report.period_to >= period_to for report in reports if filing_of(report).is_filed):
        raise NotPossible(_("A report up to %(year)s is filed already.") % {"year": period_to})
    due_on, cycle = due_next(current), cycle_of(current)
    waiting = next((report for report in reports if not filing_of(report).is_filed), None)
    report = waiting or Report(commitment=current, due_on=due_on)
    report.title, report.period_from, report.period_to = title, period_from, period_to
    report.filed, report.filed_on, report.link, report.precision = True, filed_on, link, Precision.DAY
    report.grace_days = cycle.grace_days if due_on and cycle.grace_for == due_on else 0
    report.save()
    Commitment.objects.filter(pk=current.pk).update(kept_by_city=True, grace_for=None)
    return report


@transaction.atomic
def note_grace(*, commitment: Commitment, by: User, at: datetime) -> Commitment:
    """Record that the initiative granted its days of grace for the report due next; once for each."""
    current = _locked(commitment, by, at)
    due_on = due_next(current)
    if not current.grace_days or due_on is None:
        raise NotPossible(_("This commitment has no days of grace to grant."))
    current.grace_for = due_on
    current.save(update_fields=["grace_for"])
    return current


def _locked(commitment: Commitment, by: User, at: datetime) -> Commitment:
    """Changes of one city wait for each other, so its reports cannot change meanwhile."""
    lock_city(commitment.city, by, at)
    current = Commitment.objects.filter(pk=commitment.pk).prefetch_related("reports").first()
    if current is None:
        raise NotPossible(_("This commitment was taken back."))
    return current


def _refuse_days(commitment: Commitment, filed_on: date, at: datetime) -> None:
    if filed_on > at.date():
        raise NotPossible(_("The day of filing is still to come. Record the report once it is filed."))
    if commitment.joined_on and filed_on < commitment.joined_on:
        raise NotPossible(_("The day of filing lies before the city joined."))
