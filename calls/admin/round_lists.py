"""The lists of a round's decisions as far as a page draws them: the head of each, or one page by page."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

from calls.models import Decision
from calls.queries.decision_page import Round, Row
from calls.queries.reserve_line import InLine

NAMES = ("open", "approved", "returned", "answers", "reserve", "published")
AT_ONCE = 50


def lists_of(request: HttpRequest, found: Round, about: int = 0) -> dict[str, Any]:
    """`lists` by name; `?list=` chooses one of them, `?page=` its page.

    The application `about` is on what is drawn, wherever it stands: what was typed about it must come back.
    """
    only = request.GET.get("list", "")
    only = only if only in NAMES else ""
    number = request.GET.get("page", "")
    lists = {
        name: _page(getattr(found, name), number, about)
        for name in NAMES
        if (name == only if only else getattr(found, name))
    }
    return {"lists": lists, "only": only}


def _page(rows: list[Any], number: str, about: int) -> Page:
    paginator = Paginator(rows, AT_ONCE)
    place = next((place for place, row in enumerate(rows) if about and _application_of(row) == about), None)
    return paginator.get_page(number if place is None else place // AT_ONCE + 1)


def _application_of(row: Row | Decision | InLine | tuple[Decision, bool]) -> int:
    if isinstance(row, InLine):
        return row.application.pk
    decision = row[0] if isinstance(row, tuple) else row.decision if isinstance(row, Row) else row
    return decision.application_id
