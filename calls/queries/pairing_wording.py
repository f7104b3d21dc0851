"""What a pairing run's words are made of: names of cities and themes, criteria, states, points."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from calls.queries.eligibility_terms import Vocabulary, listed
from partnerships.matching.profiles import FULL_SCORE

POINT = FULL_SCORE // 100  # milli-points in a point
LOW = 250  # per mille; up to here a bar is drawn in the colour of a warning, as the engine's reasons against

CRITERIA = {
    "challenges": gettext_lazy("Shared challenge"),
    "learning": gettext_lazy("Mutual learning"),
    "themes": gettext_lazy("Shared themes and goals"),
    "size": gettext_lazy("Comparable size"),
    "wishes": gettext_lazy("Mutual wishes"),
    "languages": gettext_lazy("Common language"),
    "time_zone": gettext_lazy("Shared working hours"),
    "climate": gettext_lazy("Like climate"),
    "coast": gettext_lazy("By the sea or inland"),
    "exposure": gettext_lazy("Experience abroad"),
    "distance": gettext_lazy("Distance"),
}
STATUSES = {
    "optimal": gettext_lazy("proven optimal"),
    "optimal_with_shortfalls": gettext_lazy("proven optimal; a minimum quota could not be filled"),
    "time_limited": gettext_lazy("the best found in the time given; a better one may exist"),
    "infeasible_pins": gettext_lazy("not solved: the fixed pairs cannot all hold"),
    "invalid_input": gettext_lazy("not solved: the input has faults"),
}


@dataclass(frozen=True)
class Words:
    """What the words of a run are made of: city names by reference, and the names of themes."""

    cities: Mapping[str, str]
    vocabulary: Vocabulary

    def city(self, reference: str) -> str:
        return self.cities.get(reference, reference)

    def several(self, references: Sequence[str], count: int) -> str:
        """ "Essen, Porto and 3 more"."""
        named = [self.city(reference) for reference in references[:4]]
        if left := count - len(named):
            named.append(ngettext("%(count)s more", "%(count)s more", left) % {"count": left})
        return listed(named)


def inhabitants(place: str, population: str) -> str:
    """ "Germany, 1,841,179 inhabitants"."""
    return _("%(place)s, %(population)s inhabitants") % {"place": place, "population": population}


def criterion(code: str) -> str:
    return str(CRITERIA.get(code, code.replace("_", " ").capitalize()))


def status(code: str) -> str:
    """How a run ended, as the end of "Run 3: ..."."""
    return str(STATUSES.get(code, code.replace("_", " ")))


def points(milli: float) -> str:
    """Milli-points as points with one place: "87.4"."""
    return str(number_format(round(milli / POINT, 1), decimal_pos=1, force_grouping=True))


def signed(milli: float) -> str:
    """A gain or a loss in points: "+2.1", "−5.2"; with a true minus sign."""
    if not round(milli / POINT, 1):
        return points(0)
    return ("+" if milli > 0 else "−") + points(abs(milli))


def as_sentence(clauses: Sequence[str]) -> str:
    """Main clauses joined to one sentence: "Both work on mobility and their teams can meet in English."."""
    return capfirst(listed(list(clauses))) + "."


def lost(row: Mapping[str, Any]) -> int:
    """Milli-points that a known criterion did not give."""
    return int(row["maximum"] - row["points"]) if row["known"] else 0
