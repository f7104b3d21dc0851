"""Template tags of the portal's look: states, chips and server-drawn pictures without style attributes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BoundField
from django.template.context import Context
from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from cooperation.web import drawing

register = template.Library()

# kind: (shape of the dot, tone, word when the page gives none). Shapes: full, half, ring, struck.
STATES: Mapping[str, tuple[str, str, Any]] = {
    "met": ("full", "ok", _("Met")),
    "pass": ("full", "ok", _("Met")),
    "saved": ("full", "ok", _("Saved")),
    "success": ("full", "ok", ""),
    "caution": ("half", "warn", _("Caution")),
    "warning": ("half", "warn", _("Caution")),
    "attention": ("half", "warn", _("Needs attention")),
    "asked-again": ("half", "warn", _("Agreed to an earlier text")),
    "unknown": ("ring", "ask", _("To answer")),
    "waived": ("full", "quiet", _("Waived")),
    "fail": ("struck", "bad", _("Not met")),
    "not-met": ("struck", "bad", _("Not met")),
    "error": ("struck", "bad", ""),
    "done": ("full", "accent", _("Complete")),
    "complete": ("full", "accent", _("Complete")),
    "agreed": ("full", "accent", _("Agreed")),
    "in-force": ("full", "accent", _("In force")),
    "info": ("full", "accent", ""),
    "progress": ("half", "accent", _("In progress")),
    "incomplete": ("half", "accent", _("Incomplete")),
    "looked": ("half", "quiet", _("Looked at")),
    "asked": ("half", "quiet", _("Asked")),
    "proposed": ("half", "quiet", _("Proposed")),
    "talks": ("half", "quiet", _("In talks")),
    "not-started": ("ring", "quiet", _("Not started")),
    "reserve": ("ring", "second", _("Reserve")),
    "declined": ("struck", "bad", _("Declined")),
    "withdrawn": ("struck", "quiet", _("Withdrawn")),
    "closed": ("struck", "quiet", _("Closed")),
}

# status: (shape of the dot, word). Only for a call's status.
CHIPS: Mapping[str, tuple[str, Any]] = {
    "open": ("full", _("Open")),
    "closing": ("half", _("Closing soon")),
    "later": ("ring", _("Opens later")),
    "closed": ("struck", _("Closed")),
}
CHIP_OF_STATUS = {"forthcoming": "later", "closing_soon": "closing", "closing-soon": "closing"}


@register.simple_tag
def dot(shape: str = "full") -> SafeString:
    """A dot: full, half, ring, struck or dashed. Decoration; a word always stands beside it."""
    return format_html('<span class="dot dot--{}" aria-hidden="true"></span>', shape)


@register.simple_tag
def state(kind: str, word: str = "", plain: bool = False) -> SafeString:
    """A dot and a word. `kind` is a key of STATES (underscores allowed), `word` replaces its usual word."""
    shape, tone, usual = STATES.get(str(kind).replace("_", "-"), ("ring", "quiet", kind))
    return format_html(
        '<span class="state tone-{}{}">{}<span class="state-word">{}</span></span>',
        tone,
        " state--plain" if plain else "",
        dot(shape),
        word or usual,
    )


@register.simple_tag
def chip(status: str, word: str = "") -> SafeString:
    """A call's status by time: open, closing, later (or forthcoming), closed."""
    key = CHIP_OF_STATUS.get(status, status)
    shape, usual = CHIPS[key]
    return format_html('<span class="chip chip--{}">{}{}</span>', key, dot(shape), word or usual)


@register.simple_tag
def arcs(kind: str = "hero", partners: int = 1) -> SafeString:
    """The motif, decoration only: `hero`, `band`, or `receipt` with one arc per partner (1 to 4)."""
    if kind == "receipt":
        return _receipt_arcs(min(max(int(partners), 1), 4))
    return format_html(
        '<svg class="arcs arcs--{}" viewBox="0 0 480 220" aria-hidden="true" focusable="false">'
        '<path class="arc{}" d="M15 205a225 195 0 0 1 450 0"/>'
        '<path class="arc arc--quiet" d="M15 205a82 70 0 0 1 164 0"/>'
        '<path class="arc arc--quiet" d="M179 205a143 112 0 0 1 286 0"/>'
        '<circle class="dot-a" cx="15" cy="205" r="14"/><circle class="dot-o" cx="179" cy="205" r="6"/>'
        '<circle class="dot-b" cx="465" cy="205" r="14"/></svg>',
        kind,
        " arc--quiet" if kind == "band" else "",
    )


