"""The reason of an outcome as the city reads it: place, score, threshold; nobody else is named."""

from collections.abc import Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from calls.models import Application, Call
from calls.models.decision import Outcome


def reason_of(row: Mapping[str, Any], application: Application, call: Call, *, of: int) -> str:
    """A row of a selection's result in the language of the application. `of` is how many were ranked.

    Staff may write another reason before the approval.
    """
    with override(application.language):
        return " ".join([*_standing(row, of), _because(row, call)])


def reason_of_sides(outcome: Outcome, application: Application, place: int | None) -> str:
    """What two sides decided, in the language of the application; which side said what stays with them."""
    with override(application.language):
        if outcome == Outcome.SELECTED:
            return _("Two sides decide together. Both select it.")
        text = _("Two sides decide together. An application is selected only if both select it.")
        return text if outcome == Outcome.REJECTED else f"{text} {_on_reserve(place)}"


def _on_reserve(place: int | None) -> str:
    if not place:
        return _("It is on the reserve list.")
    return _("It has place %(place)s on the reserve list.") % {"place": place}


def _standing(row: Mapping[str, Any], of: int) -> list[str]:
    if not row.get("score"):
        return []
    words = {"place": str(row["place"]).rstrip("="), "of": of, "score": number_format(row["score"])}
    if str(row["place"]).endswith("="):
        return [_("Your application scored %(score)s of 100 and shares place %(place)s of %(of)d.") % words]
    return [_("Your application scored %(score)s of 100: place %(place)s of %(of)d.") % words]


def _because(row: Mapping[str, Any], call: Call) -> str:
    outcome = row["outcome"]
    if outcome == Outcome.SELECTED:
        return _("It is within the places of the call.")
    note = row.get("note") or {"code": "", "params": {}}
    if outcome == Outcome.RESERVE:
        short = note["code"] == "no_budget"
        full = _("The budget does not cover it now.") if short else _("The places are filled.")
        return f"{full} {_on_reserve(row.get('reserve_place'))}"
    if not row.get("score"):
        return _("It has no finished review.")
    return _refused(note["code"], note["params"], call)


def _refused(code: str, params: Mapping[str, Any], call: Call) -> str:
    """Why it is not selected, by the first note of its row. What staff settled beforehand stays with them."""
    if code == "below_pass_mark":
        return _("The call asks for at least %(mark)d of 100.") % params
    if code == "below_threshold":
        names = {row.key: str(row) for row in call.criteria.all()}
        words = {**params, "criterion": names.get(params["criterion"], params["criterion"])}
        return _("At least %(threshold)s of 5 are asked for in “%(criterion)s”.") % words
    sentences = {
        "not_enough_reviews": _("It has fewer finished reviews than are asked for."),
        "no_budget": _("The budget does not cover it."),
        "pinned": _("The organiser settled this before the places were given by score."),
    }
    return sentences.get(code) or _("The places and the reserve list went to other applications.")
