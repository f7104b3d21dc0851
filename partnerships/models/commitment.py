"""Commitments a city has made, with their reporting cycle and the reports filed."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerships.models.city import City


class Precision(models.TextChoices):
    """How exactly a date is known; the stored day is then the last of the month or the year."""

    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    def made(self, day: date) -> "CommitmentQuerySet":
        """Commitments that rules can name, made by a day. One without a date has always been."""
        return self.exclude(key="").filter(Q(joined_on__isnull=True) | Q(joined_on__lte=day))


class Commitment(models.Model):
    city = models.ForeignKey(City, on_delete=models.CASCADE, related_name="commitments")
    name = models.CharField(_("name"), max_length=200)
    key = models.SlugField(
        _("short name for rules"), blank=True, help_text=_("Such as climate_neutral_2050.")
    )
    joined_on = models.DateField(_("joined"), null=True, blank=True)
    joined_precision = models.CharField(
        _("joined, known to the"), max_length=5, choices=Precision.choices, default=Precision.DAY
    )
    cycle_years = models.PositiveSmallIntegerField(_("years between reports"), null=True, blank=True)
    grace_days = models.PositiveSmallIntegerField(_("days of grace"), default=0)
    responsible_units = models.JSONField(_("responsible unit"), default=dict, blank=True)
    notes = models.JSONField(_("notes"), default=dict, blank=True)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        ordering = ["joined_on", "name"]

    def __str__(self) -> str:
        return self.name


class Report(models.Model):
    """One period of a commitment: when its report was due and when it was filed."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="reports")
    title = models.CharField(_("report"), max_length=200)
    period_from = models.PositiveSmallIntegerField(_("period from"))
    period_to = models.PositiveSmallIntegerField(_("period to"))
    due_on = models.DateField(_("due"), null=True, blank=True)
    filed_on = models.DateField(_("filed"), null=True, blank=True)
    filed = models.BooleanField(
        _("filed"), default=False, help_text=_("Filed, even when the day is not known.")
    )
    precision = models.CharField(
        _("dates known to the"), max_length=5, choices=Precision.choices, default=Precision.DAY
    )
    notes = models.JSONField(_("notes"), default=dict, blank=True)

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["period_from"]

    def __str__(self) -> str:
        return f"{self.title} {self.period_from}-{self.period_to}"
