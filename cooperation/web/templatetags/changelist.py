"""Django's own lists on a phone: each cell says its column, since the columns are gone there."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django import template
from django.contrib.admin import site
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

register = template.Library()


@register.filter
def under(row: Iterable[str], headers: Sequence[Mapping[str, Any]]) -> Iterator[SafeString]:
    """The cells of a row as Django wrote them, each with the words of its column as `data-label`.

    The first cell names the row and needs no words, nor does the one with the box to tick. A cell that holds
    nothing is marked, for a phone leaves it out.
    """
    named = False
    for cell, header in zip(row, headers, strict=True):
        if named:
            yield _labelled(cell, capfirst(header["text"]))
        else:
            yield mark_safe(cell)  # noqa: S308 - as Django's admin made it
            named = "action-checkbox" not in header.get("class_attrib", "")


def _labelled(cell: str, words: str) -> SafeString:
    start, _, rest = cell.partition(">")
    inside = rest.rpartition("</td>")[0]
    nothing = " data-nothing" if inside == site.empty_value_display else ""
    label = f' data-label="{escape(words)}"'
    return mark_safe(f"{start}{label}{nothing}><div>{inside}</div></td>")  # noqa: S308 - the same
