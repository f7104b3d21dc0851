"""Who read the contents of an application, and files that staff export. Append-only where it is evidence."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from calls.models.application import Application
from calls.models.call import Call
from cooperation.jobs.models import LongJob


class What(models.TextChoices):
    PAGE = "page", _("the application")
    DESK = "desk", _("the application at the review desk")
    PDF = "pdf", _("the PDF")
    DOCUMENT = "document", _("a document")
    EXPORT = "export", _("an export")


class Reading(models.Model):
    """One reading of an application's contents by staff or a reviewer."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="readings")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("who")
    )
    at = models.DateTimeField(_("when"))
    what = models.CharField(_("what"), max_length=10, choices=What.choices)

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("access log")
        ordering = ["-at", "-id"]
        indexes = [
            # the access log of one application, newest first
            models.Index(fields=["application", "-at"], name="calls_reading_newest"),
        ]
        triggers = [pgtrigger.Protect(name="keep_as_read", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.application.reference}, {self.by}"


class SavedView(models.Model):
    """A list as somebody set it up: filters, order and columns, under a name. Shared ones are everybody's."""

    call = models.ForeignKey(
        Call, on_delete=models.CASCADE, null=True, blank=True, related_name="saved_views"
    )
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(_("name"), max_length=80)
    query = models.TextField(_("filters"), blank=True)
    columns = ArrayField(models.CharField(max_length=80), verbose_name=_("columns"), default=list, blank=True)
    shared = models.BooleanField(_("shared with all staff"), default=False)
    # What the list opens with for its owner.
    first = models.BooleanField(_("opens first"), default=False)
    created_at = models.DateTimeField(_("saved"))

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="calls_savedview_name"),
            models.UniqueConstraint(
                fields=["owner"], condition=Q(first=True), name="calls_savedview_one_first"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Export(LongJob):
    """A large list as a file, made by a worker while its owner watches. Only its owner fetches it."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="exports")
    call = models.ForeignKey(Call, on_delete=models.PROTECT, null=True, blank=True, related_name="exports")
    format = models.CharField(_("format"), max_length=4, choices=[("csv", "CSV"), ("xlsx", "XLSX")])
    query = models.TextField(_("filters"), blank=True)
    columns = ArrayField(models.CharField(max_length=80), verbose_name=_("columns"), default=list, blank=True)
    # The applications in the order of the list, as it was when the file was asked for.
    chosen = ArrayField(models.BigIntegerField(), default=list, editable=False)
    language = models.CharField(max_length=8, default="en")
    path = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-requested_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="calls_export_done_has_a_file", condition=~Q(state="done") | ~Q(path="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_format_display()}, {self.requested_at:%Y-%m-%d %H:%M}"
