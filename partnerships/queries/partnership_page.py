"""What everybody sees of a partnership: members, results, figures, the line of time, documents, its life."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from cooperation.accounts.models import User
from partnerships.models import Exchange, Indicator, Member, Milestone, Partnership
from partnerships.models.organisation import Role
from partnerships.queries.map import draw_map
from partnerships.queries.portfolio import Figure, city_of, links_within


@dataclass(frozen=True)
class Measured:
    """An indicator with its newest value; None while nothing was measured."""

    indicator: Indicator
    value: Decimal | None
    on: date | None

    @property
    def reached(self) -> bool:
        """The target is met, whichever way it lies from the start."""
        target, start = self.indicator.target, self.indicator.baseline or Decimal(0)
        if self.value is None or target is None:
            return False
        return self.value >= target if target >= start else self.value <= target


def shown_at(slug: str) -> Partnership | None:
    """The partnership of an address, with its members of all times; nothing for what staff refused."""
    members = Member.objects.select_related(
        "city", "organisation__city", "replaces__city", "replaces__organisation"
    )
    rows = Partnership.objects.shown().prefetch_related(Prefetch("members", members), "themes")
    return rows.filter(slug=slug).first()


def public_page(partnership: Partnership, reader: User | AnonymousUser, at: datetime) -> dict[str, Any]:
    """The page's context. As many queries for any number of rows; one more for a person who is logged in."""
    members = list(partnership.members.all())
    milestones = list(partnership.milestones.select_related("host__city", "host__organisation"))
    exchanges = list(partnership.exchanges.select_related("city", "other_city"))
    indicators = measured(partnership)
    stories = list(partnership.stories.public())
    signed = partnership.agreement_versions.filter(in_force_at__isnull=False).first()
    return {
        "members": [row for row in members if row.left_on is None],
        "former": [row for row in members if row.left_on],
        "figures": figures_of(members, exchanges, indicators, len(stories)),
        "stories": stories,
        "indicators": indicators,
        "exchanges": exchanges,
        "milestones": milestones,
        "events": events_of(milestones),
        "themes": list(partnership.themes.all()),
        "papers": list(partnership.papers.newest().filter(public=True)),
        "signatures": list(signed.signatures.select_related("member__city", "member__organisation"))
        if signed
        else [],
        "changes": list(partnership.stage_changes.all()),
        "map": draw_map(links_within(partnership)),
        "member": isinstance(reader, User) and partnership.members.acted_for(reader, Role.values).exists(),
        "today": at.date(),
    }


def measured(partnership: Partnership) -> list[Measured]:
    found = []
    for indicator in partnership.indicators.prefetch_related("measurements"):
        newest = max(indicator.measurements.all(), key=lambda row: row.on, default=None)
        found.append(Measured(indicator, newest.value if newest else None, newest.on if newest else None))
    return found


def figures_of(
    members: Sequence[Member],
    exchanges: Sequence[Exchange],
    indicators: Sequence[Measured],
    stories: int,
) -> list[Figure]:
    """Figures above nought, in the order of the page."""
    present = [row for row in members if row.left_on is None]
    countries = {str(city.country) for row in present if (city := city_of(row))}
    where = ngettext("in %(count)d country", "in %(count)d countries", len(countries))
    people = sum(row.people or 0 for row in exchanges)
    reached = sum(row.reached for row in indicators)
    of_all = gettext("of %(count)d") % {"count": len(indicators)}
    found = (
        Figure(len(present), ngettext("member", "members", len(present)), where % {"count": len(countries)}),
        Figure(people, ngettext("person exchanged", "people exchanged", people)),
        Figure(reached, ngettext("target reached", "targets reached", reached), of_all),
        Figure(stories, ngettext("result told", "results told", stories)),
    )
    return [figure for figure in found if figure.number]


def events_of(milestones: Sequence[Milestone]) -> list[dict[str, Any]]:
    """The dated milestones for the line of time: where they happened, else where they are planned."""
    dated = [row for row in milestones if (row.actual_on or row.planned_on) and not row.dropped_reason]
    return [{"on": row.actual_on or row.planned_on, "label": str(row), "note": _note(row)} for row in dated]


def _note(milestone: Milestone) -> str:
    if milestone.actual_on is None:
        return gettext("planned")
    if milestone.planned_on in (None, milestone.actual_on):
        return gettext("happened")
    same_year = milestone.planned_on and milestone.planned_on.year == milestone.actual_on.year
    day = date_format(milestone.planned_on, "j M" if same_year else "j M Y")
    return gettext("planned for %(day)s") % {"day": day}
