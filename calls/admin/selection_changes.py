"""What changes: from one list of a call to another, and when one limit moves."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from calls.admin.pages import person, staff_page
from calls.admin.ranking import word_hidden
from calls.admin.selections import load_run
from calls.queries.scores_hidden import hidden_from
from calls.queries.selection_input import CENTS
from calls.queries.selection_wording import word_change, word_run
from calls.queries.selections import applications_named, differences_of, names_of_quotas
from calls.selection.moves import moves
from calls.selection.profile import SelectionInput
from partnerships.matching.document import from_json


@require_safe
def compare(request: HttpRequest, pk: int, number: int, other: int) -> HttpResponse:
    """Who gains, loses or moves from one list to another."""
    before, after = load_run(request, pk, number), load_run(request, pk, other)
    context = {
        "call": before.call,
        "title": _("Lists %(before)d and %(after)d") % {"before": before.number, "after": after.number},
        "staff_place": "calls",
        "hidden": word_hidden(hidden_from(person(request), before.call)),
        "before": before,
        "after": after,
    }
    if not context["hidden"]:
        frozen = [json.loads(run.input) for run in (before, after)]
        runs = zip((before, after), frozen, strict=True)
        context |= {
            "groups": differences_of(before, after),
            "sentences": [(run, word_run(one, run.result, names_of_quotas(run.call))) for run, one in runs],
            "limits": _limits(frozen[0], frozen[1], names_of_quotas(before.call)),
        }
    return staff_page(request, "admin/calls/call/selection_compare.html", context)


@require_safe
def sensitivity(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """What changes if a quota, the places or the budget move."""
    run = load_run(request, pk, number)
    hidden = word_hidden(hidden_from(person(request), run.call))
    context = {"call": run.call, "run": run, "staff_place": "calls", "hidden": hidden}
    context["title"] = _("What moves list %(number)d") % {"number": run.number}
    if not hidden:
        frozen = from_json(SelectionInput, run.input)
        found = moves(frozen)
        named = applications_named(
            run.call, {name for row in found for name in (*row.entering, *row.leaving)}
        )
        quotas = names_of_quotas(run.call)
        context["still"] = [
            replace(row, label=quotas.get(row.label, row.label)) for row in found if row.changes_nothing
        ]
        context["moves"] = [
            {
                "move": replace(row, label=quotas.get(row.label, row.label)),
                "entering": [named[name] for name in row.entering],
                "leaving": [named[name] for name in row.leaving],
                "change": word_change(row.change, frozen.unit),
            }
            for row in found
            if not row.changes_nothing
        ]
    return staff_page(request, "admin/calls/call/selection_moves.html", context)


def _limits(before: Any, after: Any, names: Mapping[str, str]) -> list[tuple[str, Any, Any]]:
    """The limits that differ, as (name, before, after)."""
    words = {"places": _("Places"), "pass_mark": _("Pass mark"), "method": _("How to select")}
    found: list[tuple[str, Any, Any]] = [
        (word, before["settings"][name], after["settings"][name])
        for name, word in words.items()
        if before["settings"][name] != after["settings"][name]
    ]
    budgets = [one["settings"]["budget"] for one in (before, after)]
    if budgets[0] != budgets[1]:
        one, other = (None if money is None else money / CENTS for money in budgets)
        found.append((_("Budget"), one, other))
    quotas = [
        {row["label"]: (row["floor"], row["ceiling"]) for row in one["quotas"]} for one in (before, after)
    ]
    for label in quotas[0]:
        if label in quotas[1] and quotas[0][label] != quotas[1][label]:
            one, other = ("–".join(map(str, pair[label])) for pair in quotas)
            found.append((names.get(label, label), one, other))
    return found
