"""Selecting: a list computed from frozen scores, verified, kept, and computed again to the same bytes."""

import json
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from calls.access import require, require_recommender
from calls.models import Call, SelectionRun
from calls.operations.deciding import lock_call
from calls.operations.status import NotPossible
from calls.queries.scores_hidden import Hidden, hidden_from
from calls.queries.selection_input import WithoutAmountError, selection_input
from calls.queries.selection_wording import word_fault
from calls.selection.engine import engine_version, select
from calls.selection.outcome import InputFault, SelectionResult
from calls.selection.profile import Pin, Quota, SelectionInput, Settings
from calls.selection.verification import verify
from cooperation.accounts.models import User
from partnerships.matching.document import digest, from_json, to_json

NAMES_SHOWN = 5


class NotProven(Exception):
    """A list does not pass the independent check; nothing of it is kept."""


@transaction.atomic
def run_selection(
    *, call: Call, settings: Settings, by: User, at: datetime, pins: Sequence[Pin] = ()
) -> SelectionRun:
    """Freeze the reviewed applications and compute a list from them.

    Raises NotAllowed, also for whoever reviews an application that is not closed; NotPossible when nothing is
    reviewed, an amount is missing or the pins cannot hold.
    """
    call = lock_call(call.pk)
    require_selector(call, by)
    try:
        frozen = selection_input(call, settings, pins)
    except WithoutAmountError as missing:
        names = ", ".join(missing.args[0][:NAMES_SHOWN])
        raise NotPossible(
            _("No amount is stated by %(names)s. Leave the budget empty to select without it.")
            % {"names": names}
        ) from missing
    published = {pin.id for pin in frozen.pins if pin.published}
    if not {row.id for row in frozen.candidates} - published:
        raise NotPossible(_("No application is waiting for an outcome. Close the reviews first."))
    return _keep(call, frozen, None, by, at)


@transaction.atomic
def run_what_if(
    *, parent: SelectionRun, settings: Settings, quotas: Sequence[Quota], by: User, at: datetime
) -> SelectionRun:
    """The same frozen scores under other settings, as a child of the list that it varies."""
    call = lock_call(parent.call_id)
    require_selector(call, by)
    frozen = json.loads(parent.input)
    changed = {"settings": json.loads(to_json(settings)), "quotas": json.loads(to_json(list(quotas)))}
    return _keep(call, from_json(SelectionInput, json.dumps(frozen | changed)), parent, by, at)


def require_selector(call: Call, by: User) -> None:
    """Staff who recommend, and to whom the ranking of this call is open."""
    require_recommender(by)
    require(
        hidden_from(by, call) == Hidden(),
        _("You review in this call, or declared a conflict of interest. Close the reviews first."),
    )


def _keep(
    call: Call, frozen: SelectionInput, parent: SelectionRun | None, by: User, at: datetime
) -> SelectionRun:
    result = _solve(frozen)
    last = call.selection_runs.aggregate(last=Max("number"))["last"] or 0
    return SelectionRun.objects.create(
        call=call,
        number=last + 1,
        parent=parent,
        input=to_json(frozen),
        input_sha256=digest(frozen),
        engine_version=engine_version(),
        result=json.loads(to_json(result)),
        at=at,
        by=by,
    )


def _solve(frozen: SelectionInput) -> SelectionResult:
    """The engine's list, verified. Raises NotPossible for pins that cannot hold."""
    try:
        result = select(frozen)
    except InputFault as fault:
        raise NotPossible(word_fault(fault)) from fault
    if faults := verify(frozen, result):
        raise NotProven(", ".join(faults))
    return result


def differences(run: SelectionRun) -> list[str]:
    """What computing a run again shows: nothing, or what is not as it was kept, as words for an operator."""
    frozen = from_json(SelectionInput, run.input)
    found = []
    if digest(frozen) != run.input_sha256 or to_json(frozen) != run.input:
        found.append("the frozen input is not what was hashed")
    kept = from_json(SelectionResult, json.dumps(run.result))
    found += [f"the kept list: {fault}" for fault in verify(frozen, kept)]
    if run.engine_version == engine_version() and to_json(select(frozen)) != to_json(kept):
        found.append("computed again, the list is another")
    return found
