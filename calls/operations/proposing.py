"""A pairing run on its way to the cities: recommended by one person, published by another."""

from collections import Counter
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from calls.access import require, require_decider, require_recommender
from calls.models import Application, Call, PairingRun, Proposal
from calls.models.pairing import DirectiveKind, RunCause, RunState
from calls.operations.pairing_letters import letters_without_partner, post_moved, post_publication
from calls.operations.pairing_locks import lock_pairing
from calls.operations.status import NotPossible, require_not_cancelled
from calls.queries.eligibility_terms import listed
from calls.queries.pairing import PAIRABLE
from calls.queries.pairing_profiles import partners_wanted
from calls.queries.proposals import (
    new_proposals,
    open_places,
    published_places,
    standing_twins,
    without_partner,
)
from cooperation.accounts.models import User
from cooperation.notifications.operations import post_all
from cooperation.web.transactions import atomic_again


@atomic_again
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


@atomic_again
def publish_run(
    *, run: PairingRun, answer_by: datetime, by: User, at: datetime, tell_others: bool = False
) -> PairingRun:
    """Show every city its proposed partner and ask it to answer before `answer_by`.

    Proposals that an earlier run published and that stand are not told again. `tell_others`: cities without
    a partner are told so. Raises NotAllowed for whoever recommended it; NotPossible when it is published
    already, when a later run of the call is, and when a city has left, has found its partner or declined the
    proposed one meanwhile.
    """
    lock_pairing(run.call_id)
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
    _require_not_apart(current.call, fresh)
    current.published_at, current.published_by, current.answer_by = at, by, answer_by
    current.save(update_fields=["published_at", "published_by", "answer_by"])
    post_publication(current, fresh, at=at)
    if tell_others:
        post_all(letters_without_partner(current, without_partner(current)), at=at)
    return current


def _require_publishable(run: PairingRun, by: User) -> None:
    require_not_cancelled(run.call)
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
    """Every city still takes part and has a place for each partner. Locks them in the order of their ids."""
    coming = Counter(row.pk for row in applications)
    locked = Application.objects.select_for_update(of=("self",)).filter(pk__in=coming).order_by("pk")
    standing = published_places().filter(proposal__lapsed_at__isnull=True, application__in=coming)
    taken = Counter(standing.order_by().values_list("application_id", flat=True))
    away = {
        row.pk
        for row in locked
        if row.status not in PAIRABLE or coming[row.pk] + taken[row.pk] > partners_wanted(row)
    }
    if away:
        raise NotPossible(
            _("%(cities)s left, or has a proposal that stands, since this run. Run again.")
            % {"cities": listed(sorted({_name(row) for row in applications if row.pk in away}))}
        )


def _require_not_apart(call: Call, proposals: list[Proposal]) -> None:
    """Nobody is proposed a city that it declined, or that staff keep apart from it, since the run."""
    vetoes = call.directives.filter(kind=DirectiveKind.VETO, ended_at__isnull=True)
    apart = {frozenset(pair) for pair in vetoes.values_list("one_id", "other_id")}
    found = [row for row in proposals if any(pair <= {city.pk for city in row.cities} for pair in apart)]
    if found:
        names = "; ".join(sorted(" – ".join(map(_name, row.cities)) for row in found))
        raise NotPossible(_("Kept apart since this run: %(pairs)s. Run again.") % {"pairs": names})


def _name(application: Application) -> str:
    return str(application.lead.city or application.lead)


@transaction.atomic
def move_answer_date(*, run: PairingRun, answer_by: datetime, by: User, at: datetime) -> PairingRun:
    """Give the cities of a published run more time, or less; those that have not answered are told."""
    lock_pairing(run.call_id)
    current = PairingRun.objects.select_for_update().get(pk=run.pk)
    require_decider(by)
    if not current.published_at:
        raise NotPossible(_("This run is not published."))
    if answer_by <= at:
        raise NotPossible(_("The day to answer lies in the past. Choose a later one."))
    current.answer_by = answer_by
    current.save(update_fields=["answer_by"])
    for place in open_places(at).filter(proposal__run=current):
        post_moved(place, at=at)
    return current
