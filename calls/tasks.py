"""Thin tasks: ids in, one operation, nothing out."""

from celery import shared_task
from django.conf import settings

from calls.operations import (
    alert_sweeping,
    assigning_job,
    exporting,
    pairing_job,
    pairing_lapsing,
    printing,
    reminding,
    webhook_delivery,
)
from calls.queries.clock import database_now


@shared_task(name="calls.remind")
def remind() -> int:
    return reminding.remind(at=database_now())


# The run's own limit ends it with a sentence; these catch a worker that hangs all the same.
@shared_task(
    name="calls.execute_pairing_run",
    soft_time_limit=settings.PAIRING_SECONDS + 60,
    time_limit=settings.PAIRING_SECONDS + 90,
)
def execute_pairing_run(*, run_id: int) -> bool:
    return pairing_job.execute_run(run_id=run_id, at=database_now())


@shared_task(name="calls.rescue_pairing_runs")
def rescue_pairing_runs() -> int:
    return pairing_job.rescue_runs(at=database_now())


@shared_task(name="calls.press_printouts")
def press_printouts() -> int:
    return printing.press_missing(at=database_now())


@shared_task(name="calls.make_export")
def make_export(*, export_id: int) -> bool:
    return exporting.make_export(export_id=export_id, at=database_now())


@shared_task(name="calls.rescue_exports")
def rescue_exports() -> int:
    return exporting.rescue_exports(at=database_now())


@shared_task(name="calls.execute_assigning_run")
def execute_assigning_run(*, run_id: int) -> bool:
    return assigning_job.execute_assigning(run_id=run_id, at=database_now())


@shared_task(name="calls.rescue_assigning_runs")
def rescue_assigning_runs() -> int:
    return assigning_job.rescue_assigning(at=database_now())


@shared_task(name="calls.lapse_unanswered_proposals")
def lapse_unanswered_proposals() -> int:
    at = database_now()
    return pairing_lapsing.lapse_unanswered(at=at) + pairing_lapsing.pair_anew(at=at)


# Each request has ten seconds in all; these limits catch a name server that hangs.
@shared_task(name="calls.deliver_webhooks", soft_time_limit=45, time_limit=55)
def deliver_webhooks() -> int:
    return webhook_delivery.deliver_webhooks()


@shared_task(name="calls.sweep_webhooks")
def sweep_webhooks() -> int:
    return webhook_delivery.sweep_webhooks(at=database_now())


@shared_task(name="calls.sweep_alerts")
def sweep_alerts() -> int:
    return alert_sweeping.sweep_alerts(at=database_now())
