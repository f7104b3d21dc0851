"""What the members plan together, and the day it happened."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cooperation.history.triggers import recorded
from partnerships.models.partnership import Member, Partnership
from partnerships.models.versioned import Versioned
from partnerships.models.wording import localise


class MilestoneKind(models.TextChoices):
    KICK_OFF = "kick_off", _("kick-off")
    STUDY_VISIT = "study_visit", _("study visit")
    ONLINE_EVENT = "online_event", _("online event")
    ACTION_PLAN = "action_plan", _("action plan")
    CLOSING = "closing", _("closing")
    OTHER = "other", _("other")


class Milestone(Versioned):
    """Something planned on a day, and the day it happened: both are kept."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="milestones")
    kind = models.CharField(
        _("kind"), max_length=12, choices=MilestoneKind.choices, default=MilestoneKind.OTHER
    )
    labels = models.JSONField(_("what"))
    planned_on = models.DateField(_("planned"), null=True, blank=True)
    actual_on = models.DateField(_("happened"), null=True, blank=True)
    place = models.CharField(_("where"), max_length=200, blank=True)
    host = models.ForeignKey(
        Member,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("hosted by"),
    )
    # for the members alone
    online_link = models.URLField(_("link to take part"), max_length=500, blank=True)
    dropped_reason = models.TextField(_("why it does not take place"), blank=True)

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["planned_on", "id"]
        triggers = [recorded()]

    def __str__(self) -> str:
        return localise(self.labels)
