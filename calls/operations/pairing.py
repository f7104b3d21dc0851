"""Pairing runs as artefacts: asked for and cancelled here, executed by `pairing_job`."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from celery import current_app
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from calls.access import require, require_staff
from calls.models import Call, PairingRun
from calls.models.call import CallKind
from calls.models.pairing import UNFINISHED, RunCause, RunShape, RunState
from calls.operations.directing import pin_couples
from calls.operations.pairing_locks import lock_pairing
from calls.operations.status import NotPossible, require_not_cancelled
from calls.queries.pairing import frozen_input
from calls.queries.pairing_changes import ChangeUnreadableError, Input, change_input
from calls.queries.pairing_fixed import PinOutsideError
from calls.queries.pairing_kept import groups_of, input_of
from calls.queries.pairing_settings import SettingsUnreadableError
from cooperation.accounts.models import User
from partnerships.matching.document import to_json
from partnerships.matching.pool import PoolInput

MESSAGE_LASTS = 60  # seconds; longer than from sweep to sweep, so that messages do not pile up


@transaction.atomic
def request_run(*, call: Call, by: User | None, at: datetime, cause: RunCause = RunCause.ASKED) -> PairingRun:
    """Freeze the input and queue a run.

    Couples that applied together are pinned first; published proposals that stand are always pinned, so that
    no city is moved while it answers. With the cause ANSWERS `by` may be nobody: the portal asks after a
    city's answer. Raises NotAllowed; NotPossible while another run of the call is going, when there is nobody
    to pair, when a pin names who does not take part, and when the settings cannot be read.
    """
    if by is None:
        require(cause == RunCause.ANSWERS, _("Only programme staff can do this."))
    else:
        require_staff(by)
    if call.kind != CallKind.PAIRING:
        raise NotPossible(_("This call does not pair cities."))
    lock_pairing(call.pk)
    require_not_cancelled(Call.objects.get(pk=call.pk))
    frozen = _frozen(call, at)
    return _queue(PairingRun(call=call, cause=cause, requested_at=at, requested_by=by), frozen)


def freeze_again(run: PairingRun, *, at: datetime) -> PairingRun:
    """Freeze what holds now into a LOCKED run that waits for a worker. Raises NotPossible."""
    _freeze(run, _frozen(run.call, at))
    run.requested_at = max(at, run.requested_at)
    run.save(update_fields=["shape", "input", "input_sha256", "requested_at"])
    return run


def _frozen(call: Call, at: datetime) -> Input:
    pin_couples(call, at=at)
    try:
        frozen = frozen_input(call, at=at)
    except (SettingsUnreadableError, PinOutsideError) as fault:
        raise NotPossible(str(fault)) from fault
    _require_cities(frozen)
    return frozen


@transaction.atomic
def ask_what_if(*, run: PairingRun, changes: Mapping[str, Any], by: User, at: datetime) -> PairingRun:
    """Queue a child of a finished run: the same frozen input with `changes`; `pairing_diff` compares the two.

    Keys of `changes`, each optional: `weights` {criterion: thousandths of a point, 100,000 in all},
    `minimum_score`, `keep_bonus` (thousandths), `raise_floor` (bool), `quotas` {label: {"minimum": n,
    "maximum": n or None}}, `pins` and `vetoes` [[reference, reference], ...] in addition to the run's,
    `free` [[reference, reference], ...] that the run pins or keeps apart, `without` [reference, ...].
    Raises NotAllowed; NotPossible with a sentence for a key, reference or value that the run cannot take, for
    a run that is not done, and while another run of the call is going.
    """
    require_staff(by)
    parent = PairingRun.objects.select_related("call").get(pk=run.pk)
    if parent.state != RunState.DONE:
        raise NotPossible(_("Only a finished run can be varied."))
    try:
        frozen = change_input(input_of(parent), changes, previous=groups_of(parent))
    except ChangeUnreadableError as fault:
        raise NotPossible(str(fault)) from fault
    _require_cities(frozen)
    child = PairingRun(
        call=parent.call,
        cause=RunCause.WHAT_IF,
        parent=parent,
        changes=dict(changes),
        requested_at=at,
        requested_by=by,
    )
    return _queue(child, frozen)


@transaction.atomic
def cancel_run(*, run: PairingRun, by: User, at: datetime) -> PairingRun:
    """Stop a run: a waiting one at once, a running one within a second or so (its worker looks).

    Raises NotAllowed; NotPossible when it has ended already.
    """
    require_staff(by)
    current = PairingRun.objects.select_for_update().get(pk=run.pk)
    if current.state not in UNFINISHED:
        raise NotPossible(_("This run has ended already."))
    current.cancel_asked_at, current.cancel_asked_by = at, by
    if current.state == RunState.WAITING:
        current.state, current.finished_at = RunState.CANCELLED, at
    current.save(update_fields=["cancel_asked_at", "cancel_asked_by", "state", "finished_at"])
    return current


def _require_cities(frozen: Input) -> None:
    if isinstance(frozen, PoolInput):
        if len(frozen.pool) < 2:
            raise NotPossible(_("Screen at least two applications before you group cities."))
    elif not (frozen.a.profiles and frozen.b.profiles):
        raise NotPossible(_("Screen at least one application on each side before you pair cities."))


def _freeze(run: PairingRun, frozen: Input) -> None:
    run.shape = RunShape.POOL if isinstance(frozen, PoolInput) else RunShape.SIDES
    run.input = to_json(frozen)
    # the digest of the engine, without writing twice
    run.input_sha256 = sha256(run.input.encode()).hexdigest()


def _queue(run: PairingRun, frozen: Input) -> PairingRun:
    _freeze(run, frozen)
    run.number = (run.call.pairing_runs.aggregate(last=Max("number"))["last"] or 0) + 1
    try:
        with transaction.atomic():
            run.save()
    except IntegrityError as clash:
        raise NotPossible(_("A run of this call is under way. Its result appears on this page.")) from clash
    transaction.on_commit(lambda: enqueue(run.pk), robust=True)
    return run


def enqueue(run_id: int) -> None:
    """Tell a worker. A message that is lost or too old costs half a minute: `rescue_runs` sends another."""
    # by name: the task stands above the operations
    current_app.send_task(
        "calls.execute_pairing_run", kwargs={"run_id": run_id}, retry=False, expires=MESSAGE_LASTS
    )