def _receipt_arcs(partners: int) -> SafeString:
    step = 230 / partners
    ends = [round(12 + step * (number + 1), 1) for number in range(partners)]
    curves = format_html_join(
        "",
        '<path class="arc" d="M12 108A{0} {1} 0 0 1 {2} 108"/>'
        '<circle class="dot-b" cx="{2}" cy="108" r="8.5"/>',
        ((round((end - 12) / 2, 1), round(min(96, (end - 12) * 0.45), 1), end) for end in ends),
    )
    return format_html(
        '<svg class="arcs" viewBox="0 0 254 120" aria-hidden="true" focusable="false">{}'
        '<circle class="dot-a" cx="12" cy="108" r="8.5"/></svg>',
        curves,
    )


@register.simple_tag
def pair_arc(score: float | str) -> SafeString:
    """Two cities, one arc, the score between; the score is text and is read out."""
    return format_html(
        '<span class="pair-score"><svg viewBox="0 0 150 84" aria-hidden="true" focusable="false">'
        '<path class="arc" d="M12 72a63 63 0 0 1 126 0"/><circle class="dot-a" cx="12" cy="72" r="9"/>'
        '<circle class="dot-b" cx="138" cy="72" r="9"/></svg><b>{}</b></span>',
        score,
    )


@register.simple_tag
def bar(value: float | None, maximum: float = 100, low: bool = False) -> SafeString:
    """A bar of `value` out of `maximum` (None: hatched, no data). Text with the figures stands beside it."""
    if value is None:
        return SafeString('<svg class="bar bar--missing" aria-hidden="true" focusable="false"></svg>')
    share = 0.0 if not maximum else min(max(float(value) / float(maximum), 0.0), 1.0)
    return format_html(
        '<svg class="bar{}" aria-hidden="true" focusable="false">'
        '<rect class="bar-track" width="100%" height="14" rx="2"/>'
        '<rect class="bar-fill" width="{}%" height="14" rx="2"/></svg>',
        " bar--low" if low else "",
        f"{share * 100:.1f}",
    )


@register.simple_tag
def profile_bar(own: float | None, other: float | None, maximum: int) -> SafeString:
    """A bar of `own` on a scale of whole points, a mark where `other` stands. Text says both beside it."""
    steps = ((f"{100 * step / maximum:.1f}",) for step in range(1, maximum))
    scale = format_html_join("", '<rect class="bar-step" x="{}%" y="6" width="1" height="14"/>', steps)
    return format_html(
        '<svg class="profile-bar" aria-hidden="true" focusable="false">'
        '<rect class="bar-track" y="6" width="100%" height="14" rx="2"/>{}{}{}</svg>',
        _length("bar-fill", own, maximum),
        scale,
        _mark(other, maximum),
    )


def _length(name: str, value: float | None, maximum: int) -> SafeString:
    if value is None:
        return SafeString("")
    share = f"{100 * value / maximum:.1f}"
    return format_html('<rect class="{}" y="6" width="{}%" height="14" rx="2"/>', name, share)


def _mark(value: float | None, maximum: int) -> SafeString:
    if value is None:
        return SafeString("")
    share = f"{100 * value / maximum:.1f}"
    return format_html(
        '<rect class="bar-mark" x="{}%" width="4" height="26" transform="translate(-2 0)"/>', share
    )


@register.simple_tag
def seats(filled: int, total: int, reserve: int = 0) -> SafeString:
    """A quota as seats: filled, empty (dashed), and those on the reserve list (vermilion rings)."""
    words = gettext("%(filled)s of %(total)s places filled") % {"filled": filled, "total": total}
    if reserve:
        words += ", " + ngettext(
            "%(count)s on the reserve list", "%(count)s on the reserve list", reserve
        ) % {"count": reserve}
    empty = max(total - filled, 0)
    shapes = ["full"] * filled + ["dashed"] * empty + ["ring tone-second"] * reserve
    drawn = format_html_join("", "{}", ((dot(shape),) for shape in shapes))
    return format_html('<span class="seats" role="img" aria-label="{}">{}</span>', words, drawn)


@register.simple_tag
def spread(first: float, second: float, low: float = 0, high: float = 100) -> SafeString:
    """Two reviewers' scores as two dots on a line from `low` to `high`, with their numbers as text."""
    span = (high - low) or 1
    left, right = (f"{4 + 92 * (min(max(score, low), high) - low) / span:.1f}%" for score in (first, second))
    return format_html(
        '<svg class="spread" role="img" aria-label="{}" focusable="false">'
        '<line class="spread-axis" x1="0" x2="100%" y1="10" y2="10"/>'
        '<line class="spread-gap" x1="{}" x2="{}" y1="10" y2="10"/>'
        '<circle class="dot-a" cx="{}" cy="10" r="6"/>'
        '<circle class="dot-o" cx="{}" cy="10" r="5.5"/></svg>',
        gettext("%(first)s and %(second)s") % {"first": first, "second": second},
        left,
        right,
        left,
        right,
    )


