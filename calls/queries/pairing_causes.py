"""The engine's causes in words: no partner, a run refused, two cities not paired."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from calls.queries.eligibility_terms import country, listed
from calls.queries.pairing_wording import Words, criterion, points

Params = Mapping[str, Any]


def unmatched(reason: Params, words: Words) -> str:
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
    return message({"code": code, "params": params}, words)


def _no_candidate(params: Params) -> str:
    if params.get("below_minimum"):
        text = ngettext(
            "No city could be its partner; %(count)s stays below the minimum score.",
            "No city could be its partner; %(count)s stay below the minimum score.",
            params["below_minimum"],
        )
        return text % {"count": params["below_minimum"]}
    if params.get("vetoed"):
        return _("Every possible partner is excluded by a veto.")
    return _("There is no city on the other side.")


def _competition(params: Params, words: Words) -> str:
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


def message(row: Params, words: Words) -> str:
    """A warning or a fault of a run, as a sentence; codes without a text of their own are spelt out."""
    code, params = row["code"], dict(row["params"])
    params |= {key: words.city(params[key]) for key in ("a", "b", "city") if key in params}
    params |= {
        key: points(params[key]) for key in ("sum", "expected", "score", "minimum_score") if key in params
    }
    if code == "pin_below_minimum_score" or code == "below_minimum":
        params["minimum"] = points(params["minimum"])
    if "criterion" in params:
        params["criterion"] = criterion(params["criterion"])
    if "country" in params:
        params["country"] = country(params["country"])
    if isinstance(params.get("cities"), list):
        params["cities"] = listed([words.city(reference) for reference in params["cities"]])
    text = MESSAGES.get(code)
    try:
        return str(text) % params if text else code.replace("_", " ").capitalize() + "."
    except KeyError:  # kept by an earlier version of the engine, with other parameters
        return code.replace("_", " ").capitalize() + "."


def cities_of(row: Params) -> set[str]:
    """The references that a message is about."""
    params = row["params"]
    named = {str(params[key]) for key in ("a", "b", "city") if key in params}
    several = params.get("cities")
    return named | set(several if isinstance(several, list) else ())


MESSAGES = {
    # what staff should know although the run is fine
    "veto_without_effect": gettext_lazy(
        "The veto on %(a)s and %(b)s had no effect: not both are in the run."
    ),
    "pin_below_minimum_score": gettext_lazy(
        "The fixed pair %(a)s and %(b)s scores %(score)s, below the minimum of %(minimum)s."
    ),
    # pins that cannot all hold
    "pin_vetoed": gettext_lazy(
        "%(a)s and %(b)s are pinned together and kept apart at once. End one of the two."
    ),
    "pin_unknown_city": gettext_lazy(
        "A pin names %(city)s, which is not in the run: it withdrew, was not selected, or has a partner. "
        "End the pin."
    ),
    "pins_exceed_capacity": gettext_lazy(
        "%(city)s has %(pins)s pins and takes %(capacity)s partners at most. End a pin."
    ),
    "pins_exceed_quota": gettext_lazy(
        "“%(quota)s” has %(maximum)s places and %(pins)s pins. End a pin, or give the quota more places."
    ),
    # faults of the input
    "weights_sum": gettext_lazy("The weights sum to %(sum)s instead of %(expected)s."),
    "unknown_criterion": gettext_lazy("The call weighs “%(criterion)s”, which the engine does not know."),
    "negative_weight": gettext_lazy("The weight of “%(criterion)s” is negative."),
    "minimum_score_range": gettext_lazy("The minimum score lies outside 0 to 100."),
    "unknown_preference": gettext_lazy("“%(criterion)s” has no such direction."),
    "city_on_both_sides": gettext_lazy("%(city)s stands on both sides."),
    "duplicate_city": gettext_lazy("%(city)s stands twice on one side."),
    "negative_capacity": gettext_lazy("%(city)s has a negative number of places."),
    "population_range": gettext_lazy("%(city)s has no sound population."),
    "place_range": gettext_lazy("%(city)s lies at no place on Earth: look at its coordinates."),
    "exposure_range": gettext_lazy("%(city)s has a negative number of earlier partnerships."),
    "climate_class": gettext_lazy("%(city)s has no sound class of climate."),
    "quota_limits": gettext_lazy("The quota “%(quota)s” asks for more than it allows."),
    "quota_without_countries": gettext_lazy("The quota “%(quota)s” names no country."),
    "quotas_cross": gettext_lazy(
        "The quotas “%(quota)s” and “%(other)s” overlap without one holding the other."
    ),
    # why two cities are not paired
    "not_solved": gettext_lazy("The run was not solved; the causes stand above."),
    "not_in_run": gettext_lazy("%(city)s is not in this run."),
    "vetoed": gettext_lazy("A veto keeps them apart."),
    "below_minimum": gettext_lazy("They score %(score)s together, below the minimum of %(minimum)s."),
    "no_capacity": gettext_lazy("%(city)s takes no partner in this run."),
    "pinned_elsewhere": gettext_lazy("Pins hold every place of %(city)s."),
    "country_pinned": gettext_lazy(
        "%(city)s takes %(maximum)s partners from %(country)s at most; pins hold these places."
    ),
    "quota_pinned": gettext_lazy("Pins hold all %(maximum)s places of “%(quota)s”."),
    "cap_pinned": gettext_lazy("Pins hold all %(maximum)s pairs that “%(cap)s” allows."),
}
