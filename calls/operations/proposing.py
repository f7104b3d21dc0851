"""From a run to the cities: recommended by one person, published by another, answered, founded."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from calls.access import require, require_decider, require_recommender
from calls.models import Application, PairingRun, Proposal
from calls.models.pairing import RunCause, RunState
from calls.operations.status import NotPossible
from cooperation.accounts.models import User
from partnerships.models import Partnership, Theme
from partnerships.models.partnership import MemberRole, PartnershipKind
from partnerships.operations.founding import Party, found_partnership


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
def publish_run(*, run: PairingRun, answer_by: datetime, by: User, at: datetime) -> PairingRun:
    """Show every city its proposed partner and ask it to answer before `answer_by`."""
    current = PairingRun.objects.select_for_update().get(pk=run.pk)
    require_decider(by)
    if current.published_at:
        raise NotPossible(_("This run is published already."))
    if current.recommended_by_id is None:
        raise NotPossible(_("Recommend the run first; a second person publishes it."))
    require(
        current.recommended_by_id != by.pk, _("A second person publishes: you recommended this run yourself.")
    )
    if answer_by <= at:
        raise NotPossible(_("The day to answer lies in the past. Choose a later one."))
    current.published_at, current.published_by, current.answer_by = at, by, answer_by
    current.save(update_fields=["published_at", "published_by", "answer_by"])
    return current


def found(proposal: Proposal, at: datetime) -> Partnership:
    """The partnership of the cities of a proposal that all of them accepted."""
    programme = proposal.run.call.programme
    return found_partnership(
        title=str(proposal),
        kind=PartnershipKind.PAIRING,
        programme=programme.name,
        funder=", ".join(programme.funders),
        parties=[
            Party(MemberRole.PARTNER, city=row.lead.city, organisation=row.lead) for row in proposal.cities
        ],
        source=", ".join(row.reference for row in proposal.cities),
        at=at,
        themes=Theme.objects.filter(slug__in=_shared_themes(proposal)),
    )


def _shared_themes(proposal: Proposal) -> set[str]:
    def answered(application: Application) -> set[str]:
        themes = application.answers.get("themes") or []
        return set(themes if isinstance(themes, list) else [themes])

    return set.intersection(*map(answered, proposal.cities))
