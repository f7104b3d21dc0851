"""How the long jobs of calls stand, for the page of background work."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from calls.models import AssigningRun, Export, PairingRun, Snapshot
from calls.models.webhook import DeliveryState, WebhookDelivery
from cooperation.jobs.models import JobState
from cooperation.jobs.registry import Counts, Kind, register_jobs

FAILED_SINCE = timedelta(days=2)  # an older failure was seen by whoever asked for the job


def _counts(rows: QuerySet[Any], at: datetime) -> Counts:
    """Of rows with the states of a job."""
    waiting, running = Q(state=JobState.WAITING), Q(state=JobState.RUNNING)
    failed = Q(state=JobState.FAILED, finished_at__gt=at - FAILED_SINCE)
    found = rows.filter(waiting | running | failed).aggregate(
        waiting=Count("pk", filter=waiting),
        running=Count("pk", filter=running),
        failed=Count("pk", filter=failed),
        oldest=Min("requested_at", filter=waiting),
    )
    return Counts(**found)


def pairing_runs(at: datetime) -> Counts:
    return _counts(PairingRun.objects.all(), at)


def assigning_runs(at: datetime) -> Counts:
    return _counts(AssigningRun.objects.all(), at)


def exports(at: datetime) -> Counts:
    return _counts(Export.objects.all(), at)


def printouts(at: datetime) -> Counts:
    """Submissions that no PDF was made of yet."""
    rows = Snapshot.objects.filter(printout__isnull=True)
    found = rows.aggregate(waiting=Count("pk"), oldest=Min("received_at"))
    return Counts(**found)


def webhooks(at: datetime) -> Counts:
    """Deliveries that are due, and those that were given up lately."""
    due = Q(state=DeliveryState.WAITING, not_before__lte=at)
    dead = Q(state=DeliveryState.DEAD, finished_at__gt=at - FAILED_SINCE)
    found = WebhookDelivery.objects.filter(due | dead | Q(state=DeliveryState.SENDING)).aggregate(
        waiting=Count("pk", filter=due),
        running=Count("pk", filter=Q(state=DeliveryState.SENDING)),
        failed=Count("pk", filter=dead),
        oldest=Min("not_before", filter=due),
    )
    return Counts(**found)


def register() -> None:
    """Called once, when the applications are ready."""
    runs, again = (
        "admin:calls_pairingrun_changelist",
        _("Open the call’s pairing: it says why, and what to do."),
    )
    register_jobs("pairing", Kind(_("Matching"), pairing_runs, runs, remedy=again))
    asked = _("Whoever asked sees the reason, and asks again.")
    register_jobs("assigning", Kind(_("Assigning reviewers"), assigning_runs, remedy=asked))
    register_jobs("exports", Kind(_("Exports"), exports, remedy=asked))
    remedy = _("See the log of the webhook: it keeps what the receiver answered.")
    hooks = "admin:calls_webhookendpoint_changelist"
    register_jobs("webhooks", Kind(_("Webhooks"), webhooks, hooks, remedy=remedy))
    register_jobs("printouts", Kind(_("PDFs of submissions"), printouts))
