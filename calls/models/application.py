"""An application: one lead organisation's answer to a call, with partners. Operations change its status."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from calls.models.call import Call, Editorial
from calls.models.team import TeamMember
from calls.workflow import LIVE, Status
from cooperation.history.triggers import recorded
from partnerships.models import City, Membership, Organisation


class ApplicationStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    ELIGIBLE = "eligible", _("Eligible, under review")
    INELIGIBLE = "ineligible", _("Not eligible")
    REVIEWED = "reviewed", _("Reviewed")
    SELECTED = "selected", _("Selected")
    RESERVE = "reserve", _("On the reserve list")
    REJECTED = "rejected", _("Not selected")
    ACCEPTED = "accepted", _("Place accepted")
    DECLINED = "declined", _("Place declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, user) -> "ApplicationQuerySet":
        """Verified members of the lead organisation and the application's own team; nobody else."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        members = Membership.objects.verified().filter(user=user, organisation=models.OuterRef("lead"))
        team = TeamMember.objects.active().filter(user=user, application=models.OuterRef("pk"))
        return self.filter(models.Exists(members) | models.Exists(team))

    def for_staff(self, user) -> "ApplicationQuerySet":
        """Staff see what was submitted; a draft stays with the city that writes it, a reopened one too."""
        if not (user.is_active and user.is_staff):
            return self.none()
        return self.received()

    def received(self) -> "ApplicationQuerySet":
        """What the programme has in hand: submitted, and not reopened as a draft."""
        return self.exclude(submitted_at__isnull=True).exclude(status=Status.DRAFT)

    def for_reviewer(self, user) -> "ApplicationQuerySet":
        """What is assigned to this person and not ended; nothing else, whoever it is."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.received().filter(assignments__user=user, assignments__ended_at__isnull=True)

    def live(self) -> "ApplicationQuerySet":
        return self.filter(status__in=[str(status) for status in LIVE])


# What only the city sees until it submits, and what every autosave touches: not in the history.
LEFT_TO_THE_CITY = ("answers", "prefilled", "title", "version", "changed_at", "changed_by_id")


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
    # Where answers come from that nobody has saved yet: question key -> a source (see operations.prefilling).
    prefilled = models.JSONField(default=dict, blank=True)
    form_version = models.PositiveSmallIntegerField(default=1)
    language = models.CharField(_("language"), max_length=8, default="en")
    created_at = models.DateTimeField(_("started"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(_("changed"))
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    # A later deadline for this applicant alone; the reasons are in the extensions.
    extended_to = models.DateTimeField(_("extended to"), null=True, blank=True)
    # The application in the stage before, from which this one was invited.
    previous = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by"
    )

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["-created_at", "-id"]
        permissions = [
            ("screen_application", _("Can screen applications")),
            ("assign_application", _("Can invite reviewers and assign applications to them")),
            ("recommend_application", _("Can recommend outcomes")),
            ("decide_application", _("Can approve and publish decisions")),
        ]
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
        triggers = [recorded("id", leave_out=LEFT_TO_THE_CITY, drafts=False)]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}".strip()

    def get_absolute_url(self) -> str:
        return reverse("calls:application", args=[self.reference])

    @property
    def closes_at(self) -> datetime | None:
        """This applicant's deadline: the call's, or a later one granted to this application alone."""
        closes_at = self.call.closes_at
        return max(closes_at, self.extended_to) if closes_at and self.extended_to else closes_at

    def is_open(self, at: datetime) -> bool:
        """Whether the call takes this application's answers at an instant; strictly before its deadline."""
        if self.call.editorial != Editorial.PUBLISHED or at < self.call.opens_at:
            return False
        return self.closes_at is None or at < self.closes_at

    @property
    def is_editable_status(self) -> bool:
        """A draft, or what was submitted and may be submitted again until the deadline."""
        return self.status in (Status.DRAFT, Status.SUBMITTED)


class PartnerRole(models.TextChoices):
    PARTNER = "partner", _("partner")
    ASSOCIATE = "associate", _("associated, without a budget")
    FUNDER = "funder", _("funder")


class ApplicationPartner(models.Model):
    """A partner city of an application."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="partners")
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, default="municipality")
    role = models.CharField(
        _("role"), max_length=10, choices=PartnerRole.choices, default=PartnerRole.PARTNER
    )
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


class RolePlace(models.Model):
    """A city's numbered place in a call, by role; held from submission to withdrawal.

    A call that lets a city coordinate one application and join one other has one place for each role.
    The unique constraint holds the limit whatever happens at the same moment.
    """

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="+")
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(
        max_length=12, choices=[("coordinator", _("coordinator")), ("partner", _("partner"))]
    )
    slot = models.PositiveSmallIntegerField()
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="role_places")

    class Meta:
        verbose_name = _("place by role")
        verbose_name_plural = _("places by role")
        constraints = [
            models.UniqueConstraint(fields=["call", "city", "role", "slot"], name="calls_roleplace_limit"),
            models.UniqueConstraint(fields=["application", "city"], name="calls_roleplace_once"),
        ]

    def __str__(self) -> str:
        return f"{self.city}, {self.role} {self.slot}"


class Extension(models.Model):
    """A later deadline for one applicant, with its reason."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="extensions")
    closes_from = models.DateTimeField(_("closed before"))
    closes_to = models.DateTimeField(_("closes now"))
    reason = models.TextField(_("reason"))
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        ordering = ["at", "id"]
        triggers = [recorded("application_id")]

    def __str__(self) -> str:
        return f"{self.closes_to:%Y-%m-%d %H:%M}: {self.reason}"


class SectionVisit(models.Model):
    """Somebody looked at a section; so the task list can tell "looked at" from "not started"."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="visits")
    section = models.SlugField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "section"], name="calls_sectionvisit_once")
        ]

    def __str__(self) -> str:
        return self.section


class StatusChange(models.Model):
    """One step of an application's life: who, when, why."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="status_changes")
    source = models.CharField(_("from"), max_length=12)
    target = models.CharField(_("to"), max_length=12)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(_("note"), blank=True)
    # Screening against the frozen assessment; the note says why.
    overrides = models.BooleanField(_("against the assessment"), default=False)

    class Meta:
        verbose_name = _("status change")
        verbose_name_plural = _("status changes")
        ordering = ["at", "id"]
        triggers = [recorded("application_id")]

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
