"""A pairing run on its way to the cities: recommended by one person, published by another."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from calls.access import require, require_decider, require_recommender
from calls.models import Application, PairingRun, Proposal
from calls.models.pairing import RunCause, RunState
from calls.operations.pairing_letters import letters_without_partner, post_moved, post_publication
from calls.operations.status import NotPossible
from calls.queries.eligibility_terms import listed
from calls.queries.pairing import PAIRABLE
from calls.queries.proposals import new_proposals, open_places, standing_twins, without_partner
from cooperation.accounts.models import User
from cooperation.notifications.operations import post_all


@transaction.atomic
def recommend_run(*, run: PairingRun, by: User, at: datetime) -> PairingRun:
    """Put a finished run forward, to be published to the cities by a second person."""
    current = PairingRun.objects.select_for_update().get(pk=run.pk)
    require_recommender(by)
    if current.state != RunState.DONE or current.cause == RunCause.WHAT_IF:
        raise NotPossible(_("Only a finished run that is no what-if can be recommended."))
    if current.recommended_by_id:
        raise NotPossible(_("This run is recommended already; a second person publishes it."))
    current.recommended_at, current.recommended_by = at, by
    current.save(update_fields=["recommended_at", "recommended_by"])
    return current


@transaction.atomic
def publish_run(
    *, run: PairingRun, answer_by: datetime, by: User, at: datetime, tell_others: bool = False
) -> PairingRun:
    """Show every city its proposed partner and ask it to answer before `answer_by`.

    Proposals that an earlier run published and that stand are not told again. `tell_others`: cities without
    a partner are told so. Raises NotAllowed for whoever recommended it; NotPossible when it is published
    already, when a later run of the call is, and when a city has left or has found its partner meanwhile.
    """
    current = PairingRun.objects.select_for_update(of=("self",)).select_related("call").get(pk=run.pk)
    require_decider(by)
    _require_publishable(current, by)
    if answer_by <= at:
        raise NotPossible(_("The day to answer lies in the past. Choose a later one."))
    twins = standing_twins(current)
    for pk, twin in twins.items():
        current.proposals.filter(pk=pk).update(repeats=twin)
    fresh = new_proposals(current)
    _require_free([row for proposal in fresh for row in proposal.cities])
    current.published_at, current.published_by, current.answer_by = at, by, answer_by
    current.save(update_fields=["published_at", "published_by", "answer_by"])
    post_publication(current, fresh, at=at)
    if tell_others:
        post_all(letters_without_partner(current, without_partner(current)), at=at)
    return current


def _require_publishable(run: PairingRun, by: User) -> None:
    if run.published_at:
        raise NotPossible(_("This run is published already."))
    if run.recommended_by_id is None:
        raise NotPossible(_("Recommend the run first; a second person publishes it."))
    require(
        run.recommended_by_id != by.pk, _("A second person publishes: you recommended this run yourself.")
    )
    later = run.call.pairing_runs.filter(number__gt=run.number, published_at__isnull=False)
    if later.exists():
        raise NotPossible(_("A later run of this call is published. Run again to go on from there."))


def _require_free(applications: list[Application]) -> None:
    """Every city still takes part and, as far as others answered, is free. Locks them in a fixed order."""
    ids = [row.pk for row in applications]
    locked = Application.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    gone = {row.pk for row in locked if row.status not in PAIRABLE}
    busy = Proposal.objects.filter(places__application__in=ids, repeats__isnull=True)
    busy = busy.filter(run__published_at__isnull=False, lapsed_at__isnull=True)
    taken = set(busy.values_list("places__application", flat=True)) & set(ids)
    named = [str(row.lead.city or row.lead) for row in applications if row.pk in gone | taken]
    if named:
        raise NotPossible(
            _("%(cities)s left, or has a proposal that stands, since this run. Run again.")
            % {"cities": listed(sorted(set(named)))}
        )


@transaction.atomic
def move_answer_date(*, run: PairingRun, answer_by: datetime, by: User, at: datetime) -> PairingRun:
    """Give the cities of a published run more time, or less; those that have not answered are told."""
    current = PairingRun.objects.select_for_update().get(pk=run.pk)
    require_decider(by)
    if not current.published_at:
        raise NotPossible(_("This run is not published."))
    if answer_by <= at:
        raise NotPossible(_("The day to answer lies in the past. Choose a later one."))
    waiting = [row.pk for row in open_places(at).filter(proposal__run=current)]
    current.answer_by = answer_by
    current.save(update_fields=["answer_by"])
    for place in open_places(at).filter(pk__in=waiting):
        post_moved(place, at=at)
    return current
