"""Files that a virus scanner looks at after they were uploaded, where one is set (VIRUS_SCANNER)."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SCAN_TASK = "jobs.scan_waiting"


class Scan(models.TextChoices):
    NONE = "", gettext_lazy("not needed")
    WAITING = "waiting", gettext_lazy("waiting")
    CLEAN = "clean", gettext_lazy("clean")
    INFECTED = "infected", gettext_lazy("infected")


# Files that everybody may fetch who may read what they belong to.
OPEN = Q(scan__in=[Scan.NONE, Scan.CLEAN])
# Until a scanner has looked, those who uploaded it fetch it themselves.
OPEN_TO_OWNERS = ~Q(scan=Scan.INFECTED)


class ScannedFile(models.Model):
    """A kept file and what the scanner said. Uploaded while no scanner is set, it needs none."""

    scan = models.CharField(
        gettext_lazy("virus scan"), max_length=8, choices=Scan.choices, default=Scan.NONE, blank=True
    )
    # Not before then: a scanner that is away is asked again later and later.
    scan_after = models.DateTimeField(null=True, blank=True, editable=False)
    scan_attempts = models.PositiveIntegerField(default=0, editable=False)
    scan_error = models.CharField(max_length=300, blank=True, editable=False)
    scanned_at = models.DateTimeField(gettext_lazy("scanned"), null=True, blank=True, editable=False)
    # What was found, by the scanner's name for it.
    finding = models.CharField(max_length=200, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def is_infected(self) -> bool:
        return self.scan == Scan.INFECTED

    @property
    def scan_words(self) -> str:
        """What a reader has to know about the scan; empty where nothing is in the way."""
        if self.scan == Scan.WAITING:
            return _("A virus scanner is looking at it; until then only your own team can open it")
        if self.is_infected:
            about = {"finding": self.finding}
            return _("Infected (%(finding)s): nobody can open it. Upload a clean file in its place") % about
        return ""


def to_be_scanned(at: datetime) -> dict[str, Any]:
    """The fields of a file that is kept now; where a scanner is set, a worker is asked after commit."""
    if not settings.VIRUS_SCANNER:
        return {}
    transaction.on_commit(_nudge, robust=True)
    return {"scan": Scan.WAITING, "scan_after": at}


def _nudge() -> None:
    from celery import current_app

    current_app.send_task(SCAN_TASK, expires=25, retry=False)
