"""What came of a partnership: figures measured against a target, and stories told."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cooperation.history.triggers import recorded
from partnerships.models.partnership import Partnership
from partnerships.models.versioned import Versioned


class Indicator(Versioned):
    """Something counted, for one of the 17 Sustainable Development Goals."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="indicators")
    label = models.CharField(_("what is counted"), max_length=200)
    sdg = models.PositiveSmallIntegerField(_("goal"), null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    baseline = models.DecimalField(_("at the start"), max_digits=14, decimal_places=2, null=True, blank=True)
    target = models.DecimalField(_("target"), max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["sdg", "id"]
        constraints = [
            models.CheckConstraint(
                name="partnerships_indicator_goal",
                condition=Q(sdg__isnull=True) | Q(sdg__gte=1, sdg__lte=17),
            )
        ]
        triggers = [recorded()]

    def __str__(self) -> str:
        return self.label


class Measurement(models.Model):
    """A value on a day. One of the same day replaces it; the history keeps both."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="measurements")
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=2)
    on = models.DateField(_("measured on"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("entered"))

    class Meta:
        verbose_name = _("measurement")
        verbose_name_plural = _("measurements")
        ordering = ["on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "on"], name="partnerships_measured_once_a_day")
        ]
        triggers = [recorded()]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.value}"


class StoryQuerySet(models.QuerySet["Story"]):
    def public(self) -> "StoryQuerySet":
        return self.filter(published_at__isnull=False)


class Story(Versioned):
    """A result told in words. Members write it; everybody reads it once it is published."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="stories")
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"))
    link = models.URLField(_("link"), max_length=500, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    changed_at = models.DateTimeField(_("changed"))
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = StoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("result or story")
        verbose_name_plural = _("results and stories")
        ordering = [models.F("published_at").desc(nulls_first=True), "-id"]
        triggers = [recorded()]

    def __str__(self) -> str:
        return self.title
