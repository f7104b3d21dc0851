"""Each kind of rule about the parties as a sentence."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls.eligibility import Rule
from calls.queries.eligibility_labels import (
    CATEGORIES,
    CLASSES,
    COMMITMENTS,
    REFERENCE_LISTS,
    ROLES,
    SIDES,
    label,
    labelled,
)
from calls.queries.eligibility_terms import (
    LONGEST_LIST,
    Params,
    Vocabulary,
    any_country,
    any_kind,
    duration,
    iso_day,
    listed,
    money,
    number,
)


def _who(asks: Params, lead: str, partners: str, everyone: str) -> str:
    return {"lead": lead, "partners": partners, "all": everyone}[asks["who"]]


def reference_list(rule: Rule, asks: Params, names: Vocabulary) -> str:
    text = _who(
        asks,
        _("The lead's country is on %(list)s (%(edition)s)"),
        _("Every partner's country is on %(list)s (%(edition)s)"),
        _("Every party's country is on %(list)s (%(edition)s)"),
    )
    return text % {"list": label(REFERENCE_LISTS, asks["list"]), "edition": asks["edition"]}


def population_maximum(rule: Rule, asks: Params, names: Vocabulary) -> str:
    text = _who(
        asks,
        _("The lead has at most %(count)s inhabitants"),
        _("Every partner has at most %(count)s inhabitants"),
        _("Every party has at most %(count)s inhabitants"),
    )
    return text % {"count": number(asks["inhabitants"])}


def classification(rule: Rule, asks: Params, names: Vocabulary) -> str:
    text = _who(
        asks,
        _("The lead is classified as %(classes)s"),
        _("Every partner is classified as %(classes)s"),
        _("Every party is classified as %(classes)s"),
    )
    return text % {"classes": labelled(CLASSES, asks["classes"], _("or"))}


def dues_paid(rule: Rule, asks: Params, names: Vocabulary) -> str:
    text = _who(
        asks,
        _("The lead has paid its membership fee to %(networks)s"),
        _("Every partner has paid its membership fee to %(networks)s"),
        _("Every party has paid its membership fee to %(networks)s"),
    )
    return text % {"networks": names.network_list(asks["networks"], _("or"))}


def existing_commitment(rule: Rule, asks: Params, names: Vocabulary) -> str:
    text = _who(
        asks,
        _("The lead has already made the commitment “%(commitments)s”"),
        _("Every partner has already made the commitment “%(commitments)s”"),
        _("Every party has already made the commitment “%(commitments)s”"),
    )
    return text % {"commitments": labelled(COMMITMENTS, asks["commitments"], _("or"))}


def active_role(rule: Rule, asks: Params, names: Vocabulary) -> str:
    text = _who(
        asks,
        _("The lead does work in the project (not as %(roles)s)"),
        _("Every partner does work in the project (not as %(roles)s)"),
        _("Every party does work in the project (not as %(roles)s)"),
    )
    return text % {"roles": labelled(ROLES, asks["passive"], _("or"))}


def previous_beneficiary(rule: Rule, asks: Params, names: Vocabulary) -> str:
    text = _who(
        asks,
        _("The lead has not been funded before by %(programmes)s"),
        _("No partner has been funded before by %(programmes)s"),
        _("No party has been funded before by %(programmes)s"),
    )
    return text % {"programmes": names.programme_list(asks["programmes"], _("or"))}


def awards_per_period(rule: Rule, asks: Params, names: Vocabulary) -> str:
    about = {"count": asks["maximum"], "programmes": names.programme_list(asks["programmes"], _("or"))}
    if asks["since"]:
        text = ngettext(
            "At most %(count)s grant a city from %(programmes)s since %(day)s",
            "At most %(count)s grants a city from %(programmes)s since %(day)s",
            asks["maximum"],
        )
        return text % {**about, "day": iso_day(asks["since"])}
    text = ngettext(
        "At most %(count)s grant a city from %(programmes)s within %(period)s",
        "At most %(count)s grants a city from %(programmes)s within %(period)s",
        asks["maximum"],
    )
    return text % {**about, "period": duration(asks["months"])}


def excluded_by_other_call(rule: Rule, asks: Params, names: Vocabulary) -> str:
    return _("The lead has no open application to %(calls)s") % {
        "calls": names.call_list(asks["calls"], _("or"))
    }


def only_with_member(rule: Rule, asks: Params, names: Vocabulary) -> str:
    about = {"kinds": any_kind(asks["kinds"]), "networks": names.network_list(asks["networks"], _("or"))}
    return _("A %(kinds)s takes part only beside a member of %(networks)s") % about


def kind_maximum(rule: Rule, asks: Params, names: Vocabulary) -> str:
    text = ngettext(
        "At most %(count)s partner is a %(kinds)s",
        "At most %(count)s partners are a %(kinds)s",
        asks["maximum"],
    )
    return text % {"count": asks["maximum"], "kinds": any_kind(asks["kinds"])}


def partner_share(rule: Rule, asks: Params, names: Vocabulary) -> str:
    about = {
        "percent": number(asks["minimum_percent"]),
        "category": label(CATEGORIES, asks["category"]),
    }
    if asks["of"] == "partners":
        return _("At least %(percent)s %% of the partners are in the category “%(category)s”") % about
    return _("At least %(percent)s %% of the parties are in the category “%(category)s”") % about


def each_side(rule: Rule, asks: Params, names: Vocabulary) -> str:
    sides = []
    for row in asks["sides"]:
        place = label(SIDES, row["side"])
        if row["countries"] and len(row["countries"]) <= LONGEST_LIST:
            place = any_country(row["countries"])
        sides.append(_("%(count)s × %(place)s") % {"count": row["minimum"], "place": place})
    return _("Each side takes part, at least: %(sides)s") % {"sides": listed(sides)}


def cap_by_experience(rule: Rule, asks: Params, names: Vocabulary) -> str:
    about = {
        "new": money(asks["new_maximum"], asks["currency"]),
        "experienced": money(asks["experienced_maximum"], asks["currency"]),
    }
    return _("At most %(new)s for a newcomer, %(experienced)s for a city funded before") % about


PARTIES = (
    reference_list,
    population_maximum,
    classification,
    dues_paid,
    existing_commitment,
    active_role,
    previous_beneficiary,
    awards_per_period,
    excluded_by_other_call,
    only_with_member,
    kind_maximum,
    partner_share,
    each_side,
    cap_by_experience,
)
