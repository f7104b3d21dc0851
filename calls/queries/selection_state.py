"""Does a computed selection still say what is true? Asked before its list is recommended."""

import json
from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from calls.models import Review, SelectionRun
from calls.workflow import Status


def undecided_rows(run: SelectionRun) -> list[Mapping[str, Any]]:
    """The rows that can be recommended: whoever held a place already is in the list to be counted only."""
    pins = json.loads(run.input).get("pins", [])
    held = {pin["id"] for pin in pins if pin.get("published")}
    return [row for row in run.result.get("rows", []) if row["application"] not in held]


def why_outdated(run: SelectionRun) -> str:
    """Why this selection cannot be recommended any more, as a sentence; empty while it can.

    A what-if does not outdate the selection that it varies.
    """
    newer = SelectionRun.objects.filter(call_id=run.call_id, number__gt=run.number)
    if newer.filter(parent__isnull=True).exists():
        return _("A newer selection replaced this one. Open the newest.")
    rows = {row["application"] for row in undecided_rows(run)}
    if not rows:
        return _("Nothing in this selection waits for an outcome.")
    reviewed = set(run.call.applications.filter(status=Status.REVIEWED).values_list("reference", flat=True))
    if gone := sorted(rows - reviewed):
        return _("Not waiting for an outcome any more: %(names)s. Compute the selection again.") % {
            "names": ", ".join(gone[:5])
        }
    if new := sorted(reviewed - rows):
        return _("Reviewed since: %(names)s. Compute the selection again.") % {"names": ", ".join(new[:5])}
    later = Q(finished_at__gt=run.at) | Q(changed_at__gt=run.at)
    if Review.objects.filter(later, application__call=run.call_id).exists():
        return _("A review changed after this selection was computed. Compute it again.")
    return ""
