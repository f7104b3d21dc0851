"""A city is its own record: a GeoNames id is optional, its population says year and source."""

import unicodedata

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from cooperation.history.triggers import recorded
from partnerships.models.wording import localise

# Letters that no Unicode decomposition turns into plain ones.
UNDECOMPOSED = str.maketrans(
    {"ł": "l", "Ł": "l", "ø": "o", "Ø": "o", "đ": "d", "Đ": "d", "ı": "i", "ß": "ss"}
)


def fold(text: str) -> str:
    """Lower case without accents, as compared in every search: "Växjö" and "vaxjo" are the same."""
    decomposed = unicodedata.normalize("NFKD", text.translate(UNDECOMPOSED))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).lower().strip()


class Theme(models.Model):
    """A field of cooperation, such as waste or participation."""

    slug = models.SlugField(primary_key=True)
    names = models.JSONField(_("names"), help_text=_("Language code and name."))
    sdgs = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("SDGs"), default=list, blank=True)

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["slug"]

    def __str__(self) -> str:
        return localise(self.names)


class Urbanisation(models.TextChoices):
    """Level 1 of the degree of urbanisation, as Eurostat and UN-Habitat define it."""

    CITY = "city", _("city")
    TOWN = "town_or_suburb", _("town or suburb")
    RURAL = "rural_area", _("rural area")


class CityQuerySet(models.QuerySet["City"]):
    def matching(self, words: str) -> "CityQuerySet":
        """Cities whose name or alternate name contains the words, without regard to accents."""
        return self.filter(search_text__contains=fold(words)) if words.strip() else self


class City(models.Model):
    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("address"), max_length=120, unique=True)
    country = CountryField(_("country or territory"))
    region = models.CharField(_("region"), max_length=200, blank=True)
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    population_year = models.PositiveSmallIntegerField(_("year of the population"), null=True, blank=True)
    population_source = models.CharField(_("source of the population"), max_length=120, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    climate = models.CharField(
        _("climate"),
        max_length=3,
        blank=True,
        validators=[RegexValidator("^[ABCDE][A-Za-z]{1,2}$", _("Two or three letters, such as Af or Cfa."))],
        help_text=_("Class of Köppen and Geiger, such as Cfa."),
    )
    coastal = models.BooleanField(
        _("by the sea"), null=True, blank=True, help_text=_("Within 20 km of the sea. Empty: not known.")
    )
    languages = ArrayField(
        models.CharField(max_length=8), verbose_name=_("languages"), default=list, blank=True
    )
    alternate_names = models.TextField(_("other names"), blank=True, help_text=_("Separated by |."))
    search_text = models.TextField(editable=False)
    geonames_id = models.PositiveIntegerField(_("GeoNames id"), null=True, blank=True, unique=True)
    # What the city itself counts; the portal may know fewer of them by name.
    twinnings_stated = models.PositiveSmallIntegerField(
        _("twinnings, as the city says"), null=True, blank=True
    )
    agreements_stated = models.PositiveSmallIntegerField(
        _("bilateral agreements, as the city says"), null=True, blank=True
    )
    # A database default too: the register is filled by COPY, which names only the columns of its file.
    urbanisation = models.CharField(
        _("degree of urbanisation"),
        max_length=16,
        choices=Urbanisation.choices,
        blank=True,
        default="",
        db_default="",
    )
    categories = ArrayField(
        models.SlugField(max_length=60),
        verbose_name=_("categories"),
        null=True,
        blank=True,
        help_text=_("Such as less_developed_region, separated by commas. Empty: nothing is recorded."),
    )
    # {language: text}, written by the city's own people
    descriptions = models.JSONField(_("about the city"), default=dict, db_default={}, blank=True)
    website = models.URLField(_("website"), blank=True, default="", db_default="")
    kept_at = models.DateTimeField(_("last change by the city"), null=True, blank=True, editable=False)
    themes = models.ManyToManyField(Theme, through="CityTheme", related_name="cities")

    objects = CityQuerySet.as_manager()

    class Meta:
        verbose_name = _("city")
        verbose_name_plural = _("cities")
        ordering = ["name", "id"]
        indexes = [
            # the chooser and the list search by part of any name
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="partnerships_city_search"),
            # eligible cities of a call: by country and population, answered without visiting the table
            models.Index(fields=["country", "population"], include=["id"], name="partnerships_city_country"),
            # the list of cities, largest first
            models.Index(models.F("population").desc(nulls_last=True), "name", name="partnerships_city_size"),
        ]
        # what is changed, not the thirty thousand that the register begins with
        triggers = [recorded(drafts=False, leave_out=("search_text", "kept_at"))]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.search_text = self.searchable()
        super().save(*args, **kwargs)

    def searchable(self) -> str:
        """Every name folded, each behind a bar, so that "starts with" is one contains."""
        names = [self.name, *self.alternate_names.split("|")]
        return "".join(f"|{name}" for name in dict.fromkeys(fold(name) for name in names) if name)

    def get_absolute_url(self) -> str:
        return reverse("partnerships:city", args=[self.slug])

    @property
    def description(self) -> str:
        return localise(self.descriptions)


class Direction(models.TextChoices):
    LEARN = "learn", _("wants to learn")
    TEACH = "teach", _("can teach")


class CityTheme(models.Model):
    """What a city wants to learn or can teach, by theme."""

    city = models.ForeignKey(City, on_delete=models.CASCADE, related_name="city_themes")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT)
    direction = models.CharField(_("direction"), max_length=8, choices=Direction.choices)

    class Meta:
        verbose_name = _("theme of a city")
        verbose_name_plural = _("themes of cities")
        constraints = [
            models.UniqueConstraint(fields=["city", "theme", "direction"], name="partnerships_citytheme_once")
        ]
        triggers = [recorded()]

    def __str__(self) -> str:
        return f"{self.get_direction_display()}: {self.theme}"
