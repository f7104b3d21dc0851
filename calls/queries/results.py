"""The results of a call as the public reads them: who is selected; nobody who is not is named."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import JSONField, Prefetch, QuerySet
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Cast

from calls.models import Application, ApplicationPartner, Call
from calls.queries.decisions import placed
from calls.queries.eligibility_terms import country
from calls.queries.reserve_line import reserve_line
from partnerships.models import City, Organisation, Partnership

# How a kept list says that a tie was lost by lot.
BY_LOT = {"rows": [{"notes": [{"code": "tie_lost", "params": {"on": "lot"}}]}]}


@dataclass(frozen=True)
class Result:
    """One line: the lead, its country or territory, the partners, and their partnership once it exists."""

    lead: Organisation
    place: str
    title: str
    partners: tuple[City, ...]
    partnership: Partnership | None


def selected_results(call: Call) -> list[Result]:
    """Selected and not declined, by country and name, in a fixed number of queries."""
    rows = _with_parties(placed(call)).select_related("lead__city", "decision__partnership")
    found = [_result(row, row.decision.partnership if hasattr(row, "decision") else None) for row in rows]
    return sorted(found, key=lambda row: (row.place, row.lead.name))


def reserve_results(call: Call) -> list[tuple[str, list[Result]]]:
    """The reserve list in its order, by the quota waited for, where the call publishes it."""
    line = reserve_line(call) if call.reserve_public else []
    groups = groupby(line, key=lambda row: str(row.quota) if row.quota else "")
    return [(quota, [_result(row.application, None) for row in rows]) for quota, rows in groups]


def lots_drawn(call: Call) -> list[Mapping[str, Any]]:
    """The settings of the published lists in which the lot parted equal scores: its word is published."""
    runs = call.selection_runs.filter(decisions__published_at__isnull=False, result__contains=BY_LOT)
    settings = runs.annotate(frozen=KeyTransform("settings", Cast("input", JSONField()))).order_by()
    return list(settings.values_list("frozen", flat=True).distinct())


def _with_parties(rows: QuerySet[Application]) -> QuerySet[Application]:
    partners = ApplicationPartner.objects.select_related("city").order_by("position", "id")
    return rows.prefetch_related(Prefetch("partners", queryset=partners)).defer("answers")


def _result(row: Application, partnership: Partnership | None) -> Result:
    lead = row.lead
    return Result(
        lead=lead,
        place=country(str(lead.country)),
        title=row.title,
        partners=tuple(partner.city for partner in row.partners.all()),
        partnership=partnership,
    )
