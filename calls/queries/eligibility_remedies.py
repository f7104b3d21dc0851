"""What would change an outcome: one sentence by remedy code."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls.eligibility import Message
from calls.queries.eligibility_labels import FACTS, label
from calls.queries.eligibility_remedies_parties import PARTIES
from calls.queries.eligibility_remedies_projects import PROJECTS
from calls.queries.eligibility_terms import (
    LONGEST_LIST,
    Params,
    Vocabulary,
    Wording,
    any_country,
    any_kind,
    country,
    document,
    duration,
    listed,
    money,
    number,
)

LONGEST_NAMED = 40  # of countries to choose from: all of these are named, a longer list is counted


def _choose_lead_in(p: Params, names: Vocabulary) -> str:
    count = len(p["countries"])
    about = {"count": count, "countries": any_country(p["countries"])}
    if count <= LONGEST_LIST:
        return _("Let a city in %(countries)s lead.") % about
    if count <= LONGEST_NAMED:
        return _("Let a city in one of these %(count)s countries lead: %(countries)s.") % about
    return _("Let a city in one of %(count)s countries lead.") % about


def _choose_partner_in(p: Params, names: Vocabulary) -> str:
    count = len(p["countries"])
    about = {"count": count, "countries": any_country(p["countries"])}
    if count <= LONGEST_LIST:
        return _("A partner in %(countries)s would meet this rule.") % about
    if count <= LONGEST_NAMED:
        return _("A partner in one of these %(count)s countries would meet this rule: %(countries)s.") % about
    return _("A partner in one of %(count)s countries would meet this rule.") % about


def _choose_partner_abroad(p: Params, names: Vocabulary) -> str:
    if not p["country"]:
        return _("Choose a partner in another country than the lead.")
    return _("Choose a partner outside this country: %(country)s.") % {"country": country(p["country"])}


def _add_countries(p: Params, names: Vocabulary) -> str:
    if among := p.get("among"):
        text = ngettext(
            "Add a partner from %(count)s more of these countries: %(countries)s.",
            "Add partners from %(count)s more of these countries: %(countries)s.",
            p["count"],
        )
        left = [code for code in among if code not in p["countries"]]
        return text % {"count": p["count"], "countries": any_country(left)}
    text = ngettext(
        "Add a partner from %(count)s more country.",
        "Add partners from %(count)s more countries.",
        p["count"],
    )
    return text % {"count": p["count"]}


def _add_partners(p: Params, names: Vocabulary) -> str:
    return ngettext("Add %(count)s partner.", "Add %(count)s partners.", p["count"]) % {"count": p["count"]}


def _remove_partners(p: Params, names: Vocabulary) -> str:
    text = ngettext("Take out %(count)s partner.", "Take out %(count)s partners.", p["count"])
    return text % {"count": p["count"]}


def _add_inhabitants(p: Params, names: Vocabulary) -> str:
    text = ngettext(
        "Add a partner with at least %(count)s inhabitant.",
        "Add partners with at least %(count)s inhabitants.",
        p["count"],
    )
    return text % {"count": number(p["count"])}


def _choose_theme(p: Params, names: Vocabulary) -> str:
    if not p["allowed"] or len(p["allowed"]) > LONGEST_LIST:
        text = ngettext(
            "Choose %(count)s theme of the call.", "Choose %(count)s themes of the call.", p["count"]
        )
        return text % {"count": p["count"]}
    text = ngettext(
        "Choose %(count)s of these: %(themes)s.", "Choose %(count)s of these: %(themes)s.", p["count"]
    )
    return text % {"count": p["count"], "themes": names.theme_list(p["allowed"], _("or"))}


def _withdraw(p: Params, names: Vocabulary) -> str:
    if p["role"] == "coordinator":
        text = ngettext(
            "Withdraw %(count)s other application.", "Withdraw %(count)s other applications.", p["count"]
        )
    else:
        text = ngettext(
            "Leave %(count)s application as partner.", "Leave %(count)s applications as partner.", p["count"]
        )
    return text % {"count": p["count"]}


def _add_document(p: Params, names: Vocabulary) -> str:
    text = ngettext(
        "Attach %(count)s more: %(document)s.", "Attach %(count)s more: %(document)s.", p["count"]
    )
    return text % {"count": p["count"], "document": document(p["document"])}


def _bound(text: str, p: Params) -> str:
    return text % {"bound": money(p["bound"], p["currency"])}


REMEDIES: Mapping[str, Wording] = {
    "choose_lead": lambda p, names: _("Choose the city that leads."),
    "choose_lead_in": _choose_lead_in,
    "choose_lead_of_kind": lambda p, names: _("Let a %(kinds)s lead.") % {"kinds": any_kind(p["kinds"])},
    "choose_partner_in": _choose_partner_in,
    "choose_partner_of_kind": lambda p, names: (
        _("Choose a partner that is a %(kinds)s.") % {"kinds": any_kind(p["kinds"])}
    ),
    "choose_partner_abroad": _choose_partner_abroad,
    "choose_partner_in_network": lambda p, names: (
        _("Choose a partner in %(networks)s.") % {"networks": names.network_list(p["networks"], _("or"))}
    ),
    "join_network": lambda p, names: (
        _("Membership of %(networks)s would change this.")
        % {"networks": names.network_list(p["networks"], _("or"))}
    ),
    "add_countries": _add_countries,
    "add_partners": _add_partners,
    "remove_partners": _remove_partners,
    "add_inhabitants": _add_inhabitants,
    "say_why": lambda p, names: (
        _("This does not exclude %(city)s. Say in the application why it takes part.") % {"city": p["city"]}
    ),
    "raise_amount": lambda p, names: _bound(_("Ask for at least %(bound)s."), p),
    "lower_amount": lambda p, names: _bound(_("Ask for at most %(bound)s."), p),
    "lower_share": lambda p, names: _bound(_("Ask for at most %(bound)s, or show a higher total cost."), p),
    "lower_to_cap": lambda p, names: _bound(
        _("Ask for at most %(bound)s per year.") if p["per_year"] else _("Ask for at most %(bound)s."), p
    ),
    "use_currency": lambda p, names: _("Give the amount in %(expected)s.") % {"expected": p["expected"]},
    "lengthen": lambda p, names: _("Plan for at least %(bound)s.") % {"bound": duration(p["bound"])},
    "shorten": lambda p, names: _("Plan for at most %(bound)s.") % {"bound": duration(p["bound"])},
    "choose_theme": _choose_theme,
    "remove_themes": lambda p, names: (
        ngettext("Keep %(count)s theme.", "Keep %(count)s themes.", p["maximum"]) % {"count": p["maximum"]}
    ),
    "answer_question": lambda p, names: _("Answer one question."),
    "settle_first": lambda p, names: _("Settle this first, then change the answer."),
    "name_evidence": lambda p, names: _("Name what shows it: a decision, a document, a web page."),
    "withdraw_application": _withdraw,
    "add_document": _add_document,
    "give_fact": lambda p, names: (
        _("Add this to the application: %(fact)s.") % {"fact": label(FACTS, p["fact"])}
    ),
    "complete_profile": lambda p, names: (
        _("Complete the profile of %(cities)s: %(fact)s.")
        % {"cities": listed(p["cities"]), "fact": label(FACTS, p["fact"])}
    ),
    **PARTIES,
    **PROJECTS,
}


def word_remedy(remedy: Message | None, names: Vocabulary) -> str:
    """The sentence for a remedy; empty where nothing would help, or for a code since retired."""
    wording = REMEDIES.get(remedy.code) if remedy else None
    return wording(remedy.params, names) if wording and remedy else ""
