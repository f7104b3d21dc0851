"""Cities that the register lacks, as somebody in them states them."""

from dataclasses import dataclass
from itertools import count

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils.text import slugify
from django.utils.translation import gettext as _

from partnerships.models import City
from partnerships.models.city import fold
from partnerships.operations.cities import languages_by_country

# Kept as data, in English; pages word it.
STATED = "Stated by the applicant"
# Any number: two people who add a city at once wait for each other, and the second finds it.
LOCK = 20_261_123


class AlreadyListed(Exception):
    """The register has this city; `city` is it and `str()` a sentence for the reader."""

    def __init__(self, city: City) -> None:
        super().__init__(_("%(city)s is listed already. Choose it.") % {"city": city})
        self.city = city


@dataclass(frozen=True)
class NewCity:
    """What somebody states about a city: its name, ISO code of the country, inhabitants if known."""

    name: str
    country: str
    population: int | None = None


@transaction.atomic
def state_city(*, new: NewCity) -> City:
    """Add a city, marked as stated by the applicant. Raises AlreadyListed for a name the country has.

    Its clock is that of the country's largest city, until somebody corrects it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    compatriots, name = City.objects.filter(country=new.country), f"|{fold(new.name)}"
    called_so = Q(search_text__contains=f"{name}|") | Q(search_text__endswith=name)
    if known := compatriots.filter(called_so).first():
        raise AlreadyListed(known)
    largest = compatriots.order_by(F("population").desc(nulls_last=True), "id").first()
    return City.objects.create(
        name=new.name,
        slug=_free_address(new),
        country=new.country,
        population=new.population,
        population_source=STATED,
        time_zone=largest.time_zone if largest else "UTC",
        languages=list(languages_by_country().get(new.country, ())),
    )


def _free_address(new: NewCity) -> str:
    base = f"{slugify(fold(new.name))[:90] or 'city'}-{new.country.lower()}"
    taken = set(City.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    if base not in taken:
        return base
    return next(slug for number in count(2) if (slug := f"{base}-{number}") not in taken)
