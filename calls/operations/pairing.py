"""Pairing runs as artefacts: asked for here, executed by `pairing_job`, published by `proposing`."""

from datetime import datetime

from celery import current_app
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from calls.access import require_staff
from calls.models import Call, PairingRun
from calls.models.call import CallKind
from calls.operations.status import NotPossible
from calls.queries.pairing import pairing_input
from cooperation.accounts.models import User
from partnerships.matching.document import digest, to_json


@transaction.atomic
def request_run(*, call: Call, by: User, at: datetime) -> PairingRun:
    """Freeze the input and queue a run. Raises NotPossible while another run of the call is going."""
    require_staff(by)
    if call.kind != CallKind.PAIRING:
        raise NotPossible(_("This call does not pair cities."))
    frozen = pairing_input(call, at=at)
    if not (frozen.a.profiles and frozen.b.profiles):
        raise NotPossible(_("Screen at least one application on each side before you pair cities."))
    run = PairingRun(
        call=call,
        number=call.pairing_runs.count() + 1,
        requested_at=at,
        requested_by=by,
        input=to_json(frozen),
        input_sha256=digest(frozen),
    )
    try:
        with transaction.atomic():
            run.save()
    except IntegrityError as clash:
        raise NotPossible(_("A run of this call is under way. Its result appears on this page.")) from clash
    transaction.on_commit(lambda: _enqueue(run.pk), robust=True)
    return run


def _enqueue(run_id: int) -> None:
    # by name: the task stands above the operations
    current_app.send_task("calls.execute_pairing_run", kwargs={"run_id": run_id}, retry=False)
