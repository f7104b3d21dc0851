"""Founding a partnership: the moment cities end up together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection, transaction
from django.utils.text import slugify

from partnerships.models import City, DueReport, Member, Milestone, Organisation, Partnership, Theme
from partnerships.models.follow_up import DueKind
from partnerships.models.milestone import MilestoneKind
from partnerships.models.partnership import MemberRole, PartnershipKind, Stage
from partnerships.models.reminder_days import report_days


@dataclass(frozen=True)
class Party:
    """Who takes part, in which role. At least one of city and organisation."""

    role: MemberRole
    city: City | None = None
    organisation: Organisation | None = None
    display_name: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PlannedMilestone:
    """What the programme plans for a new partnership: {language: words}, and the day if there is one."""

    kind: MilestoneKind
    labels: Mapping[str, str]
    planned_on: date | None = None


@dataclass(frozen=True)
class PlannedReport:
    """A report that the programme asks for, and its day."""

    kind: DueKind
    due_on: date


def free_slug(wish: str) -> str:
    """An address not taken yet: the wish, or the wish with the next number.

    Held until the transaction ends: of two that found the same at once, the second gets the next number.
    """
    base = slugify(wish)[:120] or "partnership"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"partnership:{base}"])
    taken = set(Partnership.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    candidates = (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3)))
    return next(slug for slug in candidates if slug not in taken)


@transaction.atomic
def found_partnership(
    *,
    title: str,
    kind: PartnershipKind,
    programme: str,
    funder: str,
    parties: Sequence[Party],
    source: str,
    at: datetime,
    themes: Iterable[Theme] = (),
    milestones: Iterable[PlannedMilestone] = (),
    reports: Iterable[PlannedReport] = (),
    report_reminder_days: Sequence[int] | None = None,
) -> Partnership:
    """Found a partnership of at least two parties, agreed at `at`. Raises ValueError for fewer.

    Milestones and reports are those that the programme plans; its members plan on from there. Its people are
    reminded of reports on `report_reminder_days` before each; None for the usual ones.
    """
    if len(parties) < 2:
        raise ValueError("a partnership has at least two parties")
    partnership = Partnership.objects.create(
        slug=free_slug(title),
        titles={"en": title},
        kind=kind,
        stage=Stage.AGREED,
        programme=programme,
        funder=funder,
        start_year=at.year,
        founded_at=at,
        source=source,
        report_reminder_days=report_days() if report_reminder_days is None else list(report_reminder_days),
    )
    partnership.themes.set(themes)
    seat(partnership, parties, joined_on=at.date())
    _plan(partnership, milestones, reports)
    return partnership


def _plan(
    partnership: Partnership, milestones: Iterable[PlannedMilestone], reports: Iterable[PlannedReport]
) -> None:
    Milestone.objects.bulk_create(
        Milestone(partnership=partnership, kind=row.kind, labels=dict(row.labels), planned_on=row.planned_on)
        for row in milestones
    )
    DueReport.objects.bulk_create(
        DueReport(partnership=partnership, kind=row.kind, due_on=row.due_on) for row in reports
    )


def seat(partnership: Partnership, parties: Sequence[Party], joined_on: date | None = None) -> None:
    """Make the parties members of a partnership, in their order; since a day, where it is known."""
    Member.objects.bulk_create(
        Member(
            partnership=partnership,
            city=party.city,
            organisation=None if party.city else party.organisation,
            role=party.role,
            display_name=party.display_name,
            notes=dict(party.notes),
            position=position,
            joined_on=joined_on,
        )
        for position, party in enumerate(parties)
    )
