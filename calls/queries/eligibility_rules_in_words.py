"""Each kind of rule as a sentence: "Every partner is in one of 19 countries"."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls.eligibility import Rule, kind_of
from calls.queries.eligibility_labels import DECLARED, spoken
from calls.queries.eligibility_rules_of_parties import PARTIES
from calls.queries.eligibility_rules_of_projects import PROJECTS
from calls.queries.eligibility_terms import (
    LONGEST_LIST,
    Vocabulary,
    any_country,
    any_kind,
    document,
    duration,
    money,
    number,
)
from partnerships.models.wording import localise

Wording = Callable[[Rule, Mapping[str, Any], Vocabulary], str]


def lead_country(rule: Rule, asks: Mapping[str, Any], names: Vocabulary) -> str:
    count = len(asks["countries"])
    if count <= LONGEST_LIST:
        return _("The lead is in %(countries)s") % {"countries": any_country(asks["countries"])}
    text = ngettext("The lead is in %(count)s country", "The lead is in one of %(count)s countries", count)
    return text % {"count": count}


def partner_country(rule: Rule, asks: Mapping[str, Any], names: Vocabulary) -> str:
    count = len(asks["countries"])
    if count <= LONGEST_LIST:
        return _("Every partner is in %(countries)s") % {"countries": any_country(asks["countries"])}
    text = ngettext(
        "Every partner is in %(count)s country", "Every partner is in one of %(count)s countries", count
    )
    return text % {"count": count}


def distinct_countries(rule: Rule, asks: Mapping[str, Any], names: Vocabulary) -> str:
    if among := asks.get("among"):
        about = {"count": asks["minimum"], "total": len(among), "countries": any_country(among)}
        if len(among) <= LONGEST_LIST:
            return _("The parties are in at least %(count)s of these countries: %(countries)s") % about
        return _("The parties are in at least %(count)s of %(total)s listed countries") % about
    text = ngettext(
        "The parties are in at least %(count)s country",
        "The parties are in at least %(count)s countries",
        asks["minimum"],
    )
    return text % {"count": asks["minimum"]}


def peer_other_country(rule: Rule, asks: Mapping[str, Any], names: Vocabulary) -> str:
    return _("At least one partner is in another country than the lead")


def lead_kind(rule: Rule, asks: Mapping[str, Any], names: Vocabulary) -> str:
    return _("The lead is a %(kinds)s") % {"kinds": any_kind(asks["kinds"])}


def partner_kind(rule: Rule, asks: Mapping[str, Any], names: Vocabulary) -> str:
    return _("Every partner is a %(kinds)s") % {"kinds": any_kind(asks["kinds"])}


def partner_count(rule: Rule, asks: Mapping[str, Any], names: Vocabulary) -> str:
    least, most = asks["minimum"], asks["maximum"]
    if most is None:
        text = ngettext(
            "At least %(count)s partner takes part", "At least %(count)s partners take part", least
        )
        return text % {"count": least}
    if not least:
        text = ngettext("At most %(count)s partner takes part", "At most %(count)s partners take part", most)
        return text % {"count": most}
    if least == most:
        return ngettext("%(count)s partner takes part", "%(count)s partners take part", most) % {
            "count": most
        }
    text = ngettext(
        "%(minimum)s to %(maximum)s partner takes part", "%(minimum)s to %(maximum)s partners take part", most
    )
    return text % {"minimum": least, "maximum": most}


def population_minimum(rule: Rule, asks: Mapping[str, Any], names: Vocabulary) -> str:
    about = {"count": number(asks["inhabitants"])}
    if asks["combined"]:
        return _("All parties together have at least %(count)s inhabitants") % about
    if not rule.hard:
        return _("Cities of at least %(count)s inhabitants are preferred") % about
    return _("The lead has at least %(count)s inhabitants") % about


def network_member(rule: Rule, asks: Mapping[str, Any], names: Vocabulary) -> str:
    about = {"networks": names.network_list(asks["networks"], _("or"))}
    if asks["who"] == "lead":
        return _("The lead is a member of %(networks)s") % about
    return _("Every party is a member of %(networks)s") % about


def applications_per_role(rule: Rule, asks: Mapping[str, Any], names: Vocabulary) -> str:
    return _("Each city applies at most %(coordinator)s × as lead and %(partner)s × as partner") % asks


def amount_between(rule: Rule, asks: Mapping[str, Any], names: Vocabulary) -> str:
    least, most, unit = asks["minimum"], asks["maximum"], asks["currency"]
    if least is None:
        return _("The amount is at most %(most)s") % {"most": money(most, unit)}
    if most is None:
        return _("The amount is at least %(least)s") % {"least": money(least, unit)}
    about = {"least": money(least, unit), "most": money(most, unit)}
    return _("The amount is between %(least)s and %(most)s") % about


def grant_share(rule: Rule, asks: Mapping[str, Any], names: Vocabulary) -> str:
    about = {"percent": number(asks["maximum_percent"])}
    return _("The grant covers at most %(percent)s %% of the total cost") % about


def cap_by_region_and_parties(rule: Rule, asks: Mapping[str, Any], names: Vocabulary) -> str:
    if asks.get("per_year"):
        return _("The amount per year stays within the cap for these parties")
    return _("The amount stays within the cap for these parties")


def duration_months(rule: Rule, asks: Mapping[str, Any], names: Vocabulary) -> str:
    least, most = asks["minimum"], asks["maximum"]
    if least is None:
        return _("The project lasts at most %(most)s") % {"most": duration(most)}
    if most is None:
        return _("The project lasts at least %(least)s") % {"least": duration(least)}
    about = {"least": duration(least), "most": duration(most)}
    return _("The project lasts at least %(least)s and at most %(most)s") % about


def themes(rule: Rule, asks: Mapping[str, Any], names: Vocabulary) -> str:
    allowed, least, most = asks["allowed"], asks["minimum"], asks["maximum"]
    about = {"count": least, "total": len(allowed), "themes": names.theme_list(allowed, _("or"))}
    if not allowed:
        return ngettext("At least %(count)s theme", "At least %(count)s themes", least) % about
    if least == most:
        return _("Exactly %(count)s of these themes: %(themes)s") % about
    if len(allowed) > LONGEST_LIST:
        return _("At least %(count)s of %(total)s themes") % about
    return _("At least %(count)s of these themes: %(themes)s") % about


def declared(rule: Rule, asks: Mapping[str, Any], names: Vocabulary) -> str:
    known = DECLARED.get(asks["fact"])
    # A clause is a whole sentence; whoever quotes a rule in words sets the full stop.
    return str(known) if known else localise(rule.clauses).rstrip(".") or spoken(asks["fact"]).capitalize()


def document_required(rule: Rule, asks: Mapping[str, Any], names: Vocabulary) -> str:
    about = {"document": document(asks["document"])}
    if asks["from_each_party"]:
        return _("From each party: %(document)s") % about
    return _("Attached: %(document)s") % about


WORDINGS: Mapping[str, Wording] = {
    wording.__name__: wording
    for wording in (
        lead_country,
        partner_country,
        distinct_countries,
        peer_other_country,
        lead_kind,
        partner_kind,
        partner_count,
        population_minimum,
        network_member,
        applications_per_role,
        amount_between,
        grant_share,
        cap_by_region_and_parties,
        duration_months,
        themes,
        declared,
        document_required,
        *PARTIES,
        *PROJECTS,
    )
}


def word_rule(rule: Rule, names: Vocabulary | None = None) -> str:
    """The rule in the reader's language, without a full stop; a kind since retired shows its clause."""
    if wording := WORDINGS.get(rule.kind):
        return wording(rule, kind_of(rule).parameters, names or Vocabulary())
    return localise(rule.clauses) or spoken(rule.kind).capitalize()
