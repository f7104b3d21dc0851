"""What would change the outcome of a rule about the parties: one sentence by remedy code."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls.queries.eligibility_labels import CATEGORIES, CLASSES, COMMITMENTS, SIDES, label, labelled
from calls.queries.eligibility_terms import (
    Params,
    Vocabulary,
    Wording,
    any_country,
    any_kind,
    iso_day,
    listed,
    number,
)


def _choose_smaller(p: Params, names: Vocabulary) -> str:
    about = {"count": number(p["inhabitants"])}
    if p["lead"]:
        return _("Let a city of at most %(count)s inhabitants lead.") % about
    return _("Choose a partner of at most %(count)s inhabitants.") % about


def _choose_class(p: Params, names: Vocabulary) -> str:
    about = {"classes": labelled(CLASSES, p["classes"], _("or"))}
    if p["lead"]:
        return _("Let a place of this class lead: %(classes)s.") % about
    return _("Choose a partner of this class: %(classes)s.") % about


def _pay_dues(p: Params, names: Vocabulary) -> str:
    about = {"cities": listed(p["cities"]), "networks": names.network_list(p["networks"], _("or"))}
    if not p["cities"]:
        return _("Choose a partner that has paid its fee to %(networks)s.") % about
    return _("Once %(cities)s has paid the fee of %(networks)s, ask the network to confirm it.") % about


def _make_commitment(p: Params, names: Vocabulary) -> str:
    about = {"cities": listed(p["cities"]), "commitments": labelled(COMMITMENTS, p["commitments"], _("or"))}
    if not p["cities"]:
        return _("Choose a partner with this commitment: %(commitments)s.") % about
    return _("Add the commitment to the profile of %(cities)s once it is made: %(commitments)s.") % about


def _give_active_role(p: Params, names: Vocabulary) -> str:
    if not p["cities"]:
        return _("Choose a partner that does work in the project.")
    return _("Give %(cities)s work of its own in the project.") % {"cities": listed(p["cities"])}


def _choose_newcomer(p: Params, names: Vocabulary) -> str:
    about = {"programmes": names.programme_list(p["programmes"], _("or"))}
    if p["lead"]:
        return _("Let a city lead that %(programmes)s has not funded before.") % about
    return _("Choose a partner that %(programmes)s has not funded before.") % about


def _wait(p: Params, names: Vocabulary) -> str:
    about = {"cities": listed(p["cities"])}
    if p["on"]:
        return _("From %(day)s on, %(cities)s can apply again.") % {**about, "day": iso_day(p["on"])}
    if p["lead"]:
        return _("Let another city lead, or wait for the next period.")
    return _("Choose a partner that was not funded in this period.")


def _partner_in_category(p: Params, names: Vocabulary) -> str:
    text = ngettext(
        "Choose %(count)s more partner of this category: %(category)s.",
        "Choose %(count)s more partners of this category: %(category)s.",
        p["count"],
    )
    return text % {"count": p["count"], "category": label(CATEGORIES, p["category"])}


def _replace_partners(p: Params, names: Vocabulary) -> str:
    text = ngettext(
        "Replace %(count)s partner by one that is not a %(kinds)s.",
        "Replace %(count)s partners by others that are not a %(kinds)s.",
        p["count"],
    )
    return text % {"count": p["count"], "kinds": any_kind(p["kinds"])}


def _add_to_side(p: Params, names: Vocabulary) -> str:
    about = {"count": p["count"], "side": label(SIDES, p["side"])}
    if p["category"]:
        text = ngettext(
            "Add %(count)s party of this category: %(place)s (%(side)s).",
            "Add %(count)s parties of this category: %(place)s (%(side)s).",
            p["count"],
        )
        return text % {**about, "place": label(CATEGORIES, p["category"])}
    text = ngettext(
        "Add %(count)s party in %(place)s (%(side)s).",
        "Add %(count)s parties in %(place)s (%(side)s).",
        p["count"],
    )
    return text % {**about, "place": any_country(p["countries"])}


PARTIES: Mapping[str, Wording] = {
    "choose_smaller": _choose_smaller,
    "choose_class": _choose_class,
    "pay_dues": _pay_dues,
    "make_commitment": _make_commitment,
    "give_active_role": _give_active_role,
    "name_role": lambda p, names: (
        _("Say what %(cities)s does in the project.") % {"cities": listed(p["cities"])}
    ),
    "choose_newcomer": _choose_newcomer,
    "wait_for_period": _wait,
    "withdraw_elsewhere": lambda p, names: (
        _("Withdraw the application to %(calls)s.") % {"calls": names.call_list(p["calls"])}
    ),
    "choose_partner_in_category": _partner_in_category,
    "replace_partners": _replace_partners,
    "add_to_side": _add_to_side,
}
