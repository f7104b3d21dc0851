"""A partnership: who, in which role, on what, from when to when, paid by whom."""

from collections.abc import Sequence

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from cooperation.accounts.models import User
from cooperation.history.triggers import recorded
from partnerships.models.city import City, Theme
from partnerships.models.organisation import APPLYING, WRITERS, Membership, Organisation, Role
from partnerships.models.reminder_days import reminder_day, report_days
from partnerships.models.stated import Stated, StatedQuerySet
from partnerships.models.versioned import Versioned
from partnerships.models.wording import localise
from partnerships.workflow import At


class PartnershipKind(models.TextChoices):
    AGREEMENT = "agreement", _("agreement")
    TWINNING = "twinning", _("twinning")
    PROJECT = "project", _("project")
    PAIRING = "pairing", _("pairing")
    EXCHANGE = "exchange", _("exchange of people")


class Stage(models.TextChoices):
    """Its steps are in partnerships.workflow."""

    TALKS = At.TALKS.value, _("in talks")
    PROPOSED = At.PROPOSED.value, _("proposed")
    AGREED = At.AGREED.value, _("agreed")
    ACTIVE = At.ACTIVE.value, _("active")
    EXTENDED = At.EXTENDED.value, _("extended")
    COMPLETED = At.COMPLETED.value, _("completed")
    ENDED_EARLY = At.ENDED_EARLY.value, _("ended early")
    RECORDED = At.RECORDED.value, _("recorded, state not known")


class PartnershipQuerySet(StatedQuerySet):
    def of_city(self, city: City) -> "PartnershipQuerySet":
        """Those the city's page shows: verified ones, and what the city itself states."""
        member = Q(members__city=city) | Q(members__organisation__city=city)
        return self.filter(member).filter(self.stated_by_city(city) | self.confirmed()).distinct()

    def of_person(self, user: User) -> "PartnershipQuerySet":
        """Those whose members' pages a person may read, viewers, too; for others they are not there."""
        return self.filter(pk__in=Member.objects.acted_for(user, Role.values).values("partnership"))

    def listed(self) -> "PartnershipQuerySet":
        """Those in public lists and on the map; what one city alone says stands on its own page."""
        return self.filter(self.confirmed())

    @staticmethod
    def confirmed() -> Q:
        return Q(stated_at__isnull=True) | Q(verified_at__isnull=False)

    @staticmethod
    def stated_by_city(city: City) -> Q:
        return Q(stated_city=city, refused_at__isnull=True)


class Partnership(Versioned, Stated):
    slug = models.SlugField(_("address"), max_length=140, unique=True)
    titles = models.JSONField(_("title"))
    summaries = models.JSONField(_("summary"), default=dict, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=PartnershipKind.choices)
    stage = models.CharField(_("stage"), max_length=12, choices=Stage.choices)
    programme = models.CharField(_("programme"), max_length=120, blank=True)
    funder = models.CharField(_("who pays"), max_length=200, blank=True)
    implementer = models.CharField(_("who carries it out"), max_length=200, blank=True)
    start_year = models.PositiveSmallIntegerField(_("from"), null=True, blank=True)
    end_year = models.PositiveSmallIntegerField(_("to"), null=True, blank=True)
    founded_at = models.DateTimeField(_("founded here"), null=True, blank=True)
    local_task_force = models.BooleanField(_("local task force"), default=False)
    # {language: [field, ...]}: the priority fields of an agreement, in its own words
    fields = models.JSONField(_("fields"), default=dict, blank=True)
    # days before a report is due on which its members are reminded; negative ones after
    report_reminder_days = ArrayField(
        reminder_day(),
        verbose_name=_("reminders of reports, days before they are due"),
        default=report_days,
        blank=True,
        help_text=_("A number below zero: days after, as in “30, 7, -1”."),
    )
    # of an agreement or a twinning made outside this portal
    signed_on = models.DateField(_("signed"), null=True, blank=True)
    renewal_on = models.DateField(_("to be renewed by"), null=True, blank=True)
    # the city whose own people state it, where it is `Stated`
    stated_city = models.ForeignKey(
        City,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="stated_partnerships",
        verbose_name=_("stated by the city"),
    )
    source = models.CharField(_("source"), max_length=200, blank=True)
    certainty = models.CharField(
        _("certainty"), max_length=120, blank=True, help_text=_("How sure this is, in words.")
    )
    themes = models.ManyToManyField(Theme, blank=True, related_name="partnerships", verbose_name=_("themes"))

    objects = PartnershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("partnership")
        verbose_name_plural = _("partnerships")
        ordering = [models.F("start_year").desc(nulls_last=True), "slug"]
        constraints = [
            models.CheckConstraint(
                name="partnerships_years_in_order",
                condition=Q(end_year__isnull=True)
                | Q(start_year__isnull=True)
                | Q(end_year__gte=models.F("start_year")),
            )
        ]
        triggers = [recorded()]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return localise(self.titles)

    @property
    def summary(self) -> str:
        return localise(self.summaries)

    def get_absolute_url(self) -> str:
        return reverse("partnerships:partnership", args=[self.slug])


