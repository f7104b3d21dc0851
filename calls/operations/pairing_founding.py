"""The partnership of cities that were proposed to each other and have all accepted."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from calls.models import Application, Call, Proposal
from calls.operations.founding import tell_of_founding
from calls.operations.status import NotPossible, change_status
from calls.queries.pairing import PAIRABLE
from calls.workflow import Status
from cooperation.accounts.models import User
from partnerships.models import Partnership, Theme
from partnerships.models.follow_up import DueKind
from partnerships.models.milestone import MilestoneKind
from partnerships.models.partnership import MemberRole, PartnershipKind
from partnerships.operations.founding import Party, PlannedMilestone, PlannedReport, found_partnership

# What a pairing usually plans, and days after the cities agreed; IUC and ICP had both visits within a year.
USUAL = (
    (MilestoneKind.KICK_OFF, gettext_lazy("Kick-off online"), 30),
    (MilestoneKind.STUDY_VISIT, gettext_lazy("First study visit"), 120),
    (MilestoneKind.STUDY_VISIT, gettext_lazy("Study visit in return"), 270),
    (MilestoneKind.ACTION_PLAN, gettext_lazy("Local action plan"), 365),
    (MilestoneKind.CLOSING, gettext_lazy("Closing event"), 540),
)
KINDS = {
    "kick": MilestoneKind.KICK_OFF,
    "visit": MilestoneKind.STUDY_VISIT,
    "online": MilestoneKind.ONLINE_EVENT,
    "plan": MilestoneKind.ACTION_PLAN,
    "clos": MilestoneKind.CLOSING,
    "conference": MilestoneKind.CLOSING,
}
PROGRESS_REPORT_AFTER = timedelta(days=182)
FINAL_REPORT_AFTER = timedelta(days=18 * 30)  # IUC asks for at least eighteen months of commitment


def found_for_all(proposal: Proposal, *, by: User, at: datetime) -> Partnership:
    """Found the partnership of a LOCKED proposal whose cities, LOCKED too, have all accepted.

    Raises NotPossible when one of them takes part no more.
    """
    for row in proposal.cities:
        if row.status not in PAIRABLE:
            raise NotPossible(
                _("%(city)s does not take part in the pairing any more.")
                % {"city": row.lead.city or row.lead}
            )
    proposal.partnership = _found(proposal, at)
    proposal.save(update_fields=["partnership"])
    tell_of_founding(proposal.partnership, proposal.cities, at)
    for place in proposal.places.all():
        if place.application.status != Status.ACCEPTED:
            change_status(place.application, Status.ACCEPTED, by=place.answered_by or by, at=at)
    return proposal.partnership


def _found(proposal: Proposal, at: datetime) -> Partnership:
    call = proposal.run.call
    return found_partnership(
        title=str(proposal),
        kind=PartnershipKind.PAIRING,
        programme=call.programme.name,
        funder=", ".join(call.programme.funders),
        parties=[
            Party(MemberRole.PARTNER, city=row.lead.city, organisation=row.lead) for row in proposal.cities
        ],
        source=", ".join(row.reference for row in proposal.cities),
        at=at,
        themes=Theme.objects.filter(slug__in=_shared_themes(proposal.cities)),
        milestones=_milestones(call, at.date()),
        reports=[
            PlannedReport(DueKind.PROGRESS, (at + PROGRESS_REPORT_AFTER).date()),
            PlannedReport(DueKind.FINAL, (at + FINAL_REPORT_AFTER).date()),
        ],
        report_reminder_days=call.report_reminder_days,
    )


def _milestones(call: Call, day: date) -> Iterable[PlannedMilestone]:
    """What the call plans from that day on; where it plans nothing, what a pairing usually plans."""
    planned = [
        PlannedMilestone(_kind(row.key), row.labels, row.planned_on)
        for row in call.milestones.all()
        if row.planned_on and row.planned_on >= day
    ]
    return planned or list(_usual(day))


def _kind(key: str) -> MilestoneKind:
    return next((kind for part, kind in KINDS.items() if part in key), MilestoneKind.OTHER)


def _usual(day: date) -> Iterator[PlannedMilestone]:
    for kind, words, days in USUAL:
        labels = {}
        for language, _name in settings.LANGUAGES:
            with override(language):
                labels[language] = str(words)
        yield PlannedMilestone(kind, labels, day + timedelta(days=days))


def _shared_themes(applications: Iterable[Application]) -> set[str]:
    """Themes that all of them chose."""

    def answered(application: Application) -> set[str]:
        themes = application.answers.get("themes") or []
        return set(themes if isinstance(themes, list) else [themes])

    return set.intersection(*map(answered, applications))
