"""Thin tasks: one operation, nothing out."""

from celery import shared_task

from cooperation.web.clock import database_now
from partnerships.operations import commitment_reminding, report_reminding, suggesting


@shared_task(name="partnerships.remind_of_reports")
def remind_of_reports() -> int:
    return report_reminding.remind_of_reports(at=database_now())


@shared_task(name="partnerships.remind_of_commitments")
def remind_of_commitments() -> int:
    return commitment_reminding.remind_of_commitments(at=database_now())


@shared_task(name="partnerships.refresh_suggestions")
def refresh_suggestions() -> int:
    return suggesting.refresh_suggestions(at=database_now())
