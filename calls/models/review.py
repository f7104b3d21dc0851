"""Criteria with weights and anchors, and the score sheets filled with them."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from calls.models.application import Application
from calls.models.call import Call
from cooperation.history.triggers import recorded
from partnerships.models.wording import localise

HIGHEST_SCORE = 5


class Criterion(models.Model):
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="criteria")
    key = models.SlugField()
    labels = models.JSONField(_("criterion"))
    weight = models.PositiveSmallIntegerField(_("weight, percent"))
    threshold = models.DecimalField(
        _("threshold, of 5"),
        max_digits=2,
        decimal_places=1,
        null=True,
        blank=True,
        help_text=_("The mean of the reviewers’ scores that an application needs. Empty: none."),
    )
    anchors = models.JSONField(_("anchors"), default=dict, blank=True)
    demo_value = models.BooleanField(_("demonstration weight"), default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["call", "key"], name="calls_criterion_key"),
            models.CheckConstraint(
                name="calls_criterion_threshold_in_range",
                condition=Q(threshold__isnull=True) | Q(threshold__gte=0, threshold__lte=HIGHEST_SCORE),
            ),
        ]
        triggers = [recorded()]

    def __str__(self) -> str:
        return localise(self.labels)


class Recommendation(models.TextChoices):
    FUND = "fund", _("Select")
    CONDITIONS = "conditions", _("Select with conditions")
    DECLINE = "decline", _("Do not select")


class Review(models.Model):
    """One reviewer's score sheet for one application."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reviews", verbose_name=_("reviewer")
    )
    recommendation = models.CharField(
        _("recommendation"), max_length=12, choices=Recommendation.choices, blank=True
    )
    comment = models.TextField(_("comment for staff"), blank=True)
    feedback = models.TextField(_("comment for the applicant"), blank=True)
    # Notes on criteria that have no score yet, by the criterion's id: {"12": "No fallback is given."}.
    early_notes = models.JSONField(default=dict, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(_("changed"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["application", "reviewer"], name="calls_review_once_per_reviewer")
        ]
        triggers = [recorded("application_id", leave_out=("version", "changed_at"))]

    def __str__(self) -> str:
        return f"{self.application.reference}, {self.reviewer}"


class Score(models.Model):
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="scores")
    value = models.PositiveSmallIntegerField(_("score"), validators=[MaxValueValidator(HIGHEST_SCORE)])
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        constraints = [
            models.UniqueConstraint(fields=["review", "criterion"], name="calls_score_once"),
            models.CheckConstraint(name="calls_score_in_range", condition=Q(value__lte=HIGHEST_SCORE)),
        ]
        triggers = [recorded("review_id:calls_review")]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.value}"


class Reopening(models.Model):
    """A reviewer took back that their sheet was finished, and said why. Never changed."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="reopenings")
    reason = models.TextField(_("reason"))
    at = models.DateTimeField(_("reopened"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("reopened review")
        verbose_name_plural = _("reopened reviews")
        ordering = ["at", "id"]
        triggers = [recorded("review_id:calls_review")]

    def __str__(self) -> str:
        return f"{self.review}, {self.at:%Y-%m-%d %H:%M}"
