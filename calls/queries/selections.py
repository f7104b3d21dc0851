"""Selections as people read them: outcomes, the lines of the table, seats, what two lists differ in."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from calls.models import Application, Call, SelectionRun
from calls.models.decision import Outcome
from calls.queries.selection_input import quotas_of
from calls.queries.selection_wording import word_note

MOST_SEATS = 60  # more are only said in figures
RESERVE_SEATS = 12  # waiting applications drawn beside a quota's seats; the number stands in words


@dataclass(frozen=True)
class Line:
    """One row of a ranking. `kind` is a state's dot, `outcome` its word; `corrected` is advice."""

    place: str
    application: Application
    score: str
    sheets: tuple[float, ...]
    notes: tuple[str, ...]
    kind: str
    outcome: str
    selected: bool
    corrected: str = ""

    @property
    def country(self) -> str:
        """The country, unless the city is one."""
        country: Any = self.application.lead.country
        name, city = str(country.name), self.application.lead.city
        return "" if city and name == city.name else name


@dataclass(frozen=True)
class Difference:
    """One application whose outcome two lists disagree on."""

    application: Application
    before: str
    after: str


def lines_of(run: SelectionRun, rows: Sequence[Mapping[str, Any]]) -> list[Line]:
    """These rows of a list with the names of their applications. Two queries, however many rows."""
    frozen = json.loads(run.input)
    sheets = {row["id"]: row["sheets"] for row in frozen["candidates"]}
    named = applications_named(run.call, (row["application"] for row in rows))
    criteria = {row.key: str(row) for row in run.call.criteria.all()}
    quotas = names_of_quotas(run.call)
    found = []
    for row in rows:
        scores = tuple(round(score / frozen["unit"], 1) for score in sheets[row["application"]])
        found.append(
            Line(
                place=row["place"],
                application=named[row["application"]],
                score=row["score"],
                sheets=scores,
                notes=tuple(word_note(note, criteria | quotas, row["score"]) for note in row["notes"]),
                kind={"selected": "pass", "reserve": "reserve"}.get(row["outcome"], "closed"),
                outcome=word_outcome(row, frozen["settings"]["waiting"] == "by_quota", quotas),
                selected=row["outcome"] == Outcome.SELECTED,
            )
        )
    return found


def applications_named(call: Call, references: Iterable[str]) -> dict[str, Application]:
    """Reference -> application with its city; answers stay in the database."""
    rows = call.applications.filter(reference__in=list(references)).select_related("lead__city")
    return {row.reference: row for row in rows.defer("answers")}


def word_outcome(row: Mapping[str, Any], by_quota: bool, quotas: Mapping[str, str]) -> str:
    """The outcome in two or three words: "Select", "Reserve 2, Canada", "Do not select"."""
    if row["outcome"] == Outcome.SELECTED:
        return _("Select")
    if row["outcome"] == Outcome.REJECTED:
        return _("Do not select")
    words = {"place": row["reserve_place"], "quota": quotas.get(row["quota"], row["quota"])}
    if by_quota and row["quota"]:
        return _("Reserve %(place)s, %(quota)s") % words
    return _("Reserve %(place)s") % words


def seats_of_run(run: SelectionRun) -> list[dict[str, Any]]:
    """Each quota with its seats: filled, and how many waiting ones are drawn."""
    names = names_of_quotas(run.call)
    return [
        {
            **row,
            "label": names.get(row["label"], row["label"]),
            "drawn": min(row["reserve"], RESERVE_SEATS),
            "drawable": row["ceiling"] <= MOST_SEATS,
        }
        for row in run.result["quotas"]
    ]


def names_of_quotas(call: Call) -> dict[str, str]:
    """A quota's name as it was frozen -> its name in the reader's language."""
    rows = list(call.quotas.all())
    return {frozen.label: str(row) for frozen, row in zip(quotas_of(call), rows, strict=True)}


def differences_of(before: SelectionRun, after: SelectionRun) -> dict[str, list[Difference]]:
    """What changes from one list to the other: who gains a place, who loses it, who moves otherwise."""
    rows = [{row["application"]: row for row in run.result["rows"]} for run in (before, after)]
    by_quota = [json.loads(run.input)["settings"]["waiting"] == "by_quota" for run in (before, after)]
    quotas = names_of_quotas(after.call)
    words = [
        {key: word_outcome(row, shape, quotas) for key, row in found.items()}
        for found, shape in zip(rows, by_quota, strict=True)
    ]
    changed = [key for key in {**words[0], **words[1]} if words[0].get(key) != words[1].get(key)]
    named = applications_named(before.call, changed)
    groups: dict[str, list[Difference]] = {"gained": [], "lost": [], "moved": []}
    for key in changed:
        had, has = (found.get(key, {}).get("outcome") == Outcome.SELECTED for found in rows)
        group = "moved" if had == has else "gained" if has else "lost"
        groups[group].append(Difference(named[key], words[0].get(key, ""), words[1].get(key, "")))
    return groups
