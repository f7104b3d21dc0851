"""The cities of the quick check as its address names them: found, to be chosen from, or not known."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from calls.queries.cities import LONGEST_WORDS, FoundCity, find_city
from partnerships.models import City, Membership

MOST_PARTNERS = 8  # the largest partnership of any programme here; each name is one look-up


@dataclass(frozen=True)
class CityField:
    """One city: what was typed and found, and the sentence that says what is wrong with it."""

    name: str
    id: str
    label: str
    found: FoundCity
    error: str = ""

    @property
    def settled(self) -> bool:
        """Nothing more to ask about it: one city, or left empty."""
        return not self.error and not self.found.candidates

    @property
    def value(self) -> str:
        """What stands for it in an address: the city's own, or the words as they were typed."""
        return self.found.city.slug if self.found.city else self.found.words


@dataclass(frozen=True)
class Cities:
    """The city that applies, and its partners as far as they were named."""

    lead: CityField
    partners: Sequence[CityField]

    @classmethod
    def read(cls, query: QueryDict, own: str = "") -> "Cities":
        """From the address; `own` is the reader's city where the address names none."""
        fields = [_field("lead", "id_lead", _("Your city"), query.get("lead", own), required=True)]
        typed = [words for words in query.getlist("partner") if words.strip()]
        for number, words in enumerate(typed[:MOST_PARTNERS], start=1):
            label = _("Partner city %(number)s") % {"number": number}
            others = [field.found.city for field in fields if field.found.city]
            fields.append(_field("partner", f"id_partner_{number}", label, words, others=others))
        return cls(fields[0], fields[1:])

    @property
    def partner_fields(self) -> list[CityField]:
        """The partners named, and an empty field for one more."""
        fields = list(self.partners)
        if len(fields) < MOST_PARTNERS:
            label = _("Another partner city") if fields else _("Partner city")
            fields.append(CityField("partner", f"id_partner_{len(fields) + 1}", label, FoundCity("")))
        return fields

    @property
    def chosen(self) -> list[City]:
        """The partners that are known."""
        return [field.found.city for field in self.partners if field.found.city]


def own_city(user: Any) -> str:
    """The address of the city for which the reader writes, so that it need not be typed."""
    if not user.is_authenticated:
        return ""
    own = Membership.objects.verified().filter(user=user, organisation__city__isnull=False)
    return own.order_by("id").values_list("organisation__city__slug", flat=True).first() or ""


def _field(
    name: str, id: str, label: str, words: str, *, required: bool = False, others: list[City] | None = None
) -> CityField:
    found = find_city(words)
    error = ""
    if len(words) > LONGEST_WORDS:
        error = _("Write the name of one city, at most %(limit)s characters.") % {"limit": LONGEST_WORDS}
    elif required and not words.strip():
        error = _("Name the city that leads.")
    elif found.unknown:
        about = {"name": words.strip()[:80]}
        error = (
            _("No city called “%(name)s” is known here. Check the spelling, or try its English name.") % about
        )
    elif found.city and found.city in (others or []):
        error = _("%(name)s is named twice. Each city takes part once.") % {"name": found.city.name}
    return CityField(name, id, label, found, error)
