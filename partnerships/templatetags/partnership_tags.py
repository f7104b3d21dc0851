"""Words and pictures of a partnership's pages: sums, reports, people exchanged, the arcs of its members."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext

from cooperation.web.file_words import word_size
from cooperation.web.templatetags.portal import bar, state
from partnerships.models import DueReport, Exchange, Indicator, Member, Paper
from partnerships.models.follow_up import ReportStep
from partnerships.models.partnership import ExchangeDirection, MemberRole
from partnerships.queries.portfolio import city_of
from partnerships.templatetags.portfolio import upper_first

register = template.Library()

MOST_IN_THE_PICTURE = 6
LONGEST_NAME = 20  # letters that fit between two dots
EDGE = 3  # percent of the width left free on both sides
REPORT_LOOKS = {
    ReportStep.FILED: "progress",
    ReportStep.RETURNED: "attention",
    ReportStep.ACCEPTED: "done",
}


@register.simple_tag
def amount(value: Decimal | None) -> str:
    """A figure in the reader's notation, decimals only where there are any; a dash for none."""
    if value is None:
        return "–"
    whole = value == value.to_integral_value()
    return number_format(value, decimal_pos=0 if whole else 2, force_grouping=True)


@register.simple_tag
def due_state(report: DueReport, today: date) -> SafeString:
    """The dot and word of a report: due, late, filed, returned, accepted."""
    words = upper_first(str(report.get_step_display()))
    if report.step == ReportStep.OPEN and report.due_on < today:
        return state("not-met", gettext("Late"))
    return state(REPORT_LOOKS.get(ReportStep(report.step), "not-started"), words)


@register.simple_tag
def paper_size(paper: Paper) -> str:
    """Sort and size of a file: "PDF, 310 KB"."""
    return f"{paper.name.rpartition('.')[2].upper()}, {word_size(paper.size)}"


@register.simple_tag
def exchange_words(exchange: Exchange) -> str:
    """Who went where: "3 trainees, Rosario to Turin"."""
    whom = str(exchange.get_sort_display()) if exchange.sort else gettext("people")
    number = f"{number_format(exchange.people, force_grouping=True)} " if exchange.people else ""
    country = exchange.country.name if exchange.country else ""  # type: ignore[attr-defined]
    other = exchange.other_city or country or gettext("elsewhere")
    sent = exchange.direction == ExchangeDirection.SENT
    start, end = (exchange.city, other) if sent else (other, exchange.city)
    return gettext("%(whom)s, %(start)s to %(end)s") % {"whom": f"{number}{whom}", "start": start, "end": end}


@register.simple_tag
def indicator_bar(indicator: Indicator, value: Decimal | None) -> SafeString:
    """How far a value is from the start to the target; the figures stand beside it."""
    start = indicator.baseline or Decimal(0)
    if value is None or indicator.target is None or indicator.target == start:
        return SafeString("")
    share = (value - start) / (indicator.target - start) * 100
    return bar(float(share), 100, low=share < 0)


@register.inclusion_tag("partnerships/partnership_arcs.html")
def member_arcs(members: Sequence[Member]) -> dict[str, Any]:
    """The cities on one line, an arc from who coordinates (else the first) to each of the others.

    Nothing for fewer than two, or for more than the picture holds: the list says it then.
    """
    present = [row for row in members if row.left_on is None and row.city_id]
    present.sort(key=lambda row: row.role != MemberRole.COORDINATOR)
    if not 2 <= len(present) <= MOST_IN_THE_PICTURE:
        return {}
    step = (100 - 2 * EDGE) / (len(present) - 1)
    dots = [_dot(row, place, len(present), EDGE + step * place) for place, row in enumerate(present)]
    arcs = [
        {
            "centre": f"{(EDGE + dot['at']) / 2:.2f}",
            "radius": f"{(dot['at'] - EDGE) / 2:.2f}",
            "height": round(34 + 76 * place / (len(present) - 1)),
        }
        for place, dot in enumerate(dots)
        if place
    ]
    return {"dots": dots, "arcs": arcs, "many": len(present) > 3}


def _dot(member: Member, place: int, count: int, at: float) -> dict[str, Any]:
    city = city_of(member)
    anchor = "start" if place == 0 else "end" if place == count - 1 else "middle"
    return {
        "name": Truncator(member.name).chars(LONGEST_NAME),
        "country": city.country.name if city else "",  # type: ignore[attr-defined]
        "at": at,
        "x": f"{at:.2f}",
        "anchor": anchor,
        "shift": {"start": -9, "end": 9}.get(anchor, 0),
        "first": place == 0,
    }
