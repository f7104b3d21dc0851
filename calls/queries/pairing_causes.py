"""The engine's causes in words: no partner, a run refused, two cities not paired."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls.queries.eligibility_terms import country, listed
from calls.queries.pairing_messages import MESSAGES, MINIMUM_IS_A_SCORE
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
    if code in MINIMUM_IS_A_SCORE:
        params["minimum"] = points(params["minimum"])
    if isinstance(params.get("cities"), int):
        params["count"] = params.pop("cities")
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
