"""What a city says of itself stands on its page at once, and counts once staff have verified it."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


def _person(words: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=words,
    )


class StatedQuerySet(models.QuerySet):
    def verified(self) -> Self:
        """What staff recorded or verified."""
        return self.filter(Q(stated_at__isnull=True) | Q(verified_at__isnull=False))

    def to_verify(self) -> Self:
        """What a city stated and staff have neither verified nor refused."""
        return self.filter(stated_at__isnull=False, verified_at__isnull=True, refused_at__isnull=True)

    def shown(self) -> Self:
        """What the city's page shows: everything but what staff refused."""
        return self.filter(refused_at__isnull=True)


class Stated(models.Model):
    """A fact with its origin: recorded by staff (no `stated_at`), or stated by a city's own people.

    A change by the city states it anew: it is neither verified nor refused then.
    """

    stated_at = models.DateTimeField(_("stated by the city"), null=True, blank=True, editable=False)
    stated_by = _person(_("stated by"))
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True, editable=False)
    verified_by = _person(_("verified by"))
    refused_at = models.DateTimeField(_("refused"), null=True, blank=True, editable=False)
    refused_by = _person(_("refused by"))
    refusal = models.TextField(_("reason of the refusal"), blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def is_verified(self) -> bool:
        return self.stated_at is None or self.verified_at is not None

    @property
    def is_refused(self) -> bool:
        return self.refused_at is not None
