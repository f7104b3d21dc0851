"""Reminders of a call as data: who is reminded, and how many days before it is due."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from calls.models.call import Call
from cooperation.history.triggers import recorded

MOST_DAYS = 365


class Audience(models.TextChoices):
    """Who is reminded: of what is not done yet. Reviewers are reminded once they are late."""

    DRAFT = "draft", _("Draft not submitted")
    CONSENT = "consent", _("Consent of a partner missing")
    DOCUMENT = "document", _("Document missing")
    CORRECTION = "correction", _("Correction asked for, not answered")
    PROPOSAL = "proposal", _("Proposed partner, not answered")
    PLACE = "place", _("Place, neither accepted nor declined")
    REVIEW = "review", _("Review overdue")


LATE = (Audience.REVIEW,)


class ReminderRule(models.Model):
    """One reminder of a call. A rule that is not active is kept, and sends nothing."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="reminders")
    audience = models.CharField(_("who"), max_length=10, choices=Audience.choices)
    days = models.PositiveSmallIntegerField(
        _("days"), help_text=_("Before it is due; for reviews that are overdue, after it was.")
    )
    repeat_days = models.PositiveSmallIntegerField(
        _("again every so many days"), null=True, blank=True, help_text=_("Of overdue reviews. Empty: once.")
    )
    active = models.BooleanField(_("sent"), default=True)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["call", "audience", "-days"]
        constraints = [
            models.UniqueConstraint(fields=["call", "audience", "days"], name="calls_reminderrule_once"),
            models.CheckConstraint(name="calls_reminderrule_within_a_year", condition=Q(days__lte=MOST_DAYS)),
            models.CheckConstraint(
                name="calls_reminderrule_repeats_when_late",
                condition=Q(repeat_days__isnull=True) | Q(audience="review", repeat_days__gte=1),
            ),
        ]
        triggers = [recorded()]

    def __str__(self) -> str:
        return str(self.get_audience_display())

    @property
    def late(self) -> bool:
        """Whether it counts days after the due instant."""
        return self.audience in LATE

    def instant(self, due: datetime) -> datetime:
        """When it is due first. A day is 24 hours: nobody has less time in the night the clocks change."""
        days = timedelta(days=self.days)
        return due + days if self.late else due - days
