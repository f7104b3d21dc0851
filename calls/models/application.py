"""An application: one lead organisation's answer to a call, with partners. Operations change its status."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from calls.models.call import Call
from calls.workflow import LIVE
from partnerships.models import City, Organisation


class ApplicationStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    ELIGIBLE = "eligible", _("Eligible, under review")
    INELIGIBLE = "ineligible", _("Not eligible")
    REVIEWED = "reviewed", _("Reviewed")
    SELECTED = "selected", _("Selected")
    RESERVE = "reserve", _("On the reserve list")
    REJECTED = "rejected", _("Not selected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, user) -> "ApplicationQuerySet":
        """Verified members of the lead organisation see it, at any status; nobody else on the public side."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(
            lead__memberships__user=user, lead__memberships__verified_at__isnull=False
        ).distinct()

    def for_staff(self, user) -> "ApplicationQuerySet":
        """Staff see what was submitted; a draft stays with the city that writes it."""
        if not (user.is_active and user.is_staff):
            return self.none()
        return self.exclude(submitted_at__isnull=True)

    def live(self) -> "ApplicationQuerySet":
        return self.filter(status__in=[str(status) for status in LIVE])


class Application(models.Model):
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="applications")
    lead = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="applications")
    reference = models.CharField(_("reference"), max_length=30, unique=True)
    title = models.CharField(_("title"), max_length=250, blank=True)
    status = models.CharField(
        _("status"), max_length=12, choices=ApplicationStatus.choices, default=ApplicationStatus.DRAFT
    )
    version = models.PositiveIntegerField(_("version"), default=1)
    answers = models.JSONField(_("answers"), default=dict)
    form_version = models.PositiveSmallIntegerField(default=1)
    language = models.CharField(_("language"), max_length=8, default="en")
    created_at = models.DateTimeField(_("started"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(_("changed"))
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["-created_at", "-id"]
        permissions = [("decide_application", _("Can approve decisions"))]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "lead"],
                condition=~Q(status="withdrawn"),
                name="calls_application_one_live_per_lead",
            ),
            models.CheckConstraint(
                name="calls_application_submitted_has_instant",
                condition=Q(status__in=["draft", "withdrawn"]) | Q(submitted_at__isnull=False),
            ),
        ]
        indexes = [
            # the staff list of a call, newest submission first
            models.Index(fields=["call", "status", "-submitted_at"], name="calls_application_staff"),
            # the staff list over all calls
            models.Index(fields=["-submitted_at", "-id"], name="calls_application_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}".strip()

    def get_absolute_url(self) -> str:
        return reverse("calls:application", args=[self.reference])


class ApplicationPartner(models.Model):
    """A partner city of an application."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="partners")
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, default="municipality")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["application", "city"], name="calls_applicationpartner_once")
        ]

    def __str__(self) -> str:
        return str(self.city)


class StatusChange(models.Model):
    """One step of an application's life: who, when, why."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="status_changes")
    source = models.CharField(_("from"), max_length=12)
    target = models.CharField(_("to"), max_length=12)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("status change")
        verbose_name_plural = _("status changes")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.source} -> {self.target}"


class Attempt(models.Model):
    """Every attempt to submit, refused ones too: evidence in a dispute about a deadline."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="attempts")
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    accepted = models.BooleanField(_("accepted"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {'accepted' if self.accepted else self.reason}"
