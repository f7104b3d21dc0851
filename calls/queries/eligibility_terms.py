"""The terms that eligibility texts are made of: places, kinds, themes, amounts, lengths of time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from django.utils.formats import number_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_countries import countries as country_register

from partnerships.models.city import Theme
from partnerships.models.network import Network
from partnerships.models.organisation import OrganisationKind

LONGEST_LIST = 4  # a longer list is counted, not spelled out

DECLARED = {
    "planning_tool_completed": gettext_lazy("The planning tool is completed first"),
    "prior_step_done": gettext_lazy("The prior step is completed"),
    "team_of_3_to_5": gettext_lazy("Each side names 3 to 5 officials"),
    "majority_and_opposition": gettext_lazy("Each side's team has politicians of majority and opposition"),
    "political_endorsement": gettext_lazy("The political leadership stands behind the project"),
    "council_endorsement": gettext_lazy("The council has endorsed the project"),
    "own_means": gettext_lazy("The city takes part with its own time and means"),
    "study_visits": gettext_lazy("The city takes part in the study visits"),
}
DOCUMENTS = {
    "endorsement_letter": gettext_lazy("endorsement letter"),
    "council_resolution": gettext_lazy("council resolution"),
    "budget": gettext_lazy("budget"),
}


def spoken(slug: str) -> str:
    """A slug nobody has worded yet, as readable as it gets: "air-quality" becomes "air quality"."""
    return slug.replace("-", " ").replace("_", " ")


@dataclass(frozen=True)
class Vocabulary:
    """Names of themes and networks in the reader's language, by slug. Without one, slugs are spoken."""

    themes: Mapping[str, str] = field(default_factory=dict)
    networks: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def current(cls) -> Self:
        """All names in the active language: two queries, so load it once a page."""
        themes = {theme.slug: str(theme) for theme in Theme.objects.all()}
        return cls(themes, {network.slug: str(network) for network in Network.objects.all()})

    def theme_list(self, slugs: Iterable[str], last: str | None = None) -> str:
        """Themes by name, the last joined by "and" unless told otherwise."""
        return listed([self.themes.get(slug, spoken(slug)) for slug in slugs], last)

    def network_list(self, slugs: Iterable[str], last: str | None = None) -> str:
        """Networks by name, the last joined by "and" unless told otherwise."""
        return listed([self.networks.get(slug, spoken(slug).capitalize()) for slug in slugs], last)


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
    return str(DOCUMENTS.get(slug, spoken(slug)))
