"""Automatic assignment of a large round: asked for, carried out by a worker, cancelled.

What was confirmed is carried out in one transaction that also ends the job, so that a worker which died
leaves nothing, and one whose job was cancelled or given to another assigns nothing.
"""

from datetime import datetime

import structlog
from celery import current_app
from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from calls.access import NotAllowed, require_assigner
from calls.models import AssigningRun, Call
from calls.operations.assigning import Moved
from calls.operations.auto_assigning import Proposal, apply_proposal, propose_assignments
from calls.operations.status import NotPossible
from calls.queries.clock import database_now
from cooperation.accounts.models import User
from cooperation.history.actor import acting
from cooperation.jobs import claiming
from cooperation.jobs.claiming import Stopped, ours
from cooperation.jobs.models import UNFINISHED, JobState

logger = structlog.get_logger("portal.assigning")
AT_ONCE = 50_000  # applications times experts: less than about a second
STEPS = 3


def is_large(proposal: Proposal) -> bool:
    """Whether a worker carries it out while staff watch, not the request."""
    return len(proposal.situation.applications) * len(proposal.situation.seats) > AT_ONCE


@transaction.atomic
def request_assigning(*, call: Call, anew: bool, stamp: str, by: User, at: datetime) -> AssigningRun:
    """Have a worker assign what the preview with this stamp showed.

    Raises NotAllowed; NotPossible while another run of the call is not done.
    """
    require_assigner(by)
    Call.objects.select_for_update().get(pk=call.pk)
    if call.assigning_runs.filter(state__in=UNFINISHED).exists():
        raise NotPossible(_("This round is being assigned already. Wait until that is done, or cancel it."))
    run = AssigningRun.objects.create(
        call=call,
        owner=by,
        anew=anew,
        stamp=stamp[:64],
        language=get_language() or "en",
        rows_total=STEPS,
        requested_at=at,
    )
    transaction.on_commit(lambda: _enqueue(run.pk), robust=True)
    return run


def _enqueue(run_id: int) -> None:
    # by name: the task stands above the operations
    current_app.send_task("calls.execute_assigning_run", kwargs={"run_id": run_id}, retry=False)


def execute_assigning(*, run_id: int, at: datetime) -> bool:
    """Claim and carry out one waiting run; False when another worker has it, it was cancelled or it failed.

    What keeps the database from answering is raised: `rescue_assigning` takes the run up.
    """
    run = claiming.claim(AssigningRun.objects.select_related("owner", "call"), pk=run_id, at=at)
    if run is None:
        return False
    try:
        with acting(run.owner), override(run.language):
            _carry_out(run)
    except Stopped:
        return False
    except (InterfaceError, OperationalError):
        raise
    except Moved:
        with override(run.language):
            sentence = _("Something changed after this was confirmed. Nothing was assigned.")
        return claiming.fail(run, error=sentence, at=database_now())
    except (NotPossible, NotAllowed) as refusal:
        return claiming.fail(run, error=str(refusal), at=database_now())
    except Exception:
        logger.exception("not assigned", run=run.pk)
        return claiming.fail(run, error=_broken(run), at=database_now())
    return True


def _broken(run: AssigningRun) -> str:
    """What the page says of a fault of ours: the log has the rest, under the same number."""
    with override(run.language):
        sentence = _(
            "Nothing was assigned: something went wrong. If it happens again, name run %(number)d to whoever"
            " runs the portal."
        )
        return sentence % {"number": run.pk}


def _carry_out(run: AssigningRun) -> None:
    require_assigner(run.owner)
    proposal = propose_assignments(call=run.call, anew=run.anew)
    claiming.beat(run, done=STEPS - 1, at=database_now())
    with transaction.atomic():
        at = database_now()
        made, gone = apply_proposal(
            call=run.call, proposal=proposal, anew=run.anew, stamp=run.stamp, by=run.owner, at=at
        )
        done = ours(run).update(
            state=JobState.DONE, rows_done=STEPS, made=made, gone=gone, finished_at=at, seen_at=at
        )
        if not done:
            raise Stopped


@transaction.atomic
def cancel_assigning(*, run: AssigningRun, by: User, at: datetime) -> None:
    """Stop a run that is not done; nothing is assigned then. Raises NotAllowed, NotPossible."""
    require_assigner(by)
    if not claiming.cancel(AssigningRun.objects.all(), pk=run.pk, at=at):
        raise NotPossible(_("This run is not running any more."))


def rescue_assigning(*, at: datetime) -> int:
    """Carry out runs that no worker finished; returns how many came to their end."""
    waiting = claiming.waiting_again(AssigningRun.objects.all(), at=at)
    return sum(execute_assigning(run_id=pk, at=at) for pk in waiting)
