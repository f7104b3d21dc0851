"""What cities answer to a proposed partner: accept, decline, ask for an introduction; or let it lapse.

Locks go one way, so that answers, withdrawals and runs never wait for each other in a circle: the
applications of a proposal in the order of their ids, then the proposal.
"""

from datetime import datetime

import structlog
from django.db import OperationalError, transaction
from django.utils.translation import gettext as _

from calls.access import require_staff, require_submitter
from calls.models import Application, Call, PairingRun, Proposal, ProposedCity
from calls.models.pairing import DeclineReason, ProposalAnswer, RunCause
from calls.operations.directing import keep_declined_apart
from calls.operations.pairing import request_run
from calls.operations.pairing_founding import found_for_all
from calls.operations.pairing_letters import post_reminder, post_to_all, post_to_others, post_to_staff
from calls.operations.status import NotPossible, change_status
from calls.queries.deadlines import word_instant
from calls.queries.pairing import PAIRABLE
from calls.queries.proposals import open_places, published_places
from calls.workflow import Status
from cooperation.accounts.models import User

REMINDER_DAYS = (7, 2)
logger = structlog.get_logger("portal.pairing")


@transaction.atomic
def accept_proposal(*, place: ProposedCity, by: User, at: datetime) -> ProposedCity:
    """Accept the proposed partner; when all cities have, their partnership is founded at once.

    Raises NotAllowed; NotPossible once answered, lapsed, or past the day.
    """
    current = _locked(place, by, at)
    _answer(current, ProposalAnswer.ACCEPTED, by, at)
    proposal = current.proposal
    if all(row.answer == ProposalAnswer.ACCEPTED for row in proposal.places.all()):
        found_for_all(proposal, by=by, at=at)
        post_to_all(proposal, "pairing_founded", at=at)
    else:
        post_to_others(current, "pairing_accepted", at=at)
    return current


@transaction.atomic
def decline_proposal(
    *,
    place: ProposedCity,
    reason: DeclineReason,
    text: str,
    wants_another: bool,
    by: User,
    at: datetime,
) -> ProposedCity:
    """Decline the proposed partner. The proposal lapses, and the cities are paired anew around the others.

    Who wants no other partner leaves the pairing. Raises NotAllowed, NotPossible.
    """
    current = _locked(place, by, at)
    if reason == DeclineReason.OTHER and not text.strip():
        raise NotPossible(_("Say in your own words why you decline."))
    current.decline_reason, current.decline_text = reason, text.strip()
    current.wants_another = wants_another
    _answer(current, ProposalAnswer.DECLINED, by, at, "decline_reason", "decline_text", "wants_another")
    _let_lapse(current.proposal, at)
    keep_declined_apart(place=current, at=at)
    if not wants_another:
        change_status(current.application, Status.DECLINED, by=by, at=at, note=current.decline_text)
    post_to_others(current, "pairing_declined", at=at)
    _pair_anew(current.proposal.run, at)
    return current


@transaction.atomic
def ask_introduction(*, place: ProposedCity, note: str, by: User, at: datetime) -> ProposedCity:
    """Ask staff to introduce the cities before an answer; the day to answer stays. Once."""
    current = _locked(place, by, at)
    if current.introduction_asked_at:
        raise NotPossible(_("An introduction is asked for already. Staff write to you."))
    current.introduction_asked_at, current.introduction_asked_by = at, by
    current.introduction_note = note.strip()
    current.save(update_fields=["introduction_asked_at", "introduction_asked_by", "introduction_note"])
    post_to_staff(current, at=at)
    return current


@transaction.atomic
def introduce(*, proposal: Proposal, by: User, at: datetime) -> Proposal:
    """Staff give the cities of a proposal each other's names and addresses, with what was asked."""
    require_staff(by)
    current = _lock_proposal(proposal)
    if current.lapsed_at:
        raise NotPossible(_("This proposal lapsed."))
    if current.introduced_at or current.partnership_id:
        raise NotPossible(_("These cities have each other’s addresses already."))
    current.introduced_at, current.introduced_by = at, by
    current.save(update_fields=["introduced_at", "introduced_by"])
    post_to_all(current, "pairing_introduced", at=at)
    return current


@transaction.atomic
def lapse_of(application: Application, *, at: datetime) -> int:
    """A LOCKED application leaves: its open proposals lapse and the others are told; how many."""
    rows = published_places().filter(
        application=application, proposal__lapsed_at__isnull=True, proposal__partnership__isnull=True
    )
    found = list(rows)
    for place in found:
        _let_lapse(_lock_proposal(place.proposal), at)
        post_to_others(place, "pairing_declined", at=at)
    for run in {place.proposal.run_id: place.proposal.run for place in found}.values():
        _pair_anew(run, at)
    return len(found)