class MemberRole(models.TextChoices):
    COORDINATOR = "coordinator", _("coordinates")
    PARTNER = "partner", _("partner")
    COLLABORATOR = "collaborator", _("collaborates without being a member")
    REQUESTER = "requester", _("requests")
    SUPPORTER = "supporter", _("supports")
    PARTICIPANT = "participant", _("takes part")


# The roles that carry an agreement and sign it; others help without being bound.
SIGNING = (MemberRole.COORDINATOR, MemberRole.PARTNER, MemberRole.REQUESTER, MemberRole.PARTICIPANT)


class MemberQuerySet(models.QuerySet["Member"]):
    def present(self) -> "MemberQuerySet":
        """Those who have not left."""
        return self.filter(left_on__isnull=True)

    def acted_for(self, user: User, roles: Sequence[str] = WRITERS) -> "MemberQuerySet":
        """Those that a person acts for: the organisation itself, or the city its organisation stands for.

        Who left a partnership has no seat in it, and what one city alone states of another gives none.
        """
        mine = Membership.objects.verified().filter(user=user.pk, user__is_active=True, role__in=roles)
        standing = mine.filter(organisation__kind__in=APPLYING, organisation__city__isnull=False)
        own = Q(organisation__in=mine.values("organisation"))
        own |= Q(city__in=standing.values("organisation__city"))
        return self.present().filter(own, partnership__in=Partnership.objects.listed())


class Member(models.Model):
    """A city or another organisation in a partnership, with its role. Who left stays, with day and reason."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="members")
    city = models.ForeignKey(
        City, on_delete=models.PROTECT, null=True, blank=True, related_name="partnership_members"
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="partnership_members",
        verbose_name=_("organisation"),
    )
    role = models.CharField(_("role"), max_length=12, choices=MemberRole.choices)
    display_name = models.CharField(_("name in this partnership"), max_length=200, blank=True)
    notes = models.JSONField(_("notes"), default=dict, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    joined_on = models.DateField(_("joined"), null=True, blank=True)
    left_on = models.DateField(_("left"), null=True, blank=True)
    left_reason = models.TextField(_("why it left"), blank=True)
    replaces = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("in the place of"),
    )

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                name="partnerships_member_is_somebody",
                condition=Q(city__isnull=False) | Q(organisation__isnull=False) | ~Q(display_name=""),
            ),
            models.CheckConstraint(
                name="partnerships_member_left_with_reason",
                condition=Q(left_on__isnull=True, left_reason="")
                | (Q(left_on__isnull=False) & ~Q(left_reason="")),
            ),
        ]
        triggers = [recorded()]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.display_name or str(self.city or self.organisation)

    @property
    def signs(self) -> bool:
        return self.left_on is None and self.role in SIGNING


class StageChange(models.Model):
    """One step of a partnership's life: who, when, why."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="stage_changes")
    source = models.CharField(_("from"), max_length=12, choices=Stage.choices)
    target = models.CharField(_("to"), max_length=12, choices=Stage.choices)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("change of stage")
        verbose_name_plural = _("changes of stage")
        ordering = ["at", "id"]
        triggers = [recorded()]

    def __str__(self) -> str:
        return f"{self.source} -> {self.target}"


class ExchangedPeople(models.TextChoices):
    TRAINEES = "trainees", _("trainees")
    EXPERTS = "experts", _("experts")
    OFFICIALS = "officials", _("officials and politicians")


class ExchangeDirection(models.TextChoices):
    SENT = "sent", _("sent")
    RECEIVED = "received", _("received")


class Exchange(models.Model):
    """People sent to learn or received to teach."""

    city = models.ForeignKey(City, on_delete=models.CASCADE, related_name="exchanges")
    direction = models.CharField(_("direction"), max_length=10, choices=ExchangeDirection.choices)
    programme = models.CharField(_("programme"), max_length=200)
    fields = models.JSONField(_("fields"))
    country = CountryField(_("other country"), blank=True)
    hosts = models.JSONField(_("host"), default=dict, blank=True)
    summaries = models.JSONField(_("summary"), default=dict, blank=True)
    since_year = models.PositiveSmallIntegerField(_("since"), null=True, blank=True)
    people = models.PositiveIntegerField(_("number of people"), null=True, blank=True)
    sort = models.CharField(_("who"), max_length=10, choices=ExchangedPeople.choices, blank=True)
    partnership = models.ForeignKey(
        Partnership,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="exchanges",
        verbose_name=_("partnership"),
    )
    # where the people went to or came from, when that city is known by name
    other_city = models.ForeignKey(
        City,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("other city"),
    )

    class Meta:
        verbose_name = _("exchange of people")
        verbose_name_plural = _("exchanges of people")
        ordering = ["id"]
        triggers = [recorded()]

    def __str__(self) -> str:
        return self.programme
