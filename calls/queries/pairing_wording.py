"""The matching engine's codes in the reader's words: criteria, reasons for and against, causes, states."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from calls.queries.eligibility_terms import Vocabulary, listed, number
from calls.queries.texts import language_name

CRITERIA = {
    "challenges": gettext_lazy("Shared challenge"),
    "learning": gettext_lazy("Mutual learning"),
    "size": gettext_lazy("Comparable size"),
    "wishes": gettext_lazy("Mutual wishes"),
    "languages": gettext_lazy("Common language"),
    "time_zone": gettext_lazy("Shared working hours"),
}
STATUSES = {
    "optimal": gettext_lazy("proven optimal"),
    "optimal_with_shortfalls": gettext_lazy("proven optimal; a minimum quota could not be filled"),
    "infeasible_pins": gettext_lazy("not solved: the fixed pairs cannot all hold"),
    "invalid_input": gettext_lazy("not solved: the input has faults"),
}
LOW = 250  # per mille; up to here a bar is drawn in the colour of a warning, as the engine's reasons against


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


def seen(code: str, facts: Mapping[str, Any], known: bool, a: str, b: str, words: Words) -> str:
    """What a criterion looked at, in one short line; says when a city has not given the data."""
    if not known:
        return _("No data of one of the two; the other criteria carry its weight")
    return SEEN[code](facts, a, b, words) if code in SEEN else ""


def _challenges(facts: Mapping[str, Any], a: str, b: str, words: Words) -> str:
    return words.vocabulary.theme_list(facts["shared"]) or _("none in common")


def _learning(facts: Mapping[str, Any], a: str, b: str, words: Words) -> str:
    lines = [
        _("%(city)s learns %(themes)s") % {"city": city, "themes": words.vocabulary.theme_list(themes)}
        for city, themes in ((a, facts["a_learns"]), (b, facts["b_learns"]))
        if themes
    ]
    return "; ".join(lines) or _("neither offers what the other asks for")


def ratio(facts: Mapping[str, Any]) -> float:
    """How many times larger the larger city is."""
    small, large = sorted((facts["population_a"], facts["population_b"]))
    return round(large / small, 1)


def _size(facts: Mapping[str, Any], a: str, b: str, words: Words) -> str:
    return _("%(a)s and %(b)s inhabitants") % {
        "a": number(facts["population_a"]),
        "b": number(facts["population_b"]),
    }


def _wishes(facts: Mapping[str, Any], a: str, b: str, words: Words) -> str:
    lines = [
        _("%(city)s: wish number %(place)s") % {"city": city, "place": place}
        for city, place in ((a, facts["wish_of_a"]), (b, facts["wish_of_b"]))
        if place
    ]
    return "; ".join(lines) or _("neither named the other")


def _languages(facts: Mapping[str, Any], a: str, b: str, words: Words) -> str:
    return listed([language_name(code) for code in facts["shared"]]) or _("none in common")


def _time_zone(facts: Mapping[str, Any], a: str, b: str, words: Words) -> str:
    if not facts["minutes_apart"]:
        return _("the same clock")
    return _("%(hours)s hours apart") % {"hours": number(facts["minutes_apart"] / 60)}


SEEN: Mapping[str, Callable[[Mapping[str, Any], str, str, Words], str]] = {
    "challenges": _challenges,
    "learning": _learning,
    "size": _size,
    "wishes": _wishes,
    "languages": _languages,
    "time_zone": _time_zone,
}


def reason_for(code: str, facts: Mapping[str, Any], a: str, b: str, words: Words) -> str:
    """Why a criterion speaks for the pair, as a sentence."""
    names = {"a": a, "b": b, "seen": seen(code, facts, True, a, b, words)}
    texts = {
        "challenges": _("Both chose %(seen)s."),
        "learning": _("%(seen)s."),
        "size": _("They are of comparable size: %(seen)s."),
        "wishes": _("%(a)s and %(b)s named each other among their wishes."),
        "languages": _("Their teams can meet in %(seen)s."),
        "time_zone": _("Most of the working day is shared: %(seen)s."),
    }
    return texts.get(code, criterion(code)) % names


def reason_against(code: str, facts: Mapping[str, Any], a: str, b: str, words: Words) -> str:
    """Why a criterion speaks against the pair, as a sentence."""
    names = {"a": a, "b": b, "seen": seen(code, facts, True, a, b, words)}
    if code == "size":
        names["ratio"] = number(ratio(facts))
    texts = {
        "challenges": _("They named hardly any challenge in common."),
        "learning": _("Little of what one wants to learn is what the other can teach."),
        "size": _("One is %(ratio)s times larger than the other."),
        "wishes": _("Neither city named the other among its first wishes."),
        "languages": _("Their teams have no common language on record."),
        "time_zone": _("Their working days hardly meet: %(seen)s."),
    }
    return texts.get(code, criterion(code)) % names


def sentence(speaks_for: Sequence[str], speaks_against: Sequence[str]) -> str:
    """A pair in one sentence: what speaks for it and what against."""
    named = {
        "strong": listed([criterion(code).lower() for code in speaks_for]),
        "weak": listed([criterion(code).lower() for code in speaks_against]),
    }
    if speaks_for and speaks_against:
        return _("For this pair: %(strong)s. Against it: %(weak)s.") % named
    if speaks_for:
        return _("For this pair: %(strong)s. Nothing in the data speaks against it.") % named
    return _("No criterion is strong here; all pairs together are still the best possible.")


def unmatched(reason: Mapping[str, Any], words: Words) -> str:
    """Why a city has no partner, from the engine's cause, as a sentence."""
    code, params = reason["code"], reason["params"]
    if code == "no_capacity":
        return _("It takes no partner in this run.")
    if code == "no_candidate":
        return _no_candidate(params)
    if code == "quota_full":
        return _("All %(maximum)s places of “%(quota)s” are taken by cities with a better total.") % params
    if code == "competition":
        return _competition(params, words)
    return code.replace("_", " ")


