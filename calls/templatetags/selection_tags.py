"""Template tags of the ranking: reviewers as dots on a line, what is folded away, the selection line."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls.selection.moves import Move

register = template.Library()


@register.simple_tag
def reviewers(scores: Sequence[float], low: float, high: float) -> SafeString:
    """Each reviewer as a dot between `low` and `high`, the first one filled, with the numbers as text."""
    span = (high - low) or 1
    places = [f"{4 + 92 * (min(max(score, low), high) - low) / span:.1f}%" for score in scores]
    ends = [places[scores.index(end(scores))] for end in (min, max)]
    dots = format_html_join(
        "",
        '<circle class="{}" cx="{}" cy="10" r="{}"/>',
        (("dot-o", place, "5.5") if number else ("dot-a", place, "6") for number, place in enumerate(places)),
    )
    return format_html(
        '<svg class="spread" role="img" aria-label="{}" focusable="false">'
        '<line class="spread-axis" x1="0" x2="100%" y1="10" y2="10"/>'
        '<line class="spread-gap" x1="{}" x2="{}" y1="10" y2="10"/>{}</svg>',
        ", ".join(f"{score:.1f}" for score in scores),
        *ends,
        dots,
    )


@register.simple_tag
def fold_words(shown: Any) -> str:
    """What a fold hides: "Ranks 11 to 23: 13 cities, all selected."."""
    part, lines = getattr(shown, "part", shown), getattr(shown, "lines", [])
    words = {"first": part.start + 1, "last": part.end, "count": part.count}
    if lines:
        words["first"] = lines[0].place.rstrip("=") or words["first"]
        words["last"] = lines[-1].place.rstrip("=") or words["last"]
    text = ngettext(
        "Ranks %(first)s to %(last)s: %(count)d city",
        "Ranks %(first)s to %(last)s: %(count)d cities",
        part.count,
    )
    selected = sum(line.selected for line in lines)
    if lines and selected == part.count:
        return _("%(ranks)s, all selected.") % {"ranks": text % words}
    if selected:
        return _("%(ranks)s, %(selected)d of them selected.") % {"ranks": text % words, "selected": selected}
    return f"{text % words}."


@register.simple_tag
def line_words(result: Mapping[str, Any], places: int | None) -> str:
    """The name of the selection line."""
    words = {"selected": result["objective"]["selected"], "places": places}
    if places is None:
        return _("Selection line: %(selected)d selected") % words
    return _("Selection line: %(selected)d of %(places)d places") % words


@register.simple_tag
def tie_words(settings: Mapping[str, Any]) -> str:
    """The rule that broke ties, as it was recorded."""
    rule = {
        "criteria": _("Ties: the higher score on the first criterion, then on the next; then by lot"),
        "earlier": _("Ties: submitted earlier; then by lot"),
        "lot": _("Ties: by lot"),
    }[settings["tie"]]
    return _("%(rule)s with the word “%(word)s”.") % {"rule": rule, "word": settings["salt"]}


@register.simple_tag
def move_words(move: Move, currency: str) -> str:
    """One moved limit: "Canada: one place more"."""
    if move.what == "budget":
        return _("Budget: a tenth more") if move.by > 0 else _("Budget: a tenth less")
    change = _("one place more") if move.by > 0 else _("one place less")
    name = move.label if move.what == "quota" else _("All places together")
    return _("%(name)s: %(change)s") % {"name": name, "change": change}
