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
    if outcome == Outcome.RESERVE:
        if row.get("reserve_place"):
            return _("The places are filled. It has place %(place)s on the reserve list.") % {
                "place": row["reserve_place"]
            }
        return _("The places are filled. It is on the reserve list.")
    if not row.get("score"):
        return _("It has no finished review.")
    if _below(row, call):
        return _("The call asks for at least %(mark)d of 100.") % {"mark": call.pass_mark}
    if (row.get("note") or {}).get("code") == "below_threshold":
        return _("It stayed below the least score that a criterion asks for.")
    return _("The places and the reserve list went to applications with higher scores.")


def _below(row: Mapping[str, Any], call: Call) -> bool:
    return call.pass_mark is not None and float(row["score"]) < call.pass_mark