def _no_candidate(params: Mapping[str, Any]) -> str:
    if params["below_minimum"]:
        text = ngettext(
            "No city could be its partner; %(count)s stays below the minimum score.",
            "No city could be its partner; %(count)s stay below the minimum score.",
            params["below_minimum"],
        )
        return text % {"count": params["below_minimum"]}
    if params["vetoed"]:
        return _("Every possible partner is excluded by a veto.")
    return _("There is no city on the other side.")


def _competition(params: Mapping[str, Any], words: Words) -> str:
    count, places = params["city_count"], params["place_count"]
    text = ngettext(
        "%(count)s city competes for %(places)s places: %(names)s. Another choice would cost more in total.",
        "%(count)s cities compete for %(places)s places: %(names)s. Another choice would cost more in total.",
        count,
    )
    if places == 1:
        text = _("%(count)s cities compete for 1 place: %(names)s. Another choice would cost more in total.")
    sentence = text % {"count": count, "places": places, "names": words.several(params["cities"], count)}
    if params["quotas"]:
        return " ".join([sentence, _("Full quotas: %(quotas)s.") % {"quotas": listed(params["quotas"])}])
    return sentence


def message(row: Mapping[str, Any], words: Words) -> str:
    """A warning or a fault of a run, as a sentence; codes without a text of their own are spelt out."""
    code, params = row["code"], dict(row["params"])
    params |= {key: words.city(params[key]) for key in ("a", "b", "city") if key in params}
    text = MESSAGES.get(code)
    if text is None:
        return code.replace("_", " ").capitalize() + "."
    return str(text) % params


MESSAGES = {
    "veto_without_effect": gettext_lazy(
        "The veto on %(a)s and %(b)s had no effect: not both are in the run."
    ),
    "pin_below_minimum_score": gettext_lazy("The fixed pair %(a)s and %(b)s is below the minimum score."),
    "pin_vetoed": gettext_lazy("%(a)s and %(b)s are fixed as a pair and excluded by a veto."),
    "pin_unknown_city": gettext_lazy("A fixed pair names %(city)s, which is not in the run."),
    "pins_exceed_capacity": gettext_lazy("%(city)s has %(pins)s fixed pairs and takes %(capacity)s."),
    "pins_exceed_quota": gettext_lazy("“%(quota)s” has %(maximum)s places and %(pins)s fixed pairs."),
    "weights_sum": gettext_lazy("The weights sum to %(sum)s instead of %(expected)s."),
    "unknown_criterion": gettext_lazy("The call weighs “%(criterion)s”, which the engine does not know."),
    "negative_weight": gettext_lazy("The weight of “%(criterion)s” is negative."),
    "minimum_score_range": gettext_lazy("The minimum score lies outside 0 to 100."),
    "city_on_both_sides": gettext_lazy("%(city)s stands on both sides."),
    "duplicate_city": gettext_lazy("%(city)s stands twice on one side."),
    "negative_capacity": gettext_lazy("%(city)s has a negative number of places."),
    "population_range": gettext_lazy("%(city)s has no sound population."),
    "quota_limits": gettext_lazy("The quota “%(quota)s” asks for more than it allows."),
    "quota_without_countries": gettext_lazy("The quota “%(quota)s” names no country."),
    "quotas_cross": gettext_lazy(
        "The quotas “%(quota)s” and “%(other)s” overlap without one holding the other."
    ),
}
