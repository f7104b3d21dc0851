"""How imports stand, for the page of background work."""

from datetime import datetime, timedelta

from django.db.models import Count, Min, Q
from django.utils.translation import gettext_lazy as _

from cooperation.jobs.models import JobState
from cooperation.jobs.registry import Counts, Kind, register_jobs
from partnerships.models import PopulationImport

FAILED_SINCE = timedelta(days=2)  # an older failure was seen by whoever asked for the import


def imports(at: datetime) -> Counts:
    waiting, running = Q(state=JobState.WAITING), Q(state=JobState.RUNNING)
    failed = Q(state=JobState.FAILED, finished_at__gt=at - FAILED_SINCE)
    found = PopulationImport.objects.filter(waiting | running | failed).aggregate(
        waiting=Count("pk", filter=waiting),
        running=Count("pk", filter=running),
        failed=Count("pk", filter=failed),
        oldest=Min("requested_at", filter=waiting),
    )
    return Counts(**found)


def register() -> None:
    """Called once, when the applications are ready."""
    remedy = _("Open it: it says why. Upload the file again; what was written is left alone.")
    register_jobs("imports", Kind(_("Imports"), imports, "admin:partnerships_city_import", remedy=remedy))
