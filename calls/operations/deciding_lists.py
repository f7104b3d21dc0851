"""Deciding a whole list at once: a computed selection is recommended, all that is open is approved."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls.access import require, require_decider
from calls.models import Application, Call, Decision, SelectionRun
from calls.models.decision import Outcome
from calls.operations.deciding import approve_locked, lock_call, recommend, require_room
from calls.operations.overtaking import Overtaken
from calls.operations.selecting import require_selector
from calls.operations.status import NotPossible
from calls.queries.blinding import in_conflict
from calls.queries.decision_page import why_not_approve
from calls.queries.decisions import fingerprint_of, open_decisions
from calls.queries.reasons_in_words import reason_of
from calls.queries.selection_state import undecided_rows, why_outdated
from cooperation.accounts.models import User
from cooperation.web.transactions import atomic_again


@atomic_again
def recommend_list(*, run: SelectionRun, by: User, at: datetime) -> list[Decision]:
    """Recommend every outcome of a selection, each with its reason; all of them or none.

    Raises NotAllowed, also for whoever the ranking is closed to; NotPossible for a selection that another
    one has replaced, whose applications or reviews have changed since, or when one of its outcomes is
    approved already.
    """
    call = lock_call(run.call_id)
    require_selector(call, by)
    rows = undecided_rows(run)
    applications = _lock_all(call, [row["application"] for row in rows])
    if reason := why_outdated(run):
        raise NotPossible(reason)
    _require_unapproved(call)
    ranked = sum(bool(row.get("place")) for row in run.result["rows"])
    return [
        recommend(
            application=applications[row["application"]],
            outcome=Outcome(row["outcome"]),
            reason=reason_of(row, applications[row["application"]], call, of=ranked),
            by=by,
            at=at,
            run=run,
            reserve_place=row.get("reserve_place"),
        )
        for row in rows
    ]


def _lock_all(call: Call, references: list[str]) -> dict[str, Application]:
    rows = call.applications.select_for_update(of=("self",)).filter(reference__in=references)
    return {row.reference: row for row in rows.order_by("pk")}


def _require_unapproved(call: Call) -> None:
    approved = Decision.objects.waiting().filter(application__call=call)
    names = ", ".join(approved.values_list("application__reference", flat=True)[:5])
    if names:
        raise NotPossible(
            _("Approved already: %(names)s. Publish it, or send it back, before you recommend a list.")
            % {"names": names}
        )


@atomic_again
def approve_list(*, call: Call, seen: str, by: User, at: datetime) -> list[Decision]:
    """Approve every open recommendation of a call that somebody else made.

    One's own are left, and those about which one declared a conflict of interest.

    `seen` is the fingerprint of the list that was shown; Overtaken when it is another list now. Raises
    NotAllowed when all are one's own, NotPossible when places are too few.
    """
    call = lock_call(call.pk)
    require_decider(by)
    ids = open_decisions(call).values("application")
    held = call.applications.select_for_update(of=("self",)).select_related("call", "lead").filter(pk__in=ids)
    applications = {row.pk: row for row in held.order_by("pk")}
    shown = open_decisions(call).annotate(hidden=in_conflict(by, "application"))
    rows: list[Any] = list(shown.select_for_update(of=("self",)))
    if fingerprint_of(rows) != seen:
        raise Overtaken(_("The list changed after you opened it. Nothing was approved. Read it again below."))
    if not rows:
        raise NotPossible(_("Nothing is recommended that is not approved yet."))
    others = [row for row in rows if not why_not_approve(by, row, hidden=row.hidden)]
    require(bool(others), why_not_approve(by, rows[0], hidden=rows[0].hidden))
    for row in others:
        approve_locked(applications[row.application_id], row, by=by, at=at)
    require_room(call, others)
    return others


def approved_sentence(approved: list[Decision], left: int) -> str:
    """What the press did: how many are approved, and how many wait for somebody else."""
    sentence = ngettext(
        "%(count)d outcome is approved.", "%(count)d outcomes are approved.", len(approved)
    ) % {"count": len(approved)}
    if not left:
        return sentence
    own = ngettext(
        "%(count)d waits for another person.",
        "%(count)d wait for another person.",
        left,
    ) % {"count": left}
    return f"{sentence} {own}"
