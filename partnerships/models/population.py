"""How many inhabitants a city says it has; the register keeps its own number until staff verify it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cooperation.history.triggers import recorded
from partnerships.models.city import City
from partnerships.models.stated import Stated, StatedQuerySet


class PopulationStatement(Stated):
    """The newest counts. Verified, it becomes the population of the city."""

    city = models.ForeignKey(City, on_delete=models.CASCADE, related_name="population_statements")
    population = models.PositiveIntegerField(_("population"))
    year = models.PositiveSmallIntegerField(_("year of the population"))
    source = models.CharField(_("source of the population"), max_length=120)

    objects = StatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("stated population")
        verbose_name_plural = _("stated populations")
        ordering = ["-stated_at", "-id"]
        triggers = [recorded()]

    def __str__(self) -> str:
        return f"{self.population} ({self.source}, {self.year})"