@register.inclusion_tag("components/timeline.html")
def timeline(
    milestones: Iterable[Any],
    opens: date | None = None,
    closes: date | None = None,
    today: date | None = None,
) -> dict[str, Any]:
    """The dates of a call on one axis, and the same as a list.

    `milestones`: objects or dicts with `on`, `label`, and optionally `note`, `date_words`, `deadline` and
    `period` (name of the time that ends there). `opens` and `closes`, when given, are added to them.
    """
    day = drawing.as_date(today) if today else date.today()  # noqa: DTZ011 - pages pass the portal's clock
    events = [_milestone(item) for item in milestones]
    if opens:
        events.append(
            _event(opens, gettext("Opens") if drawing.as_date(opens) > day else gettext("Opened"), day)
        )
    if closes:
        word = gettext("Closes") if drawing.as_date(closes) >= day else gettext("Closed")
        events.append(_event(closes, word, day, deadline=True, period=gettext("Applications")))
    events.sort(key=lambda event: event.on)
    found = drawing.marks(events, day)
    places = [mark.x for mark in found]
    today_at = drawing.place_of(day, [event.on for event in events], places)
    within = bool(events) and events[0].on < day < events[-1].on
    height = max((mark.note_y for mark in found), default=0) + 8
    drawn_arcs = drawing.arcs(found, day)
    return {"marks": found, "arcs": drawn_arcs, "today_at": today_at, "within": within, "height": height}


def _event(
    moment: date | datetime, label: str, day: date, deadline: bool = False, period: str = ""
) -> drawing.Milestone:
    on = drawing.as_date(moment)
    words = date_format(on, "j E" if on.year == day.year else "j E Y")
    if deadline and isinstance(moment, datetime):
        words += ", " + date_format(moment, "H:i")
    return drawing.Milestone(on, label, date_words=words, deadline=deadline, period=period)


def _milestone(item: Any) -> drawing.Milestone:
    def read(name: str, default: Any = "") -> Any:
        value = item.get(name, default) if isinstance(item, Mapping) else getattr(item, name, default)
        return value if value is not None else default

    on = drawing.as_date(read("on"))
    return drawing.Milestone(
        on,
        str(read("label")),
        str(read("note")),
        str(read("date_words")) or date_format(on, "j E Y"),
        bool(read("deadline", False)),
        str(read("period")),
    )


@register.simple_tag
def counted(field: BoundField) -> dict[str, Any]:
    """How long the text of a field with a limit is, in words; empty for fields without one."""
    limit = field.field.widget.attrs.get("data-limit")
    if not limit:
        return {}
    text = str(field.value() or "").replace("\r\n", "\n")
    figures = {"used": len(text), "limit": int(limit), "words": len(text.split())}
    over = max(len(text) - int(limit), 0)
    sentence = gettext("Characters: {used} of {limit}. Words: {words}.")
    if over:
        sentence = f"{sentence} {gettext('Too long by {over}; nothing is cut off.')}"
    shown = {name: number_format(value, force_grouping=True) for name, value in figures.items()}
    return {"over": over, "sentence": sentence.format(**shown, over=number_format(over, force_grouping=True))}


@register.filter
def hash_groups(digest: str) -> list[str]:
    """A hexadecimal SHA-256 (64 characters) as 8 groups of 8, to be read aloud by number."""
    return [digest[start : start + 8] for start in range(0, len(digest), 8)]


@register.filter
def leading(label: object) -> str:
    """A label before what is said of it: "Your name:", and a question or sentence without a second mark."""
    words = str(label).rstrip(".:")
    return words if words.endswith("?") else f"{words}:"


@register.filter
def initials(name: str) -> str:
    """First letters of the first and the last word of a name, for the round mark in the people list."""
    words = [word for word in str(name).split() if word[0].isalpha()]
    return "".join(word[0] for word in ([words[0], words[-1]] if len(words) > 1 else words)).upper()


@register.filter
def state_of_level(level_tag: str) -> str:
    """The state that stands for a message level of django.contrib.messages."""
    return {"success": "success", "warning": "warning", "error": "error"}.get(level_tag, "info")


@register.filter
def quoted(text: str) -> str:
    """Somebody's own words in a plain-text mail, each line marked, so that none passes for ours."""
    return "\n".join(f"> {line}" for line in text.splitlines())


@register.simple_tag(takes_context=True)
def current_place(context: Context) -> str:
    """The header's place a page belongs to: calls, cities, partnerships, search, my, or nothing."""
    if context.get("place"):
        return str(context["place"])
    match = getattr(context.get("request"), "resolver_match", None)
    if match is None:
        return ""
    name = match.url_name or ""
    if "partnerships" in match.namespaces:
        if name.startswith(("search", "idea")):
            return "search"
        return "cities" if name.startswith(("cities", "city")) else "partnerships"
    if "calls" in match.namespaces:
        if name == "joint_draft":
            return "search"
        return "my" if "reference" in match.kwargs or name.startswith(("my", "consent")) else "calls"
    return ""
