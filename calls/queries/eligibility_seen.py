"""The value a rule looked at, in words."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from calls.queries.eligibility_labels import (
    ACTIVITIES,
    CATEGORIES,
    CLASSES,
    COMMITMENTS,
    COSTS,
    DOCUMENTS,
    GROUPS,
    ROLES,
    SIDES,
    label,
    labelled,
)
from calls.queries.eligibility_terms import (
    Vocabulary,
    country,
    duration,
    iso_day,
    kind,
    listed,
    money,
    number,
)

Seen = Mapping[str, Any]
Wording = Callable[[Seen, Vocabulary], str]

ANSWERS = {True: gettext_lazy("Yes"), False: gettext_lazy("No")}


def word_seen(seen: Seen, names: Vocabulary | None = None) -> str:
    """The value a rule looked at; "Not known" where there was nothing to see."""
    names = names or Vocabulary()
    for key, wording in SEEN.items():
        if seen.get(key) not in (None, [], ""):
            return wording(seen, names) or _("Not known")
    return _("Not known")


def _cities(seen: Seen, names: Vocabulary) -> str:
    return "; ".join(filter(None, (_city(row, names) for row in seen["cities"])))


def _city(row: Seen, names: Vocabulary) -> str:
    """What is known of one city, with its name; empty when nothing is."""
    for key, wording in OF_A_CITY.items():
        if row.get(key) not in (None, ""):
            return f"{row['name']}: {wording(row, names)}"
    return ""


def _amount(seen: Seen, names: Vocabulary) -> str:
    text = money(seen["amount"], seen["currency"])
    if seen.get("local_contribution") is not None:
        about = {"amount": text, "own": money(seen["local_contribution"], seen["currency"])}
        return _("%(amount)s asked for, %(own)s of your own") % about
    if seen.get("passed_on") is not None:
        about = {"amount": text, "passed": money(seen["passed_on"], seen["currency"])}
        return _("%(passed)s of %(amount)s passed on") % about
    return _("%(amount)s per year") % {"amount": text} if seen.get("per_year") else text


def _percent(seen: Seen, names: Vocabulary) -> str:
    about = {"percent": number(seen["percent"]), "cost": money(seen["total_cost"], seen["currency"])}
    return _("%(percent)s %% of %(cost)s") % about


def _with_evidence(text: str, seen: Seen) -> str:
    return f"{text} ({seen['evidence']})" if seen.get("evidence") else text


def _share(seen: Seen, names: Vocabulary) -> str:
    about = {"found": seen["found"], "of": seen["of"], "category": label(CATEGORIES, seen["category"])}
    return _("%(found)s of %(of)s: %(category)s") % about


def _dates(row: Seen) -> str:
    days = [iso_day(row[key]) for key in ("starts_on", "ends_on") if row[key]]
    return f"{label(ACTIVITIES, row['activity'])}: {' – '.join(days) or _('no date')}"


def _papers(seen: Seen, names: Vocabulary) -> str:
    rows = [
        label(DOCUMENTS, row["document"]) + (f" ({iso_day(row['signed_on'])})" if row["signed_on"] else "")
        for row in seen["papers"]
    ]
    return listed(rows)


def _awards(row: Seen, names: Vocabulary) -> str:
    found = [
        f"{names.programme_list([award['programme']])} ({iso_day(award['on'])})" for award in row["awards"]
    ]
    return listed(found) or _("no earlier grant")


def _applications(seen: Seen, names: Vocabulary) -> str:
    if seen.get("partner") is None:
        return ""
    return _("Others: %(coordinator)s as lead, %(partner)s as partner") % seen


def _people(seen: Seen, names: Vocabulary) -> str:
    text = ngettext("%(count)s person", "%(count)s people", seen["people"])
    return text % {"count": seen["people"]}


def _partners(seen: Seen, names: Vocabulary) -> str:
    text = ngettext("%(count)s partner", "%(count)s partners", seen["partners"])
    return text % {"count": seen["partners"]}


def _documents(seen: Seen, names: Vocabulary) -> str:
    text = ngettext("%(count)s document", "%(count)s documents", seen["documents"])
    return text % {"count": seen["documents"]}


def _planned(seen: Seen, names: Vocabulary) -> str:
    text = ngettext("%(count)s activity", "%(count)s activities", seen["activities"])
    return text % {"count": seen["activities"]}


def _numbered(rows: list[Seen], key: str, labels: Mapping[str, Any], count: str = "found") -> str:
    return listed([f"{label(labels, row[key])} ({row[count]})" for row in rows if row[count] is not None])


# The first value that was seen is worded.
SEEN: Mapping[str, Wording] = {
    "cities": _cities,
    "countries": lambda seen, names: listed([country(code) for code in seen["countries"]]),
    "sides": lambda seen, names: _numbered(seen["sides"], "side", SIDES),
    "category": _share,
    "percent": _percent,
    "amount": _amount,
    "categories": lambda seen, names: labelled(COSTS, seen["categories"]),
    "months": lambda seen, names: _with_evidence(duration(seen["months"]), seen),
    "starts_on": lambda seen, names: iso_day(seen["starts_on"]),
    "themes": lambda seen, names: names.theme_list(seen["themes"]),
    "activities": _planned,
    "dates": lambda seen, names: "; ".join(_dates(row) for row in seen["dates"]),
    "groups": lambda seen, names: _numbered(seen["groups"], "group", GROUPS),
    "team": lambda seen, names: "; ".join(f"{row['side']}: {row['people']}" for row in seen["team"]),
    "people": _people,
    "answer": lambda seen, names: _with_evidence(str(ANSWERS[seen["answer"]]), seen),
    "done_on": lambda seen, names: iso_day(seen["done_on"]),
    "done": lambda seen, names: str(ANSWERS[seen["done"]]),
    "calls": lambda seen, names: names.call_list(seen["calls"]),
    "papers": _papers,
    "partners": _partners,
    "documents": _documents,
    "coordinator": _applications,
}
OF_A_CITY: Mapping[str, Wording] = {
    "country": lambda row, names: country(row["country"]),
    "kind": lambda row, names: kind(row["kind"]),
    "population": lambda row, names: number(row["population"]),
    "networks": lambda row, names: names.network_list(row["networks"]) or _("no network"),
    "urbanisation": lambda row, names: label(CLASSES, row["urbanisation"]),
    "dues_paid": lambda row, names: names.network_list(row["dues_paid"]) or _("no fee paid"),
    "commitments": lambda row, names: labelled(COMMITMENTS, row["commitments"]) or _("no commitment"),
    "role": lambda row, names: label(ROLES, row["role"]),
    "awards": _awards,
}
