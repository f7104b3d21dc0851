"""Why a rule about the parties came out as it did: one sentence by message code."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls.queries.eligibility_labels import (
    CATEGORIES,
    CLASSES,
    COMMITMENTS,
    ROLES,
    SIDES,
    Labels,
    label,
    labelled,
)
from calls.queries.eligibility_terms import Params, Vocabulary, Wording, listed, money, number


def _rows(p: Params, key: str, labels: Labels) -> str:
    return listed([f"{row['name']} ({label(labels, row[key])})" for row in p["cities"]])


def _population_above(p: Params, names: Vocabulary) -> str:
    cities = [f"{row['name']} ({number(row['population'])})" for row in p["cities"]]
    return _("Above that size: %(cities)s.") % {"cities": listed(cities)}


def _dues_open(p: Params, names: Vocabulary) -> str:
    about = {"cities": listed(p["cities"]), "networks": names.network_list(p["networks"], _("or"))}
    return _("No membership fee of %(networks)s is recorded as paid for %(cities)s.") % about


def _commitment_missing(p: Params, names: Vocabulary) -> str:
    about = {"cities": listed(p["cities"]), "commitments": labelled(COMMITMENTS, p["commitments"], _("or"))}
    return _("Not recorded for %(cities)s: the commitment “%(commitments)s”.") % about


def _funded_before(p: Params, names: Vocabulary) -> str:
    about = {"cities": listed(p["cities"]), "programmes": names.programme_list(p["programmes"], _("or"))}
    text = ngettext(
        "%(cities)s was funded before by %(programmes)s.",
        "%(cities)s were funded before by %(programmes)s.",
        len(p["cities"]),
    )
    return text % about


def _awards_used(p: Params, names: Vocabulary) -> str:
    text = ngettext(
        "%(cities)s: already %(count)s grant in this period.",
        "%(cities)s: already %(count)s grants in this period.",
        p["maximum"],
    )
    return text % {"cities": listed(p["cities"]), "count": p["maximum"]}


def _no_member_beside(p: Params, names: Vocabulary) -> str:
    about = {"cities": listed(p["cities"]), "networks": names.network_list(p["networks"], _("or"))}
    text = ngettext(
        "No member of %(networks)s takes part beside %(cities)s.",
        "No member of %(networks)s takes part beside these: %(cities)s.",
        len(p["cities"]),
    )
    return text % about


def _share_too_small(p: Params, names: Vocabulary) -> str:
    about = {"found": p["found"], "of": p["of"], "needed": p["needed"]}
    text = _("%(found)s of %(of)s in the category “%(category)s”; %(needed)s needed.")
    return text % {**about, "category": label(CATEGORIES, p["category"])}


def _too_many_of_kind(p: Params, names: Vocabulary) -> str:
    about = {"cities": listed(p["cities"]), "found": p["found"], "maximum": p["maximum"]}
    return _("%(found)s such partners (%(cities)s); at most %(maximum)s may take part.") % about


def _above_experience_cap(p: Params, names: Vocabulary) -> str:
    about = {"amount": money(p["amount"], p["currency"]), "bound": money(p["bound"], p["currency"])}
    if p["new"]:
        return _("%(amount)s is above %(bound)s, the most a newcomer may ask for.") % about
    return _("%(amount)s is above %(bound)s, the most a city funded before may ask for.") % about


PARTIES: Mapping[str, Wording] = {
    "population_above": _population_above,
    "class_outside": lambda p, names: (
        _("Of another class: %(cities)s.") % {"cities": _rows(p, "urbanisation", CLASSES)}
    ),
    "dues_open": _dues_open,
    "commitment_missing": _commitment_missing,
    "role_passive": lambda p, names: (
        _("Without work of their own in the project: %(cities)s.") % {"cities": _rows(p, "role", ROLES)}
    ),
    "funded_before": _funded_before,
    "awards_used": _awards_used,
    "applies_elsewhere": lambda p, names: (
        _("The lead has an open application to %(calls)s.") % {"calls": names.call_list(p["calls"])}
    ),
    "no_member_beside": _no_member_beside,
    "share_too_small": _share_too_small,
    "too_many_of_kind": _too_many_of_kind,
    "side_missing": lambda p, names: (
        _("Too few parties from this side: %(sides)s.") % {"sides": labelled(SIDES, p["sides"])}
    ),
    "above_experience_cap": _above_experience_cap,
}
