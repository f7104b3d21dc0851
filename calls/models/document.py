"""Documents of an application, kept in private storage under random names."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from calls.models.application import Application
from cooperation.jobs.scanned import ScannedFile
from partnerships.models import City


class DocumentQuerySet(models.QuerySet["Document"]):
    def kept(self) -> "DocumentQuerySet":
        return self.filter(removed_at__isnull=True)


class Document(ScannedFile):
    """One file: what it is for, whose it is, who signed it, and its checked content's SHA-256.

    `city` is the party it comes from; empty for the lead. What was taken out stays on record.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="documents")
    question = models.SlugField(_("question"), blank=True)
    sort = models.SlugField(_("sort"), help_text=_("What the rules call it, such as endorsement_letter."))
    city = models.ForeignKey(City, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("file name"), max_length=200)
    path = models.CharField(max_length=200, unique=True)
    media_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    pages = models.PositiveIntegerField(_("pages"), null=True, blank=True)
    signatory = models.CharField(_("signed by"), max_length=200, blank=True)
    function = models.CharField(_("function"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=8, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    uploaded_at = models.DateTimeField(_("uploaded"))
    # Empty for what a partner sends from its consent page, without an account.
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    removed_at = models.DateTimeField(_("taken out"), null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["uploaded_at", "id"]
        indexes = [
            # the scan asks for what waits, twice a minute
            models.Index(fields=["scan_after"], name="calls_document_to_scan", condition=Q(scan="waiting")),
        ]
        constraints = [
            models.CheckConstraint(
                name="calls_document_hashed", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(
                name="calls_document_removed_pair",
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name
