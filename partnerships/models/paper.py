"""Files of a partnership, kept in private storage under random names."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cooperation.history.triggers import recorded
from cooperation.jobs.scanned import ScannedFile
from partnerships.models.partnership import Partnership


class PaperQuerySet(models.QuerySet["Paper"]):
    def kept(self) -> "PaperQuerySet":
        return self.filter(removed_at__isnull=True)

    def newest(self) -> "PaperQuerySet":
        """The newest version of each document that was not taken out; files of agreements stand with them."""
        return self.kept().filter(replaced_by__isnull=True, of_agreement=False)


class Paper(ScannedFile):
    """One version of a document. `public` ones are on the partnership's page; others are for the members."""

    # its address, which cannot be counted up
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="papers")
    title = models.CharField(_("title"), max_length=200)
    number = models.PositiveSmallIntegerField(_("version"), default=1)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    public = models.BooleanField(_("everybody may read it"), default=False)
    of_agreement = models.BooleanField(_("belongs to the agreement"), default=False)
    name = models.CharField(_("file name"), max_length=200)
    path = models.CharField(max_length=200, unique=True)
    media_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    pages = models.PositiveIntegerField(_("pages"), null=True, blank=True)
    uploaded_at = models.DateTimeField(_("uploaded"))
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(_("taken out"), null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("document of a partnership")
        verbose_name_plural = _("documents of partnerships")
        ordering = ["title", "-number"]
        indexes = [
            # the scan asks for what waits, twice a minute
            models.Index(
                fields=["scan_after"], name="partnerships_paper_to_scan", condition=Q(scan="waiting")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="partnerships_paper_hashed", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(
                name="partnerships_paper_removed_pair",
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
            ),
        ]
        triggers = [recorded(leave_out=("scan_after", "scan_attempts", "scan_error"))]

    def __str__(self) -> str:
        return self.title
