"""Who scores what: experts, the panel of a call, assignments, and conflicts of interest.

A reviewer is not staff: nothing opens to them but the applications assigned to them. Staff can be
assigned too. An assignment that is not ended is the right to read one application and to score it.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from calls.models.application import Application
from calls.models.call import Call
from cooperation.history.triggers import recorded
from partnerships.models import City, Organisation, Theme


class Reviewer(models.Model):
    """An expert: what they know, what they read, where they stand."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reviewer", verbose_name=_("person")
    )
    areas = models.ManyToManyField(Theme, blank=True, related_name="+", verbose_name=_("areas"))
    languages = ArrayField(
        models.CharField(max_length=8), verbose_name=_("languages"), default=list, blank=True
    )
    country = CountryField(_("country or territory"), blank=True)
    city = models.ForeignKey(
        City, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("city")
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organisation"),
    )
    affiliation = models.CharField(_("affiliation"), max_length=200, blank=True)
    maximum_load = models.PositiveSmallIntegerField(_("applications at most"), default=12)
    note = models.TextField(_("note for staff"), blank=True)
    invited_at = models.DateTimeField(_("invited"))
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # They confirmed the invitation, their details and that they keep what they read to themselves.
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    declined_at = models.DateTimeField(_("declined"), null=True, blank=True)
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)

    class Meta:
        verbose_name = _("reviewer")
        verbose_name_plural = _("reviewers")
        ordering = ["user__name", "id"]
        triggers = [recorded()]

    def __str__(self) -> str:
        return str(self.user)


class PanelMember(models.Model):
    """A person who reviews in one call, with the load that this call gives them."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="panel")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="panels", verbose_name=_("reviewer")
    )
    minimum = models.PositiveSmallIntegerField(_("at least"), default=0)
    maximum = models.PositiveSmallIntegerField(_("at most"), default=12)
    added_at = models.DateTimeField(_("added"))
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("member of the panel")
        verbose_name_plural = _("panel")
        ordering = ["user__name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["call", "user"], name="calls_panelmember_once"),
            models.CheckConstraint(name="calls_panelmember_load", condition=Q(minimum__lte=F("maximum"))),
        ]
        triggers = [recorded()]

    def __str__(self) -> str:
        return f"{self.user}, {self.call}"


class AssignmentSource(models.TextChoices):
    HAND = "hand", _("by hand")
    FILE = "file", _("from a file")
    ENGINE = "engine", _("automatically")


class AssignmentEnd(models.TextChoices):
    UNASSIGNED = "unassigned", _("taken back by staff")
    ABSTAINED = "abstained", _("abstained")
    CONFLICT = "conflict", _("conflict of interest")


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def standing(self) -> "AssignmentQuerySet":
        """The assignments that are not ended."""
        return self.filter(ended_at__isnull=True)


class Assignment(models.Model):
    """One person reviews one application. Never deleted: it ends, with its reason."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="assignments")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="assignments",
        verbose_name=_("reviewer"),
    )
    source = models.CharField(_("source"), max_length=8, choices=AssignmentSource.choices)
    # A pinned assignment is kept when assignments are made anew.
    pinned = models.BooleanField(_("pinned"), default=False)
    assigned_at = models.DateTimeField(_("assigned"))
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # The reviewer said that no conflict of interest stands against reading this application.
    unconflicted_at = models.DateTimeField(_("no conflict declared"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    end = models.CharField(_("why it ended"), max_length=10, choices=AssignmentEnd.choices, blank=True)
    end_reason = models.TextField(_("reason"), blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "user"],
                condition=Q(ended_at__isnull=True),
                name="calls_assignment_once",
            ),
            models.CheckConstraint(
                name="calls_assignment_ended_pair",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, end="")
                | Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(end=""),
            ),
        ]
        indexes = [
            # a reviewer's own list
            models.Index(fields=["user", "ended_at"], name="calls_assignment_own"),
        ]
        triggers = [recorded("application_id")]

    def __str__(self) -> str:
        return f"{self.application.reference}, {self.user}"


class Conflict(models.Model):
    """A declared conflict of interest of a person with an application; by the person or by staff.

    Conflicts that follow from the records (city, organisation, country, earlier partner) are not stored:
    `calls.queries.conflicts` finds them each time. A declared one stays until staff lift it with a reason.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="conflicts")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="conflicts",
        verbose_name=_("reviewer"),
    )
    reason = models.TextField(_("reason"))
    at = models.DateTimeField(_("declared"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    lift_reason = models.TextField(_("why it was lifted"), blank=True)

    class Meta:
        verbose_name = _("conflict of interest")
        verbose_name_plural = _("conflicts of interest")
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "user"],
                condition=Q(lifted_at__isnull=True),
                name="calls_conflict_once",
            ),
            models.CheckConstraint(
                name="calls_conflict_lifted_pair",
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
            ),
        ]
        triggers = [recorded("application_id")]

    def __str__(self) -> str:
        return f"{self.application.reference}, {self.user}"
