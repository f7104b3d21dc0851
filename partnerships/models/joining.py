"""Asking a city or an organisation to join; its own people answer."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cooperation.history.triggers import recorded
from partnerships.models.city import City
from partnerships.models.organisation import Organisation
from partnerships.models.partnership import Member, MemberRole, Partnership


class JoiningAnswer(models.TextChoices):
    JOINED = "joined", _("joined")
    DECLINED = "declined", _("declined")
    TAKEN_BACK = "taken_back", _("taken back")


class JoiningRequest(models.Model):
    """Whom the members ask, in which role, and in whose place. It becomes a member when it accepts."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="joining_requests")
    city = models.ForeignKey(City, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    role = models.CharField(_("role"), max_length=12, choices=MemberRole.choices)
    replaces = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    message = models.TextField(_("message"), blank=True)
    asked_at = models.DateTimeField(_("asked"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(_("answer"), max_length=10, choices=JoiningAnswer.choices, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("request to join")
        verbose_name_plural = _("requests to join")
        ordering = ["asked_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="partnerships_joining_one_of",
                condition=Q(city__isnull=False, organisation__isnull=True)
                | Q(city__isnull=True, organisation__isnull=False),
            ),
            models.CheckConstraint(
                name="partnerships_joining_answered_pair",
                condition=Q(answer="", answered_at__isnull=True, answered_by__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False, answered_by__isnull=False)),
            ),
        ]
        triggers = [recorded()]

    def __str__(self) -> str:
        return str(self.city or self.organisation)
