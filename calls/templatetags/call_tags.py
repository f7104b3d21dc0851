"""Template tags of the call pages: deadlines in words, a text's language, addresses with one part changed."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from calls.models import Call, CallText, Question
from calls.queries import cities, deadlines, texts
from calls.queries.calendar import Entry
from calls.queries.eligibility_terms import listed, number
from calls.queries.question_terms import Terms, terms_of
from cooperation.web.languages import language_name
from partnerships.models import City
from partnerships.models.wording import localise

register = template.Library()


@register.simple_tag
def deadline(call: Call, zone: str = "") -> str:
    """When the call closes: "15 December 2026, 23:59 Stockholm"; in another zone when one is given."""
    return deadlines.word_instant(call.closes_at, zone or call.zone) if call.closes_at else ""


@register.simple_tag
def instant(moment: datetime | None, zone: str) -> str:
    """An instant on the clock of a zone, with its place; empty without one."""
    return deadlines.word_instant(moment, zone) if moment else ""


@register.filter
def day(value: date | None, zone: str = "") -> str:
    """A day in the reader's notation, the same on every page; of an instant, the day in a zone."""
    if isinstance(value, datetime) and zone:
        value = value.astimezone(ZoneInfo(zone))
    return deadlines.word_day(value) if value else ""


@register.filter
def grouped(value: float) -> str:
    """A number in the reader's notation, thousands apart."""
    return number(value)


@register.filter
def full_name(city: City) -> str:
    """A city with its region and country."""
    return cities.full_name(city)


@register.filter
def language(code: str) -> str:
    """A language by its name in the reader's language."""
    return language_name(code)


@register.filter
def markdown(text: str) -> SafeString:
    """Markdown as clean HTML."""
    return texts.render_markdown(text)


@register.simple_tag
def lang_of(text: CallText) -> SafeString:
    """The `lang` attribute of a text that is not in the page's language; nothing when it is."""
    if text.language == (get_language() or "en"):
        return SafeString("")
    return format_html('lang="{}"', text.language)


@register.simple_tag
def here_lang() -> SafeString:
    """The `lang` attribute of the page, for its own words inside a text of another language."""
    return format_html('lang="{}"', get_language() or "en")


@register.simple_tag(takes_context=True)
def replaced(context: Context, name: str, old: str, new: str) -> str:
    """This page's query with one value of a parameter replaced by another, the page number left out."""
    query = context["request"].GET.copy()
    values = query.getlist(name)
    if old in (kept := [value.strip() for value in values]):
        values[kept.index(old)] = new
    query.setlist(name, values or [new])
    query.pop("page", None)
    return f"?{query.urlencode()}"


@register.filter
def wording(words: dict[str, str]) -> str:
    """A text kept by language, in the reader's."""
    return localise(words)


@register.filter
def terms(question: Question) -> Terms:
    """What a question asks for, in words."""
    return terms_of(question)


@register.simple_tag
def city_names(lead: City, partners: list[City]) -> str:
    """The heading of a check: "Ale with Gaborone and Ghanzi"."""
    if not partners:
        return lead.name
    return gettext("%(lead)s with %(partners)s") % {
        "lead": lead.name,
        "partners": listed([city.name for city in partners]),
    }


@register.simple_tag
def entry_day(entry: Entry) -> str:
    """The day of a date in the calendar, on the clock of its own zone."""
    at = entry.at
    return deadlines.word_day(at.astimezone(ZoneInfo(entry.zone)) if isinstance(at, datetime) else at)


@register.simple_tag
def entry_time(entry: Entry) -> str:
    """The time of a date in the calendar with its place; empty for a whole day."""
    if not isinstance(entry.at, datetime):
        return ""
    local = entry.at.astimezone(ZoneInfo(entry.zone))
    return f"{deadlines.word_time(local)} {deadlines.place_of(entry.zone)}"
