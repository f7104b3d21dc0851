"""Networks of cities, who belongs to them since when, and the offices held."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cooperation.history.triggers import recorded
from partnerships.models.city import City
from partnerships.models.stated import Stated, StatedQuerySet


class Network(models.Model):
    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=60)
    slug = models.SlugField(unique=True)
    founded_year = models.PositiveSmallIntegerField(_("founded"), null=True, blank=True)
    website = models.URLField(_("website"), blank=True)

    class Meta:
        verbose_name = _("network")
        verbose_name_plural = _("networks")
        ordering = ["short_name"]

    def __str__(self) -> str:
        return self.short_name


class NetworkMembershipQuerySet(StatedQuerySet):
    def on(self, day: date) -> "NetworkMembershipQuerySet":
        """Verified memberships in force on a day. A membership without a first year has always been."""
        return (
            self.verified()
            .filter(Q(since_year__isnull=True) | Q(since_year__lte=day.year))
            .filter(Q(until_year__isnull=True) | Q(until_year__gte=day.year))
        )


class NetworkMembership(Stated):
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="memberships")
    city = models.ForeignKey(City, on_delete=models.CASCADE, related_name="network_memberships")
    founder = models.BooleanField(_("founding member"), default=False)
    since_year = models.PositiveSmallIntegerField(_("since"), null=True, blank=True)
    until_year = models.PositiveSmallIntegerField(_("until"), null=True, blank=True)
    dues_paid_until = models.DateField(_("dues paid until"), null=True, blank=True)
    basis = models.CharField(_("how this is known"), max_length=200, blank=True)

    objects = NetworkMembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("network membership")
        verbose_name_plural = _("network memberships")
        ordering = ["network__short_name"]
        constraints = [
            models.UniqueConstraint(fields=["network", "city"], name="partnerships_networkmembership_once")
        ]
        triggers = [recorded()]

    def __str__(self) -> str:
        return f"{self.city}, {self.network}"


class Office(models.Model):
    """An office held in a network, such as a vice-presidency."""

    membership = models.ForeignKey(NetworkMembership, on_delete=models.CASCADE, related_name="offices")
    titles = models.JSONField(_("title"))
    since_year = models.PositiveSmallIntegerField(_("since"))
    until_year = models.PositiveSmallIntegerField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering = ["since_year"]
        triggers = [recorded()]

    def __str__(self) -> str:
        return f"{self.titles.get('en', '')} {self.since_year}"