def lapse_unanswered(*, at: datetime) -> int:
    """Proposals whose day went by without every answer lapse; how many. Each in its own transaction."""
    late = Proposal.objects.filter(
        run__published_at__isnull=False,
        run__answer_by__lte=at,
        repeats__isnull=True,
        lapsed_at__isnull=True,
        partnership__isnull=True,
    )
    lapsed = 0
    for pk in late.values_list("pk", flat=True):
        try:
            lapsed += _lapse(pk, at)
        except OperationalError:
            raise
        except Exception:
            logger.exception("proposal not lapsed", proposal=pk)
    return lapsed


@transaction.atomic
def _lapse(pk: int, at: datetime) -> int:
    current = _lock_proposal(Proposal.objects.get(pk=pk))
    run = current.run
    if current.lapsed_at or current.partnership_id or run.answer_by is None or run.answer_by > at:
        return 0  # answered or given more time while we came
    _let_lapse(current, at)
    for place in current.places.all():
        if place.answer == ProposalAnswer.WAITING:
            keep_declined_apart(place=place, at=at)
    post_to_all(current, "pairing_lapsed", at=at)
    _pair_anew(run, at)
    return 1


def remind_of_proposals(*, at: datetime) -> int:
    """Seven and two days before the day, once each, to who has not answered; how many messages are new."""
    posted = 0
    for place in open_places(at):
        due = place.proposal.run.answer_by
        left = (due - at).total_seconds() / 86_400 if due else 0
        days = min((row for row in REMINDER_DAYS if left <= row), default=None)
        if days is None:
            continue
        try:
            with transaction.atomic():
                posted += post_reminder(place, days, at=at)
        except OperationalError:
            raise
        except Exception:
            logger.exception("city not reminded of its proposal", place=place.pk)
    return posted


def pair_anew(*, at: datetime) -> int:
    """Ask for the runs that could not be asked for at once, because another run was going; how many."""
    asked = 0
    for call in Call.objects.filter(pairing_runs__proposals__lapsed_at__isnull=False).distinct():
        runs = call.pairing_runs.exclude(cause=RunCause.WHAT_IF)
        last = runs.order_by("-number").first()
        gone = Proposal.objects.filter(run__call=call, lapsed_at__isnull=False)
        lapsed = gone.order_by("-lapsed_at").first()
        if last and lapsed and lapsed.lapsed_at and lapsed.lapsed_at > last.requested_at:
            asked += _pair_anew(lapsed.run, at)
    return asked


def _pair_anew(run: PairingRun, at: datetime) -> bool:
    """Ask for a run around what is accepted or open; its proposals go to staff. `pair_anew` tries again."""
    try:
        with transaction.atomic():
            fresh = request_run(call=run.call, by=None, at=at, cause=RunCause.ANSWERS)
            fresh.parent = run
            fresh.save(update_fields=["parent"])
    except NotPossible:
        return False
    return True


def _locked(place: ProposedCity, by: User, at: datetime) -> ProposedCity:
    """The place with everything locked, for a person who may answer, while it can be answered."""
    proposal = _lock_proposal(Proposal.objects.get(pk=place.proposal_id))
    current = published_places().get(pk=place.pk)
    current.proposal = proposal
    require_submitter(by, current.application)
    if current.answer != ProposalAnswer.WAITING:
        raise NotPossible(
            _("This proposal was answered already: “%(answer)s”.") % {"answer": current.get_answer_display()}
        )
    if proposal.lapsed_at or proposal.partnership_id:
        raise NotPossible(_("This proposal does not stand any more. Reload the page."))
    if current.application.status not in PAIRABLE:
        raise NotPossible(_("Your application does not take part in the pairing any more."))
    if proposal.run.answer_by and at >= proposal.run.answer_by:
        raise NotPossible(
            _("The answer was due on %(due)s. Write to the organiser.")
            % {"due": word_instant(proposal.run.answer_by, proposal.run.call.zone)}
        )
    return current


def _lock_proposal(proposal: Proposal) -> Proposal:
    """Lock the proposal's applications by id, then the proposal; read with its places afresh."""
    ids = ProposedCity.objects.filter(proposal=proposal).values("application")
    list(Application.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
    rows = Proposal.objects.select_for_update(of=("self",)).select_related("run__call__programme")
    return rows.prefetch_related(
        "places__application__lead__city",
        "places__application__created_by",
        "places__answered_by",
        "places__application__partners__city",
        "run__call__texts",
    ).get(pk=proposal.pk)


def _let_lapse(proposal: Proposal, at: datetime) -> None:
    proposal.lapsed_at = at
    proposal.save(update_fields=["lapsed_at"])


def _answer(place: ProposedCity, answer: ProposalAnswer, by: User, at: datetime, *fields: str) -> None:
    place.answer, place.answered_at, place.answered_by = answer, at, by
    place.save(update_fields=["answer", "answered_at", "answered_by", *fields])
    # the proposal's own copy of this place, read before the answer
    for row in place.proposal.places.all():
        if row.pk == place.pk:
            row.answer, row.answered_at, row.answered_by = answer, at, by
