"""A decision: recommended by one, approved by another, published with all, answered by the city."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from calls.models.application import Application
from calls.models.call import Call
from calls.models.selection import SelectionRun
from calls.workflow import RECOMMENDABLE
from cooperation.history.triggers import recorded
from partnerships.models import Partnership
from partnerships.models.wording import localise


class Outcome(models.TextChoices):
    SELECTED = "selected", _("Selected")
    RESERVE = "reserve", _("Reserve list")
    REJECTED = "rejected", _("Not selected")


class DecisionQuerySet(models.QuerySet["Decision"]):
    def open(self) -> "DecisionQuerySet":
        """Recommended, and neither approved nor sent back."""
        return self.filter(approved_at__isnull=True, returned_at__isnull=True)

    def waiting(self) -> "DecisionQuerySet":
        """Approved, and not published yet, for applications that are still in the round."""
        statuses = [str(status) for status in RECOMMENDABLE]
        return self.filter(
            approved_at__isnull=False, published_at__isnull=True, application__status__in=statuses
        )

    def published(self) -> "DecisionQuerySet":
        return self.filter(published_at__isnull=False)


class Decision(models.Model):
    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    reason = models.TextField(_("reason"))
    recommended_at = models.DateTimeField(_("recommended"))
    recommended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("recommended by")
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    # Sent back by who would have approved it; a new recommendation takes its place.
    returned_at = models.DateTimeField(_("sent back"), null=True, blank=True)
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    return_reason = models.TextField(_("why it was sent back"), blank=True)
    # The selection that this outcome was taken from, and the place on the reserve list that it gives.
    run = models.ForeignKey(
        SelectionRun, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    reserve_place = models.PositiveSmallIntegerField(_("place on the reserve list"), null=True, blank=True)
    # The declined place that a selection from the reserve list fills.
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Frozen when published: own score and the average of the selected, for each criterion, and comments.
    feedback = models.JSONField(_("feedback"), default=dict, blank=True)
    acceptance_due_at = models.DateTimeField(_("answer due"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answer_note = models.TextField(_("note of the city"), blank=True)
    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions"
    )

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [
            models.CheckConstraint(
                name="calls_decision_approved_pair",
                condition=Q(approved_at__isnull=True, approved_by__isnull=True)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
            ),
            models.CheckConstraint(
                name="calls_decision_two_persons",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("recommended_by")),
            ),
            models.CheckConstraint(
                name="calls_decision_returned_pair",
                condition=Q(returned_at__isnull=True, returned_by__isnull=True)
                | Q(returned_at__isnull=False, returned_by__isnull=False, approved_at__isnull=True),
            ),
            models.CheckConstraint(
                name="calls_decision_published_pair",
                condition=Q(published_at__isnull=True, published_by__isnull=True)
                | Q(published_at__isnull=False, published_by__isnull=False, approved_at__isnull=False),
            ),
        ]
        triggers = [recorded("application_id")]

    def __str__(self) -> str:
        return f"{self.application.reference}: {self.get_outcome_display()}"


class AnswerExtension(models.Model):
    """A later day for a city's answer to its place, with its reason."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="answer_extensions")
    due_from = models.DateTimeField(_("was due"))
    due_to = models.DateTimeField(_("is due"))
    reason = models.TextField(_("reason"))
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("later answer")
        verbose_name_plural = _("later answers")
        ordering = ["at", "id"]
        triggers = [recorded("application_id")]

    def __str__(self) -> str:
        return f"{self.due_to:%Y-%m-%d %H:%M}: {self.reason}"


class Side(models.Model):
    """One of two sides that decide together, such as a funder and a network; its people vote for it."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="sides")
    key = models.SlugField()
    labels = models.JSONField(_("label"))
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="SideMember", related_name="sides", verbose_name=_("people")
    )

    class Meta:
        verbose_name = _("side")
        verbose_name_plural = _("sides")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["call", "key"], name="calls_side_key")]
        triggers = [recorded()]

    def __str__(self) -> str:
        return localise(self.labels)


class SideMember(models.Model):
    """Somebody who decides for a side; a model of its own so that the history tells who came and went."""

    side = models.ForeignKey(Side, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("person")
    )

    class Meta:
        verbose_name = _("person of a side")
        verbose_name_plural = _("people of sides")
        constraints = [models.UniqueConstraint(fields=["side", "user"], name="calls_sidemember_once")]
        triggers = [recorded()]

    def __str__(self) -> str:
        return f"{self.side}: {self.user}"


class SideVote(models.Model):
    """What one side decided about one application. Selected only if both do."""

    side = models.ForeignKey(Side, on_delete=models.PROTECT, related_name="votes")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="side_votes")
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    reason = models.TextField(_("reason"), blank=True)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("vote of a side")
        verbose_name_plural = _("votes of sides")
        ordering = ["side", "at"]
        constraints = [models.UniqueConstraint(fields=["side", "application"], name="calls_sidevote_once")]
        triggers = [recorded("application_id")]

    def __str__(self) -> str:
        return f"{self.side}: {self.get_outcome_display()}"


class Complaint(models.Model):
    """A city complains about a decision; staff answer, and may uphold it."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="complaints")
    text = models.TextField(_("complaint"))
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answer = models.TextField(_("answer"), blank=True)
    upheld = models.BooleanField(_("upheld"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(answered_at__isnull=True), name="calls_complaint_one_open"
            ),
            models.CheckConstraint(
                name="calls_complaint_answered_pair",
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, upheld__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False, upheld__isnull=False),
            ),
        ]
        triggers = [recorded("application_id")]

    def __str__(self) -> str:
        return f"{self.application.reference}: {self.at:%Y-%m-%d}"
