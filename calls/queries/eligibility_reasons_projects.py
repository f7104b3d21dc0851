"""Why a rule about the project, its money or its documents came out so: one sentence by message code."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls.queries.eligibility_labels import (
    ACTIVITIES,
    COSTS,
    DOCUMENTS,
    GROUPS,
    ROLES,
    STEPS,
    label,
    labelled,
)
from calls.queries.eligibility_terms import (
    Params,
    Vocabulary,
    Wording,
    document,
    duration,
    iso_day,
    listed,
    money,
)


def _contribution_below(p: Params, names: Vocabulary) -> str:
    found, bound = money(p["local_contribution"], p["currency"]), money(p["bound"], p["currency"])
    return _("The own contribution of %(found)s is below %(bound)s.") % {"found": found, "bound": bound}


def _passed_on_above(p: Params, names: Vocabulary) -> str:
    found, bound = money(p["passed_on"], p["currency"]), money(p["bound"], p["currency"])
    return _("%(found)s are passed on; the limit is %(bound)s.") % {"found": found, "bound": bound}


def _activities(text: str, p: Params, bound: str) -> str:
    sort = label(ACTIVITIES, p["activity"]) if p["activity"] else _("any activity")
    return text % {"found": p["found"], "bound": p[bound], "sort": sort}


def _activity_outside(p: Params, names: Vocabulary) -> str:
    rows = [
        f"{label(ACTIVITIES, row['activity'])} ({iso_day(row['starts_on'] or row['ends_on'])})"
        for row in p["activities"]
    ]
    return _("Outside the time allowed: %(activities)s.") % {"activities": listed(rows)}


def _people(text: str, p: Params, bound: str) -> str:
    return text % {"group": label(GROUPS, p["group"]), "found": p["found"], "bound": p[bound]}


def _in_team(text: str, p: Params, bound: str) -> str:
    about = {"side": p["side"], "role": label(ROLES, p["role"])}
    return text % {**about, "found": p["found"], "bound": p[bound]}


def _person_unfit(p: Params, names: Vocabulary) -> str:
    rows = [f"{row['side']} ({label(ROLES, row['role'])})" for row in p["people"]]
    text = ngettext(
        "%(count)s person does not meet the conditions: %(people)s.",
        "%(count)s people do not meet the conditions: %(people)s.",
        len(rows),
    )
    return text % {"count": len(rows), "people": listed(list(dict.fromkeys(rows)))}


def _paper_missing(p: Params, names: Vocabulary) -> str:
    about = {"document": document(p["document"]), "parties": listed(p["parties"])}
    if p["parties"]:
        return _("Missing from %(parties)s: %(document)s.") % about
    return _("Missing as the call asks for it: %(document)s.") % about


def _due_later(p: Params, names: Vocabulary) -> str:
    about = {"document": document(p["document"]), "day": iso_day(p["due_on"])}
    return _("Not attached yet: %(document)s. It may follow until %(day)s.") % about


def _decision(text: str, p: Params) -> str:
    day = iso_day(p["signed_by"]) if p["signed_by"] else ""
    return text % {"documents": labelled(DOCUMENTS, p["accepted"], _("or")), "day": day}


def _step_late(p: Params, names: Vocabulary) -> str:
    about = {"step": label(STEPS, p["step"]), "done": iso_day(p["done_on"]), "day": iso_day(p["by"])}
    return _("Done on %(done)s: %(step)s. The last day that counts was %(day)s.") % about


PROJECTS: Mapping[str, Wording] = {
    "contribution_below": _contribution_below,
    "passed_on_above": _passed_on_above,
    "cost_outside": lambda p, names: (
        _("Not funded: %(categories)s.") % {"categories": labelled(COSTS, p["categories"])}
    ),
    "theme_excluded": lambda p, names: (
        _("Excluded from this call: %(themes)s.") % {"themes": names.theme_list(p["themes"])}
    ),
    "starts_too_early": lambda p, names: (
        _("%(found)s is before %(bound)s.") % {"found": iso_day(p["starts_on"]), "bound": iso_day(p["bound"])}
    ),
    "starts_too_late": lambda p, names: (
        _("%(found)s is after %(bound)s.") % {"found": iso_day(p["starts_on"]), "bound": iso_day(p["bound"])}
    ),
    "extension_above": lambda p, names: (
        _("%(found)s is longer than %(bound)s.")
        % {"found": duration(p["found"]), "bound": duration(p["bound"])}
    ),
    "extension_unjustified": lambda p, names: _("The extension has no justification yet."),
    "too_few_activities": lambda p, names: _activities(
        _("Planned: %(found)s (%(sort)s). Needed: at least %(bound)s."), p, "minimum"
    ),
    "too_many_activities": lambda p, names: _activities(
        _("Planned: %(found)s (%(sort)s). Allowed: at most %(bound)s."), p, "maximum"
    ),
    "activity_outside": _activity_outside,
    "too_few_people": lambda p, names: _people(
        _("Planned: %(found)s (%(group)s). Needed: at least %(bound)s."), p, "minimum"
    ),
    "too_many_people": lambda p, names: _people(
        _("Planned: %(found)s (%(group)s). Allowed: at most %(bound)s."), p, "maximum"
    ),
    "people_not_counted": lambda p, names: (
        _("Not counted yet: %(groups)s.") % {"groups": labelled(GROUPS, p["groups"])}
    ),
    "too_few_sides": lambda p, names: (
        _("People are named by %(found)s of %(needed)s sides.") % {"found": p["found"], "needed": p["needed"]}
    ),
    "too_few_in_team": lambda p, names: _in_team(
        _("%(side)s names %(found)s of at least %(bound)s: %(role)s."), p, "minimum"
    ),
    "too_many_in_team": lambda p, names: _in_team(
        _("%(side)s names %(found)s, at most %(bound)s are allowed: %(role)s."), p, "maximum"
    ),
    "nobody_named": lambda p, names: _("Nobody is named yet whom the conditions concern."),
    "person_unfit": _person_unfit,
    "paper_unread": lambda p, names: (
        _("Attached, but not yet recorded who signed it and in which language: %(document)s.")
        % {"document": document(p["document"])}
    ),
    "paper_missing": _paper_missing,
    "document_due_later": _due_later,
    "decision_not_seen": lambda p, names: _decision(_("Not attached yet: %(documents)s."), p),
    "decision_missing": lambda p, names: _decision(_("Missing: %(documents)s."), p),
    "decision_undated": lambda p, names: _decision(
        _("The day of signing is not recorded: %(documents)s."), p
    ),
    "decision_late": lambda p, names: _decision(_("Signed after %(day)s: %(documents)s."), p),
    "step_not_known": lambda p, names: (
        _("Not known whether it is done: %(step)s.") % {"step": label(STEPS, p["step"])}
    ),
    "step_not_done": lambda p, names: _("Not done yet: %(step)s.") % {"step": label(STEPS, p["step"])},
    "step_too_late": _step_late,
    "deadline_missing": lambda p, names: _("The call has no deadline yet."),
}
