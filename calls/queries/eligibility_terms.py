"""The terms that eligibility texts are made of: places, kinds, themes, amounts, lengths of time."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self, cast

from django.utils.formats import number_format
from django.utils.functional import SimpleLazyObject
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_countries import countries as country_register

from calls.models import Call, Programme
from calls.queries.deadlines import word_day
from calls.queries.eligibility_labels import DOCUMENTS, label, spoken
from cooperation.web.languages import language_name
from partnerships.models.city import Theme
from partnerships.models.network import Network
from partnerships.models.organisation import OrganisationKind

Params = Mapping[str, Any]
Names = Mapping[str, str]

LONGEST_LIST = 4  # a longer list is counted, not spelled out


@dataclass(frozen=True)
class Vocabulary:
    """Names of the portal's records in the reader's language, by slug. Without one, slugs are spoken."""

    themes: Mapping[str, str] = field(default_factory=dict)
    networks: Mapping[str, str] = field(default_factory=dict)
    programmes: Mapping[str, str] = field(default_factory=dict)
    calls: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def current(cls) -> Self:
        """All names in the active language: two queries, so load it once a page.

        Programmes and calls are fetched when a rule speaks of one, which few rules do.
        """
        themes = {theme.slug: str(theme) for theme in Theme.objects.all()}
        networks = {network.slug: str(network) for network in Network.objects.all()}
        programmes, calls = SimpleLazyObject(_programmes), SimpleLazyObject(_calls)
        return cls(themes, networks, cast(Names, programmes), cast(Names, calls))

    def theme_list(self, slugs: Iterable[str], last: str | None = None) -> str:
        """Themes by name, the last joined by "and" unless told otherwise."""
        return listed([self.themes.get(slug, spoken(slug)) for slug in slugs], last)

    def network_list(self, slugs: Iterable[str], last: str | None = None) -> str:
        """Networks by name, the last joined by "and" unless told otherwise."""
        return listed([self.networks.get(slug, spoken(slug).capitalize()) for slug in slugs], last)

    def programme_list(self, slugs: Iterable[str], last: str | None = None) -> str:
        """Programmes by name, the last joined by "and" unless told otherwise."""
        return listed([self.programmes.get(slug, spoken(slug)) for slug in slugs], last)

    def call_list(self, slugs: Iterable[str], last: str | None = None) -> str:
        """Calls by title, the last joined by "and" unless told otherwise."""
        return listed([self.calls.get(slug, spoken(slug)) for slug in slugs], last)


Wording = Callable[[Params, Vocabulary], str]


def _programmes() -> dict[str, str]:
    return {programme.slug: str(programme) for programme in Programme.objects.all()}


def _calls() -> dict[str, str]:
    return {call.slug: str(call) for call in Call.objects.prefetch_related("texts")}


def listed(items: Sequence[str], last: str | None = None) -> str:
    """ "Ale, Gaborone and Ghanzi"; another last word such as "or" may be given."""
    return get_text_list(list(items), _("and") if last is None else last)


def country(code: str) -> str:
    """The label of a country or territory; the code itself where no label is known."""
    return str(country_register.name(code) or code)


def any_country(codes: Sequence[str]) -> str:
    """A few countries joined by "or"."""
    return listed([country(code) for code in codes], _("or"))


def kind(code: str) -> str:
    """The label of a kind of organisation."""
    return str(OrganisationKind(code).label) if code in OrganisationKind.values else spoken(code)


def any_kind(codes: Iterable[str]) -> str:
    """Kinds of organisation joined by "or"."""
    return listed([kind(code) for code in codes], _("or"))


def number(value: int | float) -> str:
    """A number in the reader's notation; a fraction with two places."""
    places = None if float(value).is_integer() else 2
    whole = int(value) if places is None else value
    return str(number_format(whole, decimal_pos=places, use_l10n=True, force_grouping=True))


def money(amount: int | float, currency: str) -> str:
    """The ISO code before the amount: "SEK 612,400"."""
    return f"{currency} {number(amount)}".strip()


def duration(months: int) -> str:
    """Whole years as years, anything else in months."""
    years, rest = divmod(months, 12)
    if years and not rest:
        return ngettext("%(count)s year", "%(count)s years", years) % {"count": years}
    return ngettext("%(count)s month", "%(count)s months", months) % {"count": months}


def document(slug: str) -> str:
    """What a required document is called."""
    return label(DOCUMENTS, slug)


def language_list(codes: Iterable[str], last: str | None = None) -> str:
    """Languages by name, the last joined by "and" unless told otherwise."""
    return listed([language_name(code) for code in codes], last)


def iso_day(value: str) -> str:
    """A date of a message in the reader's notation."""
    return word_day(date.fromisoformat(value))
