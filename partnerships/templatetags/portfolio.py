"""Words for what a portfolio holds: years, dates known only to the month, roles, stages, languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django import template
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cooperation.web.languages import language_name
from cooperation.web.templatetags.portal import state
from partnerships.models import City, Exchange, Member, Milestone, Partnership
from partnerships.models.commitment import Precision
from partnerships.models.partnership import MemberRole, Stage
from partnerships.models.wording import localise
from partnerships.queries.portfolio import AGREEMENTS, city_of
from partnerships.queries.report_clock import ReportState, Standing

register = template.Library()

ROLE_STATES = {
    MemberRole.COORDINATOR: "done",
    MemberRole.PARTNER: "progress",
    MemberRole.REQUESTER: "progress",
}
STAGE_STATES = {Stage.TALKS: "talks", Stage.AGREED: "agreed", Stage.COMPLETED: "complete"}
REPORT_STATES = {
    ReportState.FILED: ("met", _("Filed")),
    ReportState.LATE: ("caution", _("Filed late")),
    ReportState.WAITING: ("not-started", _("Not due yet")),
    ReportState.GRACE: ("attention", _("In the days of grace")),
    ReportState.MISSED: ("not-met", _("Late")),
    ReportState.LAPSED: ("closed", _("Lapsed")),
    ReportState.ASK: ("unknown", _("Ask the city")),
}
STANDINGS = {
    Standing.ACTIVE: ("in-force", pgettext_lazy("a commitment", "In force")),
    Standing.GRACE: ("attention", _("In the days of grace")),
    Standing.LATE: ("not-met", _("Late with its report")),
    Standing.LAPSED: ("closed", _("Lapsed")),
    Standing.UNKNOWN: ("unknown", _("Ask the city")),
}
CERTAINTIES = {
    "found": _("Named in the programme’s public list"),
    "year inferred": _("The year is inferred"),
    "inferred from listing order": _("Who works with whom is inferred from the order of the list"),
}
DATE_FORMATS = {Precision.DAY: "DATE_FORMAT", Precision.MONTH: "YEAR_MONTH_FORMAT", Precision.YEAR: "Y"}
DAY_FIRST = "j F Y"  # Django's English puts the month first


@register.filter
def localised(texts: Mapping[str, str] | None) -> str:
    """A text of {language: text} in the reader's language, else the nearest there is."""
    found = localise(texts or {})
    return found if isinstance(found, str) else ""


@register.filter
def localised_list(texts: Mapping[str, Sequence[str]] | None) -> list[str]:
    """A list of {language: [text, ...]} in the reader's language; a single text counts as a list of one."""
    found = localise(texts or {})  # type: ignore[arg-type]
    return [found] if isinstance(found, str) and found else list(found)


@register.filter
def upper_first(words: str) -> str:
    """The first letter in upper case, the rest as it is."""
    words = str(words)
    return words[:1].upper() + words[1:]


def span(start: int | None, end: int | None, going_on: bool = False) -> str:
    """Years in words: 2018, 2021–23, since 2014, until 2019; a dash when nobody knows."""
    if start and end:
        short = str(end)[2:] if start // 100 == end // 100 else str(end)
        return str(start) if start == end else f"{start}–{short}"
    if start:
        return gettext("since %(year)d") % {"year": start} if going_on else str(start)
    return gettext("until %(year)d") % {"year": end} if end else "–"


@register.filter
def years(row) -> str:
    """The years of a partnership, an exchange, an office, a network membership or a report's period."""
    if isinstance(row, Partnership):
        return span(row.start_year, row.end_year, row.stage == Stage.ACTIVE)
    if isinstance(row, Exchange):
        return span(row.since_year, None, True)
    if hasattr(row, "since_year"):
        return span(row.since_year, row.until_year, True)
    return span(row.period_from, row.period_to)


@register.simple_tag
def known_date(day: date | None, precision: str = Precision.DAY) -> str:
    """A date as exactly as it is known; a dash when it is not."""
    if day is None:
        return "–"
    english = (get_language() or "en").startswith("en")
    exact = precision == Precision.DAY
    return date_format(day, DAY_FIRST if english and exact else DATE_FORMATS[Precision(precision)])


@register.simple_tag
def role_state(role: str, words: str = "") -> SafeString:
    """The dot and word of a member's role."""
    member_role = MemberRole(role)
    return state(ROLE_STATES.get(member_role, "not-started"), words or upper_first(str(member_role.label)))


@register.simple_tag
def stage_state(partnership: Partnership) -> SafeString:
    """The dot and word of how far a partnership is."""
    words = upper_first(partnership.get_stage_display())
    if partnership.stage == Stage.ACTIVE:
        in_force = partnership.kind in AGREEMENTS
        return state("in-force") if in_force else state("progress", gettext("Under way"))
    return state(STAGE_STATES.get(Stage(partnership.stage), "not-started"), words)


@register.simple_tag
def report_state(kind: str) -> SafeString:
    """The dot and word of a report."""
    dot, words = REPORT_STATES[ReportState(kind)]
    return state(dot, str(words))


@register.simple_tag
def standing_state(kind: str) -> SafeString:
    """The dot and word of a whole commitment."""
    dot, words = STANDINGS[Standing(kind)]
    return state(dot, str(words))


@register.simple_tag
def milestone_state(milestone: Milestone, today: date) -> SafeString:
    """Happened, late or planned: a planned day that has passed without news is a question."""
    if milestone.actual_on:
        return state("done", gettext("Happened"))
    if milestone.dropped_reason:
        return state("closed", gettext("Does not take place"))
    if milestone.planned_on and milestone.planned_on < today:
        return state("unknown", gettext("Ask the cities"))
    return state("not-started", gettext("Planned"))


@register.filter
def certainty_words(certainty: str) -> str:
    """How sure a partnership is, in a sentence."""
    return str(CERTAINTIES.get(certainty, certainty))


@register.filter
def place_of(member: Member) -> City | None:
    """The city a member is, or sits in."""
    return city_of(member)


@register.filter
def language_names(codes: Sequence[str]) -> str:
    """Languages by their names in the reader's language."""
    return ", ".join(upper_first(language_name(code)) for code in codes)


@register.simple_tag
def zone_words(zone: str, at: datetime) -> str:
    """The zone's distance from UTC and its time now, such as "UTC−3, 10:12 there now"; "" if unknown."""
    try:
        there = at.astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError):
        return ""
    offset = there.utcoffset()
    minutes = round(offset.total_seconds() / 60) if offset else 0
    sign = "−" if minutes < 0 else "+"
    hours, rest = divmod(abs(minutes), 60)
    words = f"UTC{sign}{hours}" + (f":{rest:02d}" if rest else "") if minutes else "UTC"
    return gettext("%(offset)s, %(time)s there now") % {"offset": words, "time": there.strftime("%H:%M")}
