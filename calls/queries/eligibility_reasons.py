"""Why a rule came out as it did: one sentence by message code. A rule simply met needs none."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls.eligibility import Message
from calls.queries.eligibility_labels import FACTS, label
from calls.queries.eligibility_reasons_parties import PARTIES
from calls.queries.eligibility_reasons_projects import PROJECTS
from calls.queries.eligibility_terms import (
    Params,
    Vocabulary,
    Wording,
    country,
    document,
    duration,
    kind,
    listed,
    money,
    number,
)


def _per_city(rows: list[Params], key: str, label: Callable[[str], str]) -> str:
    return listed([f"{row['name']} ({label(row[key])})" for row in rows])


def _too_few(found: int, needed: int) -> str:
    return _("%(found)s of %(needed)s.") % {"found": found, "needed": needed}


def _amount(text: str, p: Params) -> str:
    about = {"amount": money(p["amount"], p["currency"]), "bound": money(p["bound"], p["currency"])}
    return text % {**about, "parties": p.get("parties")}


def _within_cap(p: Params, names: Vocabulary) -> str:
    return _amount(
        ngettext(
            "%(parties)s party: up to %(bound)s.", "%(parties)s parties: up to %(bound)s.", p["parties"]
        ),
        p,
    )


def _cap_missing(p: Params, names: Vocabulary) -> str:
    text = ngettext(
        "The call names no cap for %(count)s party with a partner in %(countries)s.",
        "The call names no cap for %(count)s parties with a partner in %(countries)s.",
        p["parties"],
    )
    return text % {"count": p["parties"], "countries": listed([country(code) for code in p["countries"]])}


def _population_below(p: Params, names: Vocabulary) -> str:
    text = ngettext(
        "%(cities)s has %(found)s inhabitants.", "%(cities)s together have %(found)s.", len(p["cities"])
    )
    return text % {"cities": listed(p["cities"]), "found": number(p["found"])}


def _not_member(p: Params, names: Vocabulary) -> str:
    text = ngettext(
        "%(cities)s is not a member of %(networks)s.",
        "%(cities)s are not members of %(networks)s.",
        len(p["cities"]),
    )
    return text % {"cities": listed(p["cities"]), "networks": names.network_list(p["networks"], _("or"))}


def _city_fact_missing(p: Params, names: Vocabulary) -> str:
    return _("Not recorded for %(cities)s: %(fact)s.") % {
        "cities": listed(p["cities"]),
        "fact": label(FACTS, p["fact"]),
    }


def _too_many_applications(p: Params, names: Vocabulary) -> str:
    if p["role"] == "coordinator":
        text = ngettext(
            "The lead already leads %(count)s other application to this call.",
            "The lead already leads %(count)s other applications to this call.",
            p["found"],
        )
    else:
        text = ngettext(
            "The lead is already a partner in %(count)s application to this call.",
            "The lead is already a partner in %(count)s applications to this call.",
            p["found"],
        )
    return text % {"count": p["found"]}


def _too_few_themes(p: Params, names: Vocabulary) -> str:
    if not p["themes"]:
        return _too_few(p["found"], p["minimum"])
    return _("Not on the list: %(themes)s.") % {"themes": names.theme_list(p["themes"])}


REASONS: Mapping[str, Wording] = {
    "met": lambda p, names: "",
    "within_cap": _within_cap,
    "country_outside": lambda p, names: (
        _("Outside the list: %(cities)s.") % {"cities": _per_city(p["cities"], "country", country)}
    ),
    "kind_outside": lambda p, names: (
        _("Not among them: %(cities)s.") % {"cities": _per_city(p["cities"], "kind", kind)}
    ),
    "too_few_countries": lambda p, names: _too_few(p["found"], p["minimum"]),
    "same_country": lambda p, names: (
        _("All parties are in the same country: %(country)s.") % {"country": country(p["country"])}
    ),
    "too_few_partners": lambda p, names: _too_few(p["found"], p["minimum"]),
    "too_many_partners": lambda p, names: (
        _("%(found)s partners are named, %(maximum)s are allowed.")
        % {"found": p["found"], "maximum": p["maximum"]}
    ),
    "population_below": _population_below,
    "not_member": _not_member,
    "amount_below": lambda p, names: _amount(_("%(amount)s is below %(bound)s."), p),
    "amount_above": lambda p, names: _amount(_("%(amount)s is above %(bound)s."), p),
    "above_cap": lambda p, names: _amount(_("%(amount)s is above the cap of %(bound)s."), p),
    "cap_missing": _cap_missing,
    "currency_differs": lambda p, names: (
        _("The amount is in %(found)s, the call counts in %(expected)s.")
        % {"found": p["found"], "expected": p["expected"]}
    ),
    "share_above": lambda p, names: (
        _("The grant would cover %(percent)s %%.") % {"percent": number(p["percent"])}
    ),
    "duration_below": lambda p, names: (
        _("%(found)s is shorter than %(bound)s.")
        % {"found": duration(p["found"]), "bound": duration(p["bound"])}
    ),
    "duration_above": lambda p, names: (
        _("%(found)s is longer than %(bound)s.")
        % {"found": duration(p["found"]), "bound": duration(p["bound"])}
    ),
    "too_few_themes": _too_few_themes,
    "too_many_themes": lambda p, names: (
        _("%(found)s themes are chosen, %(maximum)s fit.") % {"found": p["found"], "maximum": p["maximum"]}
    ),
    "declared_no": lambda p, names: _("The answer is no."),
    "evidence_missing": lambda p, names: _("The answer is yes. Nothing is named yet that shows it."),
    "too_many_applications": _too_many_applications,
    "document_missing": lambda p, names: _too_few(p["found"], p["needed"]),
    "lead_missing": lambda p, names: _("No lead is chosen yet."),
    "partner_missing": lambda p, names: _("No partner is chosen yet."),
    "fact_missing": lambda p, names: _("Not known yet: %(fact)s.") % {"fact": label(FACTS, p["fact"])},
    "city_fact_missing": _city_fact_missing,
    "not_answered": lambda p, names: _("The portal cannot see this. Nobody has answered yet."),
    "document_not_seen": lambda p, names: (
        _("Not attached yet: %(document)s.") % {"document": document(p["document"])}
    ),
    **PARTIES,
    **PROJECTS,
}


def word_reason(message: Message, names: Vocabulary) -> str:
    """The sentence for a message; empty for a code since retired."""
    wording = REASONS.get(message.code)
    return wording(message.params, names) if wording else ""
