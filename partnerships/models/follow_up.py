"""What the members owe their funder: a budget, and the reports whose lines match it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cooperation.history.triggers import recorded
from partnerships.models.partnership import Member, Partnership
from partnerships.models.versioned import Versioned


class BudgetLine(Versioned):
    """One line of the budget. A report says what was spent on each."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="budget_lines")
    label = models.CharField(_("line"), max_length=200)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("line of the budget")
        verbose_name_plural = _("lines of the budget")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(name="partnerships_budget_not_negative", condition=Q(amount__gte=0))
        ]
        triggers = [recorded()]

    def __str__(self) -> str:
        return self.label


class DueKind(models.TextChoices):
    PROGRESS = "progress", _("progress report")
    FINANCIAL = "financial", _("financial report")
    FINAL = "final", _("final report")


class ReportStep(models.TextChoices):
    OPEN = "open", _("to be written")
    FILED = "filed", _("filed")
    RETURNED = "returned", _("returned")
    ACCEPTED = "accepted", _("accepted")


class DueReportQuerySet(models.QuerySet["DueReport"]):
    def to_write(self) -> "DueReportQuerySet":
        return self.filter(step__in=[ReportStep.OPEN, ReportStep.RETURNED])

    def to_accept(self) -> "DueReportQuerySet":
        """What members filed and staff have not answered."""
        return self.filter(step=ReportStep.FILED)


class DueReport(Versioned):
    """A report that is due on a day: written by the members, filed, returned with a reason or accepted."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="due_reports")
    kind = models.CharField(_("kind"), max_length=10, choices=DueKind.choices)
    due_on = models.DateField(_("due"))
    # whose people write it beside the coordinator's
    responsible = models.ForeignKey(
        Member, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("responsible"),
    )  # fmt: skip
    step = models.CharField(_("state"), max_length=10, choices=ReportStep.choices, default=ReportStep.OPEN)
    text = models.TextField(_("report"), blank=True)
    changed_at = models.DateTimeField(_("changed"), null=True, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = DueReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report of a partnership")
        verbose_name_plural = _("reports of partnerships")
        ordering = ["due_on", "id"]
        # the reminder job and the staff's queue ask for those of a step by day
        indexes = [models.Index(fields=["step", "due_on"], name="partnerships_report_due")]
        triggers = [recorded()]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class SpentLine(models.Model):
    """What a report says was spent on one line of the budget, in the line's currency."""

    report = models.ForeignKey(DueReport, on_delete=models.CASCADE, related_name="spent_lines")
    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="spent_lines")
    spent = models.DecimalField(_("spent"), max_digits=12, decimal_places=2)
    explanation = models.TextField(_("why it differs"), blank=True)

    class Meta:
        verbose_name = _("line of a report")
        verbose_name_plural = _("lines of reports")
        ordering = ["line__position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["report", "line"], name="partnerships_spent_once"),
            models.CheckConstraint(name="partnerships_spent_not_negative", condition=Q(spent__gte=0)),
        ]
        triggers = [recorded()]

    def __str__(self) -> str:
        return str(self.line)


class ReportEvent(models.Model):
    """A report was filed, returned or accepted: who, when, why."""

    report = models.ForeignKey(DueReport, on_delete=models.CASCADE, related_name="events")
    step = models.CharField(_("what"), max_length=10, choices=ReportStep.choices)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("step of a report")
        verbose_name_plural = _("steps of reports")
        ordering = ["at", "id"]
        triggers = [recorded()]

    def __str__(self) -> str:
        return f"{self.report}: {self.get_step_display()}"
