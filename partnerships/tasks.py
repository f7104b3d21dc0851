"""Thin tasks: one operation, nothing out."""

from celery import shared_task

from cooperation.web.clock import database_now
from partnerships.operations import applying_figures, commitment_reminding, report_reminding, suggesting


@shared_task(name="partnerships.remind_of_reports")
def remind_of_reports() -> int:
    return report_reminding.remind_of_reports(at=database_now())


@shared_task(name="partnerships.remind_of_commitments")
def remind_of_commitments() -> int:
    return commitment_reminding.remind_of_commitments(at=database_now())


@shared_task(name="partnerships.refresh_suggestions")
def refresh_suggestions() -> int:
    return suggesting.refresh_suggestions(at=database_now())


# Thousands of lines in chunks; one that is cut short goes on from its last chunk.
@shared_task(name="partnerships.import_populations", soft_time_limit=600, time_limit=630)
def import_populations(*, import_id: int) -> bool:
    return applying_figures.apply_import(import_id=import_id, at=database_now())


@shared_task(name="partnerships.rescue_imports")
def rescue_imports() -> int:
    return applying_figures.rescue_imports(at=database_now())
