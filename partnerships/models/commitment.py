"""Commitments a city has made, with their reporting cycle and the reports filed."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cooperation.history.triggers import recorded
from partnerships.models.city import City
from partnerships.models.reminder_days import commitment_days, reminder_day
from partnerships.models.stated import Stated, StatedQuerySet


class Precision(models.TextChoices):
    """How exactly a date is known; the stored day is then the last of the month or the year."""

    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")


class CommitmentQuerySet(StatedQuerySet):
    def made(self, day: date) -> "CommitmentQuerySet":
        """Verified commitments that rules can name, made by a day. One without a date has always been."""
        return self.verified().exclude(key="").filter(Q(joined_on__isnull=True) | Q(joined_on__lte=day))


class Commitment(Stated):
    """A promise to an initiative, such as the UN Global Compact, and the clock of its reports."""

    city = models.ForeignKey(City, on_delete=models.CASCADE, related_name="commitments")
    name = models.CharField(_("name"), max_length=200)
    key = models.SlugField(
        _("short name for rules"), blank=True, help_text=_("Such as climate_neutral_2050.")
    )
    joined_on = models.DateField(_("joined"), null=True, blank=True)
    joined_precision = models.CharField(
        _("joined, known to the"), max_length=5, choices=Precision.choices, default=Precision.DAY
    )
    first_report_years = models.PositiveSmallIntegerField(
        _("years until the first report"), null=True, blank=True, help_text=_("Empty: as between reports.")
    )
    cycle_years = models.PositiveSmallIntegerField(_("years between reports"), null=True, blank=True)
    grace_days = models.PositiveSmallIntegerField(_("days of grace that can be granted"), default=0)
    grace_for = models.DateField(_("grace granted for the report due"), null=True, blank=True)
    lapse_years = models.PositiveSmallIntegerField(
        _("years until a missed report ends it"), null=True, blank=True
    )
    # Only then does silence mean that no report was filed; else nobody has told the portal.
    kept_by_city = models.BooleanField(_("the city files its reports here"), default=False)
    # who misses a report is told once besides
    reminder_days = ArrayField(
        reminder_day(),
        verbose_name=_("reminders of reports, days before they are due"),
        default=commitment_days,
        blank=True,
    )
    companies = models.PositiveIntegerField(_("local companies taking part"), null=True, blank=True)
    link = models.URLField(_("page of the commitment"), blank=True)
    responsible_since_year = models.PositiveSmallIntegerField(_("in charge since"), null=True, blank=True)
    responsible_units = models.JSONField(_("responsible unit"), default=dict, blank=True)
    notes = models.JSONField(_("notes"), default=dict, blank=True)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        ordering = ["joined_on", "name"]
        triggers = [recorded()]

    def __str__(self) -> str:
        return self.name


class Report(models.Model):
    """One period of a commitment: when its report was due and when it was filed."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="reports")
    title = models.CharField(_("report"), max_length=200)
    period_from = models.PositiveSmallIntegerField(_("period from"))
    period_to = models.PositiveSmallIntegerField(_("period to"))
    due_on = models.DateField(_("due"), null=True, blank=True)
    grace_days = models.PositiveSmallIntegerField(_("days of grace granted"), default=0)
    filed_on = models.DateField(_("filed"), null=True, blank=True)
    filed = models.BooleanField(
        _("filed"), default=False, help_text=_("Filed, even when the day is not known.")
    )
    precision = models.CharField(
        _("dates known to the"), max_length=5, choices=Precision.choices, default=Precision.DAY
    )
    link = models.URLField(_("where the report can be read"), blank=True)
    notes = models.JSONField(_("notes"), default=dict, blank=True)

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["period_from", "id"]
        triggers = [recorded()]

    def __str__(self) -> str:
        return f"{self.title} {self.period_from}-{self.period_to}"
