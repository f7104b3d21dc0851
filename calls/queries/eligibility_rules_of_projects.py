"""Each kind of rule about the project, its money, its people and its documents as a sentence."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls.eligibility import Rule
from calls.queries.eligibility_labels import (
    ACTIVITIES,
    COSTS,
    DOCUMENTS,
    GROUPS,
    ROLES,
    SIGNATORIES,
    STEPS,
    label,
    labelled,
)
from calls.queries.eligibility_terms import (
    Params,
    Vocabulary,
    document,
    duration,
    iso_day,
    language_list,
    listed,
    number,
)


def local_contribution(rule: Rule, asks: Params, names: Vocabulary) -> str:
    if asks["minimum_percent"] == 100:
        return _("The parties bring at least as much as they ask for")
    about = {"percent": number(asks["minimum_percent"])}
    return _("The parties bring at least %(percent)s %% of the grant themselves") % about


def sub_share(rule: Rule, asks: Params, names: Vocabulary) -> str:
    about = {"part": asks["numerator"], "of": asks["denominator"]}
    return _("At most %(part)s/%(of)s of the grant is passed on to third parties") % about


def cost_categories(rule: Rule, asks: Params, names: Vocabulary) -> str:
    return _("Only these costs are funded: %(costs)s") % {"costs": labelled(COSTS, asks["allowed"])}


def extension(rule: Rule, asks: Params, names: Vocabulary) -> str:
    about = {"most": duration(asks["maximum"])}
    if asks["justified"]:
        return _("An extension of at most %(most)s, with a justification") % about
    return _("An extension of at most %(most)s") % about


def start_date(rule: Rule, asks: Params, names: Vocabulary) -> str:
    first, last = (iso_day(asks[key]) if asks[key] else "" for key in ("earliest", "latest"))
    if not last:
        return _("The project starts on %(first)s or later") % {"first": first}
    if not first:
        return _("The project starts on %(last)s or earlier") % {"last": last}
    return _("The project starts between %(first)s and %(last)s") % {"first": first, "last": last}


def theme_excluded(rule: Rule, asks: Params, names: Vocabulary) -> str:
    return _("None of these themes: %(themes)s") % {"themes": names.theme_list(asks["excluded"])}


def activity_count(rule: Rule, asks: Params, names: Vocabulary) -> str:
    sort = label(ACTIVITIES, asks["activity"]) if asks["activity"] else _("any activity")
    about = {"least": asks["minimum"], "most": asks["maximum"], "sort": sort}
    if asks["maximum"] is None:
        return _("At least %(least)s planned: %(sort)s") % about
    if asks["minimum"] is None:
        return _("At most %(most)s planned: %(sort)s") % about
    return _("%(least)s to %(most)s planned: %(sort)s") % about


def activity_window(rule: Rule, asks: Params, names: Vocabulary) -> str:
    first, last = (iso_day(asks[key]) if asks[key] else "" for key in ("earliest", "latest"))
    about = {"first": first, "last": last, "sort": _("all activities")}
    if asks["activity"]:
        about["sort"] = label(ACTIVITIES, asks["activity"])
    if not last:
        return _("From %(first)s on: %(sort)s") % about
    if not first:
        return _("Until %(last)s: %(sort)s") % about
    return _("Between %(first)s and %(last)s: %(sort)s") % about


def participant_counts(rule: Rule, asks: Params, names: Vocabulary) -> str:
    rows = [_range(row["minimum"], row["maximum"], label(GROUPS, row["group"])) for row in asks["groups"]]
    return _("So many people take part: %(groups)s") % {"groups": listed(rows)}


def team_composition(rule: Rule, asks: Params, names: Vocabulary) -> str:
    rows = [_range(row["minimum"], row["maximum"], label(ROLES, row["role"])) for row in asks["roles"]]
    text = ngettext(
        "The team of %(count)s side: %(roles)s",
        "The team of each of %(count)s sides: %(roles)s",
        asks["sides"],
    )
    return text % {"count": asks["sides"], "roles": listed(rows)}


def person_rules(rule: Rule, asks: Params, names: Vocabulary) -> str:
    about = {"conditions": conditions_of(asks), "roles": labelled(ROLES, asks["roles"], _("or"))}
    if asks["roles"]:
        return _("Each %(roles)s: %(conditions)s") % about
    return _("Each person named: %(conditions)s") % about


def prior_step(rule: Rule, asks: Params, names: Vocabulary) -> str:
    about = {"step": label(STEPS, asks["step"]), "count": asks["days_before"]}
    if not asks["days_before"]:
        return _("Done before: %(step)s") % about
    if asks["before"] == "deadline":
        text = ngettext(
            "Done at least %(count)s day before the deadline: %(step)s",
            "Done at least %(count)s days before the deadline: %(step)s",
            asks["days_before"],
        )
    else:
        text = ngettext(
            "Done at least %(count)s day before the application is sent: %(step)s",
            "Done at least %(count)s days before the application is sent: %(step)s",
            asks["days_before"],
        )
    return text % about


def signed_document(rule: Rule, asks: Params, names: Vocabulary) -> str:
    parts = [document_as_asked(asks)]
    if later := asks["days_later"]:
        text = ngettext(
            "may follow %(count)s day after the deadline",
            "may follow %(count)s days after the deadline",
            later,
        )
        parts.append(text % {"count": later})
    about = {"document": ", ".join(parts)}
    if asks["from_each_party"]:
        return _("From each party: %(document)s") % about
    return _("Attached: %(document)s") % about


def council_resolution(rule: Rule, asks: Params, names: Vocabulary) -> str:
    about = {"documents": labelled(DOCUMENTS, asks["accepted"], _("or"))}
    if asks["signed_by"]:
        return _("Signed by %(day)s: %(documents)s") % {**about, "day": iso_day(asks["signed_by"])}
    return _("Attached: %(documents)s") % about


def conditions_of(p: Params) -> str:
    """What a person has to bring, in a row."""
    conditions = []
    if (years := p["minimum_years"]) is not None:
        text = ngettext("%(count)s year of experience", "%(count)s years of experience", years)
        conditions.append(text % {"count": years})
    if p["maximum_age"] is not None:
        conditions.append(_("at most %(count)s years old") % {"count": p["maximum_age"]})
    if p["languages"]:
        conditions.append(_("works in %(languages)s") % {"languages": language_list(p["languages"], _("or"))})
    return "; ".join(conditions)


def document_as_asked(p: Params) -> str:
    """A document with who signs it and in which language."""
    parts = [document(p["document"])]
    if p["signatory"]:
        parts.append(_("signed by %(signatory)s") % {"signatory": label(SIGNATORIES, p["signatory"])})
    if p["languages"]:
        parts.append(_("in %(languages)s") % {"languages": language_list(p["languages"], _("or"))})
    return ", ".join(parts)


def _range(least: int | None, most: int | None, what: str) -> str:
    about = {"least": least, "most": most, "what": what}
    if most is None:
        return _("%(what)s (%(least)s or more)") % about
    if not least:
        return _("%(what)s (up to %(most)s)") % about
    return (_("%(what)s (%(least)s)") if least == most else _("%(what)s (%(least)s to %(most)s)")) % about


PROJECTS = (
    local_contribution,
    sub_share,
    cost_categories,
    extension,
    start_date,
    theme_excluded,
    activity_count,
    activity_window,
    participant_counts,
    team_composition,
    person_rules,
    prior_step,
    signed_document,
    council_resolution,
)
