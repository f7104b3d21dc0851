"""What would change the outcome of a rule about the project, its money or its documents."""

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
from calls.queries.eligibility_rules_of_projects import conditions_of, document_as_asked
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


def _bound(text: str, p: Params) -> str:
    return text % {"bound": money(p["bound"], p["currency"])}


def _activities(text: str, p: Params) -> str:
    sort = label(ACTIVITIES, p["activity"]) if p["activity"] else _("any activity")
    return text % {"count": p["count"], "sort": sort}


def _move_activities(p: Params, names: Vocabulary) -> str:
    first, last = (iso_day(p[key]) if p[key] else "" for key in ("earliest", "latest"))
    if not last:
        return _("Plan these activities from %(first)s on.") % {"first": first}
    if not first:
        return _("Plan these activities until %(last)s.") % {"last": last}
    return _("Plan these activities between %(first)s and %(last)s.") % {"first": first, "last": last}


def _plan_for_people(p: Params, names: Vocabulary) -> str:
    about = {"group": label(GROUPS, p["group"]), "least": p["minimum"], "most": p["maximum"]}
    if p["maximum"] is None:
        return _("Plan for at least %(least)s: %(group)s.") % about
    if p["minimum"] is None:
        return _("Plan for at most %(most)s: %(group)s.") % about
    return _("Plan for %(least)s to %(most)s: %(group)s.") % about


def _name_people(text: str, p: Params, count: int) -> str:
    return text % {"side": p["side"], "count": count, "role": label(ROLES, p["role"])}


def _name_another(p: Params, names: Vocabulary) -> str:
    text = ngettext(
        "Name %(count)s other person who fits: %(conditions)s.",
        "Name %(count)s other people who fit: %(conditions)s.",
        p["count"],
    )
    return text % {"count": p["count"], "conditions": conditions_of(p)}


def _add_signed(p: Params, names: Vocabulary) -> str:
    about = {"document": document_as_asked(p), "parties": listed(p["parties"])}
    if p["parties"]:
        return _("Attach for %(parties)s: %(document)s.") % about
    return _("Attach: %(document)s.") % about


def _hand_in(p: Params, names: Vocabulary) -> str:
    about = {"day": iso_day(p["due_on"]), "document": document_as_asked(p), "parties": listed(p["parties"])}
    if p["parties"]:
        return _("Hand in by %(day)s for %(parties)s: %(document)s.") % about
    return _("Hand in by %(day)s: %(document)s.") % about


def _show_decision(p: Params, names: Vocabulary) -> str:
    about = {"documents": labelled(DOCUMENTS, p["accepted"], _("or"))}
    if p["signed_by"]:
        about["day"] = iso_day(p["signed_by"])
        return _("Attach one of these, signed by %(day)s at the latest: %(documents)s.") % about
    return _("Attach one of these: %(documents)s.") % about


def _say_when_done(p: Params, names: Vocabulary) -> str:
    about = {"step": label(STEPS, p["step"])}
    if p["by"]:
        return _("Say when this was done: %(step)s. It counts until %(day)s.") % {
            **about,
            "day": iso_day(p["by"]),
        }
    return _("Say when this was done: %(step)s.") % about


def _do_step(p: Params, names: Vocabulary) -> str:
    about = {"step": label(STEPS, p["step"])}
    if p["by"]:
        return _("Do this by %(day)s at the latest: %(step)s.") % {**about, "day": iso_day(p["by"])}
    return _("Do this first: %(step)s.") % about


PROJECTS: Mapping[str, Wording] = {
    "raise_contribution": lambda p, names: _bound(
        _("Bring at least %(bound)s yourselves, or ask for less."), p
    ),
    "lower_passed_on": lambda p, names: _bound(_("Pass on at most %(bound)s."), p),
    "move_costs": lambda p, names: (
        _("Pay %(categories)s from other money, or plan these costs within: %(allowed)s.")
        % {"categories": labelled(COSTS, p["categories"]), "allowed": labelled(COSTS, p["allowed"])}
    ),
    "drop_themes": lambda p, names: _("Take out %(themes)s.") % {"themes": names.theme_list(p["themes"])},
    "start_later": lambda p, names: _("Start on %(day)s or later.") % {"day": iso_day(p["bound"])},
    "start_earlier": lambda p, names: _("Start on %(day)s or earlier.") % {"day": iso_day(p["bound"])},
    "shorten_extension": lambda p, names: (
        _("Ask for an extension of at most %(bound)s.") % {"bound": duration(p["bound"])}
    ),
    "justify_extension": lambda p, names: _("Say why the project needs more time."),
    "plan_activities": lambda p, names: _activities(_("Plan %(count)s more: %(sort)s."), p),
    "drop_activities": lambda p, names: _activities(_("Take out %(count)s: %(sort)s."), p),
    "move_activities": _move_activities,
    "plan_for_people": _plan_for_people,
    "count_people": lambda p, names: (
        _("Say how many take part: %(groups)s.") % {"groups": labelled(GROUPS, p["groups"])}
    ),
    "name_other_side": lambda p, names: (
        ngettext(
            "Name the people of %(count)s more side.",
            "Name the people of %(count)s more sides.",
            p["needed"] - p["found"],
        )
        % {"count": p["needed"] - p["found"]}
    ),
    "name_more": lambda p, names: _name_people(
        _("Name %(count)s more from %(side)s: %(role)s."), p, p["minimum"] - p["found"]
    ),
    "name_fewer": lambda p, names: _name_people(
        _("Name %(count)s fewer from %(side)s: %(role)s."), p, p["found"] - p["maximum"]
    ),
    "name_somebody": lambda p, names: (
        _("Name at least one person: %(roles)s.") % {"roles": labelled(ROLES, p["roles"], _("or"))}
        if p["roles"]
        else _("Name at least one person.")
    ),
    "name_another": _name_another,
    "describe_document": lambda p, names: (
        _("Say who signed it and in which language: %(document)s.") % {"document": document(p["document"])}
    ),
    "hand_in_by": _hand_in,
    "add_signed": _add_signed,
    "show_decision": _show_decision,
    "do_step": _do_step,
    "say_when_done": _say_when_done,
    "await_deadline": lambda p, names: _("This is settled once the organiser sets a deadline."),
}
