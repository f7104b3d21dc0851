"""Pairing runs as artefacts: requested, executed by a worker, proposed, approved into partnerships."""

import json
from datetime import datetime, timedelta

from celery import current_app
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from calls.access import require, require_decider, require_recommender, require_staff
from calls.models import Application, Call, PairingRun, Proposal
from calls.models.call import CallKind
from calls.models.pairing import RunState
from calls.operations.status import NotPossible
from calls.queries.clock import database_now
from calls.queries.pairing import PAIRABLE, pairing_input
from cooperation.accounts.models import User
from partnerships.matching import engine
from partnerships.matching.document import digest, from_json, to_json
from partnerships.matching.outcome import PairingResult
from partnerships.matching.profiles import PairingInput
from partnerships.matching.verification import verify
from partnerships.models import Partnership, Theme
from partnerships.models.partnership import MemberRole, PartnershipKind
from partnerships.operations.founding import Party, found_partnership

ABANDONED_AFTER = timedelta(minutes=3)
MOST_ATTEMPTS = 3


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


class NotProven(Exception):
    """The engine's result does not pass the independent check; nothing of it is kept."""


def execute_run(*, run_id: int, at: datetime) -> bool:
    """Claim, solve and check one waiting run; False when another worker has it or when it failed.

    A failed run says why. What keeps the database from answering is raised: `rescue_runs` takes the run up.
    The certificate is verified without the solver on every run: a result that is not proven is not kept.
    """
    claimed = PairingRun.objects.filter(pk=run_id, state=RunState.WAITING).update(
        state=RunState.RUNNING, started_at=at, attempts=F("attempts") + 1
    )
    if not claimed:
        return False
    run = PairingRun.objects.get(pk=run_id)
    try:
        return _keep(run, solve(from_json(PairingInput, run.input)))
    except OperationalError:
        raise
    except Exception as error:
        _finish(run, state=RunState.FAILED, error=f"{type(error).__name__}: {error}"[:300])
        return False


def solve(frozen: PairingInput) -> PairingResult:
    """The engine's result, verified. Raises NotProven naming the faults."""
    result = engine.run(frozen)
    if faults := verify(frozen, result):
        raise NotProven(", ".join(fault.code for fault in faults))
    return result


@transaction.atomic
def _keep(run: PairingRun, result: PairingResult) -> bool:
    held = PairingRun.objects.select_for_update().filter(
        pk=run.pk, state=RunState.RUNNING, attempts=run.attempts
    )
    if not held:
        return False  # the run was given to another worker in the meantime
    applications = {row.reference: row for row in run.call.applications.all()}
    Proposal.objects.bulk_create(
        Proposal(
            run=run,
            home=applications[pair.a],
            abroad=applications[pair.b],
            score=pair.score,
            explanation=_as_json(pair),
        )
        for pair in result.pairs
    )
    _finish(
        run, state=RunState.DONE, result=_as_json(result), engine_version=f"{result.engine}; {result.solver}"
    )
    return True


def _as_json(value: object) -> dict:
    return json.loads(to_json(value))


def _finish(run: PairingRun, **changes: object) -> None:
    still_ours = PairingRun.objects.filter(pk=run.pk, state=RunState.RUNNING, attempts=run.attempts)
    still_ours.update(finished_at=database_now(), **changes)


def rescue_runs(*, at: datetime) -> int:
    """Take up runs that no worker finished: waiting ones that the broker lost, running ones left alone.

    Returns how many were solved. A run that stopped MOST_ATTEMPTS workers is failed, not tried again.
    """
    old = at - ABANDONED_AFTER
    stuck = PairingRun.objects.filter(state=RunState.RUNNING, started_at__lt=old)
    stuck.filter(attempts__gte=MOST_ATTEMPTS).update(
        state=RunState.FAILED, finished_at=at, error="Three workers stopped while solving."
    )
    PairingRun.objects.filter(state=RunState.RUNNING, started_at__lt=old).update(state=RunState.WAITING)
    waiting = PairingRun.objects.filter(state=RunState.WAITING, requested_at__lt=at - timedelta(seconds=30))
    return sum(execute_run(run_id=run_id, at=at) for run_id in waiting.values_list("pk", flat=True))


@transaction.atomic
def recommend_pair(*, proposal: Proposal, by: User, at: datetime) -> Proposal:
    """Recommend a proposed pair for approval by a second person."""
    current = Proposal.objects.select_for_update().get(pk=proposal.pk)
    require_recommender(by)
    if current.partnership_id:
        raise NotPossible(_("This pair is a partnership already."))
    if current.recommended_by_id:
        raise NotPossible(_("This pair is recommended already; a second person approves it."))
    _require_free(current)
    current.recommended_at, current.recommended_by = at, by
    current.save(update_fields=["recommended_at", "recommended_by"])
    return current


@transaction.atomic
def approve_pair(*, proposal: Proposal, by: User, at: datetime) -> Partnership:
    """Approve a recommended pair: it founds a partnership, and neither city is paired again in this call."""
    current = Proposal.objects.select_for_update().get(pk=proposal.pk)
    require_decider(by)
    if current.partnership_id:
        raise NotPossible(_("This pair is a partnership already."))
    if current.recommended_by_id is None:
        raise NotPossible(_("Recommend the pair first; a second person approves it."))
    require(
        current.recommended_by_id != by.pk, _("A second person approves: you recommended this pair yourself.")
    )
    _require_free(current)
    current.partnership = _found(current, at)
    current.save(update_fields=["partnership"])
    return current.partnership


def _require_free(proposal: Proposal) -> None:
    ids = [proposal.home_id, proposal.abroad_id]
    # lock both applications in a fixed order, so that two approvals of one city exclude each other
    both = Application.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    for row in both:
        if row.status not in PAIRABLE:
            raise NotPossible(
                _("%(reference)s is now “%(status)s” and cannot be paired.")
                % {"reference": row.reference, "status": row.get_status_display()}
            )
    founded = Proposal.objects.filter(partnership__isnull=False)
    if founded.filter(Q(home_id__in=ids) | Q(abroad_id__in=ids)).exists():
        raise NotPossible(_("One of the two cities already has a partner from this call."))


def _found(proposal: Proposal, at: datetime) -> Partnership:
    home, abroad = proposal.home, proposal.abroad
    programme = home.call.programme
    return found_partnership(
        title=f"{home.lead.city or home.lead} – {abroad.lead.city or abroad.lead}",
        kind=PartnershipKind.PAIRING,
        programme=programme.name,
        funder=", ".join(programme.funders),
        parties=[
            Party(MemberRole.PARTNER, city=home.lead.city, organisation=home.lead),
            Party(MemberRole.PARTNER, city=abroad.lead.city, organisation=abroad.lead),
        ],
        source=f"{home.reference}, {abroad.reference}",
        at=at,
        themes=Theme.objects.filter(slug__in=_shared_themes(proposal)),
    )


def _shared_themes(proposal: Proposal) -> set[str]:
    def answered(application: Application) -> set[str]:
        themes = application.answers.get("themes") or []
        return set(themes if isinstance(themes, list) else [themes])

    return answered(proposal.home) & answered(proposal.abroad)
