"""What cities answer to a proposed partner: accept, decline, ask for an introduction.

Every operation begins with `lock_pairing`: see there why.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from calls.access import require_staff, require_submitter
from calls.models import Proposal, ProposedCity
from calls.models.pairing import DeclineReason, ProposalAnswer
from calls.operations.directing import keep_declined_apart
from calls.operations.pairing_founding import found_for_all
from calls.operations.pairing_lapsing import lapse_of, let_lapse, solve_anew
from calls.operations.pairing_letters import post_to_all, post_to_others, post_to_staff
from calls.operations.pairing_locks import lock_proposal
from calls.operations.status import NotPossible, change_status
from calls.queries.deadlines import word_instant
from calls.queries.pairing import PAIRABLE
from calls.queries.proposals import published_places
from calls.workflow import Status
from cooperation.accounts.models import User
from cooperation.web.transactions import atomic_again


@atomic_again
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


@atomic_again
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
    let_lapse(current.proposal, at)
    keep_declined_apart(place=current, at=at)
    post_to_others(current, "pairing_declined", at=at)
    if not wants_another:
        change_status(current.application, Status.DECLINED, by=by, at=at, note=current.decline_text)
        lapse_of(current.application, at=at)
    solve_anew(current.proposal, at)
    return current


@atomic_again
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
    """Staff give the cities of a proposal each other's names and addresses, because one asked for it.

    Raises NotAllowed; NotPossible when nobody asked, when it lapsed, and when they have them already.
    """
    require_staff(by)
    current = lock_proposal(proposal)
    if current.introduced_at or current.partnership_id:
        raise NotPossible(_("These cities have each other’s addresses already."))
    if current.lapsed_at:
        raise NotPossible(_("This proposal lapsed."))
    if not any(place.introduction_asked_at for place in current.places.all()):
        raise NotPossible(_("No city of this proposal asks for an introduction."))
    current.introduced_at, current.introduced_by = at, by
    current.save(update_fields=["introduced_at", "introduced_by"])
    post_to_all(current, "pairing_introduced", at=at)
    return current


def _locked(place: ProposedCity, by: User, at: datetime) -> ProposedCity:
    """The place with everything locked, for a person who may answer, while it can be answered."""
    proposal = lock_proposal(Proposal.objects.get(pk=place.proposal_id))
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


def _answer(place: ProposedCity, answer: ProposalAnswer, by: User, at: datetime, *fields: str) -> None:
    place.answer, place.answered_at, place.answered_by = answer, at, by
    place.save(update_fields=["answer", "answered_at", "answered_by", *fields])
    # the proposal's own copy of this place, read before the answer
    for row in place.proposal.places.all():
        if row.pk == place.pk:
            row.answer, row.answered_at, row.answered_by = answer, at, by
