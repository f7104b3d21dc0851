"""The search for partners without an organiser: ideas on a public board, and who would join them."""

from datetime import date, timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cooperation.history.triggers import recorded
from partnerships.models.city import City, Theme
from partnerships.models.organisation import Membership, Organisation

STANDS_FOR = timedelta(days=365)
MOST_PARTNERS = 12


class IdeaQuerySet(models.QuerySet["Idea"]):
    def published(self) -> "IdeaQuerySet":
        """What everybody may read: neither taken back by its city nor taken down by staff."""
        return self.filter(withdrawn_at__isnull=True, hidden_at__isnull=True)

    def visible_to(self, user) -> "IdeaQuerySet":
        """Published ideas; one's own and, for staff, all of them also when they are taken back or down."""
        if user.is_staff:
            return self
        shown = Q(withdrawn_at__isnull=True, hidden_at__isnull=True)
        if not user.is_authenticated:
            return self.filter(shown)
        own = Membership.objects.verified().filter(user=user, user__is_active=True)
        return self.filter(shown | Q(organisation__in=own.values("organisation")))

    def seeking(self, on: date) -> "IdeaQuerySet":
        """Those that still look for partners on a day."""
        return self.published().filter(completed_at__isnull=True, stands_until__gte=on)


class Idea(models.Model):
    """What a city wants to do with others, what it brings and what it seeks.

    It stands for a year and can be renewed. `completed_at`: enough partners are found.
    """

    slug = models.SlugField(_("address"), max_length=120, unique=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="ideas", verbose_name=_("organisation")
    )
    language = models.CharField(_("language of the text"), max_length=7, choices=settings.LANGUAGES)
    title = models.CharField(_("title"), max_length=120)
    wants = models.TextField(_("what we want to do"), max_length=2000)
    brings = models.TextField(_("what we bring"), max_length=1000, blank=True)
    seeks = models.TextField(_("whom we seek"), max_length=1000)
    themes = models.ManyToManyField(Theme, related_name="ideas", verbose_name=_("themes"))
    countries = ArrayField(
        models.CharField(max_length=2), verbose_name=_("countries we seek in"), default=list, blank=True
    )
    languages = ArrayField(
        models.CharField(max_length=8), verbose_name=_("languages we work in"), default=list
    )
    partners_wanted = models.PositiveSmallIntegerField(
        _("partners we seek"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_PARTNERS)],
    )
    stands_until = models.DateField(_("stands until"))
    published_at = models.DateTimeField(_("published"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("published by")
    )
    changed_at = models.DateTimeField(_("changed"))
    version = models.PositiveIntegerField(default=1)
    completed_at = models.DateTimeField(_("complete since"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    hidden_at = models.DateTimeField(_("taken down by staff"), null=True, blank=True)
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    hidden_reason = models.CharField(_("why"), max_length=300, blank=True)

    objects = IdeaQuerySet.as_manager()

    class Meta:
        verbose_name = _("idea")
        verbose_name_plural = _("ideas")
        ordering = ["-published_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="partnerships_idea_hidden_pair",
                condition=Q(hidden_at__isnull=True, hidden_by__isnull=True)
                | (Q(hidden_at__isnull=False, hidden_by__isnull=False) & ~Q(hidden_reason="")),
            ),
        ]
        indexes = [
            # the board asks which ideas seek a partner in a country
            GinIndex(fields=["countries"], name="partnerships_idea_countries"),
        ]
        triggers = [recorded()]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("partnerships:idea", args=[self.slug])

    @property
    def city(self) -> City | None:
        return self.organisation.city

    def is_seeking(self, on: date) -> bool:
        """Whether it still looks for partners on a day."""
        gone = self.completed_at or self.withdrawn_at or self.hidden_at
        return not gone and self.stands_until >= on


class InterestQuerySet(models.QuerySet["Interest"]):
    def standing(self) -> "InterestQuerySet":
        return self.filter(withdrawn_at__isnull=True)


class Interest(models.Model):
    """An organisation would join an idea. Contact data are shown once the interest is mutual."""

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="interests")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="interests", verbose_name=_("organisation")
    )
    message = models.TextField(_("why we fit"), max_length=1500)
    expressed_at = models.DateTimeField(_("expressed"))
    expressed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("expressed by")
    )
    # The idea's side answers: mutual or not.
    mutual = models.BooleanField(_("mutual"), null=True, blank=True)
    answer = models.TextField(_("answer"), max_length=1000, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    withdrawn_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    objects = InterestQuerySet.as_manager()

    class Meta:
        verbose_name = _("expression of interest")
        verbose_name_plural = _("expressions of interest")
        ordering = ["expressed_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["idea", "organisation"],
                condition=Q(withdrawn_at__isnull=True),
                name="partnerships_interest_once",
            ),
            models.CheckConstraint(
                name="partnerships_interest_answer_whole",
                condition=Q(mutual__isnull=True, answered_at__isnull=True, answered_by__isnull=True)
                | Q(mutual__isnull=False, answered_at__isnull=False, answered_by__isnull=False),
            ),
        ]
        triggers = [recorded()]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.idea}"


class Suggestion(models.Model):
    """How well an idea fits a city by the matching engine, computed in the background."""

    city = models.ForeignKey(City, on_delete=models.CASCADE, related_name="suggestions")
    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="suggestions")
    score = models.PositiveIntegerField(_("score"), help_text=_("Thousandths of a point, 100,000 at most."))
    # The engine's points and facts for each criterion.
    criteria = models.JSONField(_("reasons"))
    computed_at = models.DateTimeField(_("computed"))

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        ordering = ["-score", "id"]
        constraints = [models.UniqueConstraint(fields=["city", "idea"], name="partnerships_suggestion_once")]

    def __str__(self) -> str:
        return f"{self.city}: {self.idea}"
