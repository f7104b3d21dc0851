"""Which city did the reader mean? Words from an address or a form, resolved without guessing."""

from dataclasses import dataclass, field

from django.db.models import F, Q
from django.utils.translation import override

from calls.queries.eligibility_terms import country
from partnerships.models import City
from partnerships.models.city import fold

LONGEST_WORDS = 200  # characters; longer than any name of a city with its country
MOST_OFFERED = 20  # cities to choose from
MOST_READ = 200  # more cities than share a name


@dataclass(frozen=True)
class FoundCity:
    """What was typed, and the one city it names, or several to choose from, or none."""

    words: str
    city: City | None = None
    candidates: list[City] = field(default_factory=list)

    @property
    def unknown(self) -> bool:
        return bool(self.words) and self.city is None and not self.candidates

    @property
    def label(self) -> str:
        """What stands in the field: the city's full name once it is known, else what was typed."""
        return full_name(self.city) if self.city else self.words


def full_name(city: City) -> str:
    """A city with what tells it from others of its name: "Rosario, Santa Fe, Argentina"."""
    return ", ".join(filter(None, [city.name, city.region, country(str(city.country))]))


def find_city(words: str) -> FoundCity:
    """The city of an address part ("ale") or of words ("Ale, Sweden", without regard to accents).

    A whole name wins over the beginning of one, the usual name over another one. Words that fit several
    cities give these to choose from, the largest first. At most four queries.
    """
    words = words.strip()
    if not words or len(words) > LONGEST_WORDS:
        return FoundCity(words)
    if " " not in words and (city := City.objects.filter(slug=words).first()):
        return FoundCity(words, city)
    name, *rest = (fold(part) for part in words.split(","))
    where = [part for part in rest if part]
    if not name:
        return FoundCity(words)
    whole = Q(search_text__contains=f"|{name}|") | Q(search_text__endswith=f"|{name}")
    for chosen in (whole, Q(search_text__contains=f"|{name}"), Q(search_text__contains=name)):
        largest_first = City.objects.filter(chosen).order_by(F("population").desc(nulls_last=True), "id")
        found = [city for city in largest_first[:MOST_READ] if _lies_in(city, where)]
        found = [city for city in found if fold(city.name) == name] or found
        if found:
            return (
                FoundCity(words, found[0])
                if len(found) == 1
                else FoundCity(words, None, found[:MOST_OFFERED])
            )
    return FoundCity(words)


def _lies_in(city: City, where: list[str]) -> bool:
    """Whether every further part, such as a region or a country, describes the city."""
    known = {fold(country(str(city.country))), fold(str(city.country)), fold(city.region)}
    with override("en"):
        known.add(fold(country(str(city.country))))
    return all(part in known for part in where)
