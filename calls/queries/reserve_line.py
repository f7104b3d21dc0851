"""The reserve list in its order, and who is next when a place becomes free."""

import json
from dataclasses import dataclass

from calls.models import Application, Call, Decision, Quota
from calls.models.call import WaitingList
from calls.queries.decisions import placed, standing_decision
from calls.selection.profile import SelectionInput
from calls.selection.reserve import next_in_line
from calls.workflow import Status
from partnerships.matching.document import from_json

LAST = 2**15  # behind every place of a reserve list


@dataclass(frozen=True)
class InLine:
    """One city on the reserve list: its place there, and the quota whose places it waits for."""

    application: Application
    place: int | None
    quota: Quota | None


def reserve_line(call: Call) -> list[InLine]:
    """Quota by quota, or one list across all; those without a place on it at the end of theirs."""
    rows = call.applications.filter(status=Status.RESERVE).select_related("lead__city", "decision")
    rows = rows.prefetch_related("partners__city").defer("answers")
    quotas = list(call.quotas.all()) if call.waiting_list == WaitingList.BY_QUOTA else []
    found = [_in_line(row, quotas) for row in rows]
    order = {quota.pk: number for number, quota in enumerate(quotas)}
    return sorted(
        found,
        key=lambda row: (
            order.get(row.quota.pk, LAST) if row.quota else LAST,
            LAST if row.place is None else row.place,
            row.application.reference,
        ),
    )


def _in_line(row: Application, quotas: list[Quota]) -> InLine:
    country = str(row.lead.country)
    quota = next((quota for quota in quotas if country in quota.countries), None)
    return InLine(row, row.decision.reserve_place if hasattr(row, "decision") else None, quota)


def next_for(declined: Decision) -> Application | None:
    """Who may take a declined place: the first on its reserve list who is not recommended for another.

    Where the declined selection was computed, its frozen quotas, floors and order decide.
    """
    call = declined.application.call
    busy = set(call.applications.filter(standing_decision()).values_list("pk", flat=True))
    line = [row for row in reserve_line(call) if row.application.pk not in busy]
    if declined.run_id and (frozen := _frozen(declined)):
        return _computed(frozen, declined, line)
    own = str(declined.application.lead.country)
    same = [row for row in line if row.quota is None or own in row.quota.countries]
    return same[0].application if same else None


def _frozen(declined: Decision) -> SelectionInput | None:
    """The frozen input of the selection; None for one that the declined application had no part in."""
    run = declined.run
    if run is None or not json.loads(run.input).get("candidates"):
        return None
    found = from_json(SelectionInput, run.input)
    known = {row.id for row in found.candidates}
    return found if declined.application.reference in known else None


def _computed(frozen: SelectionInput, declined: Decision, line: list[InLine]) -> Application | None:
    call, known = declined.application.call, {row.id for row in frozen.candidates}
    waiting = {
        row.application.reference: row.application for row in line if row.application.reference in known
    }
    holding = placed(call).filter(reference__in=known).values_list("reference", flat=True)
    found = next_in_line(
        frozen, waiting=list(waiting), holding=list(holding), freed=declined.application.reference
    )
    return waiting.get(found) if found else None
