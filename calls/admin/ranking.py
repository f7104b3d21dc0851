"""The ranking of one call as it stands: who leads, by how much, how far reviewers differ; closing reviews."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from calls.access import NotAllowed
from calls.admin.pages import Refusal, person, staff_page, status_of
from calls.forms.selection import RunForm
from calls.models import Call
from calls.operations.closing_reviews import close_reviews
from calls.operations.status import NotPossible
from calls.queries.clock import database_now
from calls.queries.closable import closable
from calls.queries.leniency import leniency_of
from calls.queries.leniency_wording import word_leniency
from calls.queries.ranking import Ranked, rank, ranked_applications, seats_of
from calls.queries.ranking_parts import AT_ONCE, Part, parts_of
from calls.queries.scores import sheets_of
from calls.queries.scores_hidden import Hidden, hidden_from
from calls.queries.selection_input import settings_of
from calls.queries.selections import Line
from calls.selection.notes import APART
from calls.templatetags.staff_tags import STATUS_DOTS
from calls.workflow import Status

PAGE = "admin:calls_call_ranking"
AXIS_STEP = 20


@dataclass(frozen=True)
class Shown:
    """A part of the table with its lines, none where it is long and paged."""

    part: Part
    lines: Sequence[Line]


def load_call(request: HttpRequest, pk: int) -> Call:
    """The call if this person may see it; otherwise 404."""
    calls = Call.objects.visible_to(request.user).select_related("programme")
    call = calls.prefetch_related("texts", "quotas").filter(pk=pk).first()
    if call is None:
        raise Http404
    return call


@require_safe
def ranking(request: HttpRequest, pk: int) -> HttpResponse:
    call = load_call(request, pk)
    return page(request, call, RunForm(None, now=settings_of(call), currency=call.currency))


def page(
    request: HttpRequest, call: Call, form: RunForm, refusal: Refusal | None = None, status: int = 200
) -> HttpResponse:
    """The live ranking with the form that selects from it."""
    hidden = hidden_from(person(request), call)
    context: dict[str, Any] = {
        "call": call,
        "title": _("Ranking: %(call)s") % {"call": call.title},
        "staff_place": "calls",
        "hidden": word_hidden(hidden),
        "refusal": refusal,
        "form": form,
        "ready": [row.reference for row in closable(call).only("reference")],
    }
    if hidden == Hidden():
        context |= _contents(request, call)
    return staff_page(request, "admin/calls/call/ranking.html", context, status=status)


def _contents(request: HttpRequest, call: Call) -> dict[str, Any]:
    sheets, advice = sheets_of(call), request.GET.get("advice") == "1"
    rows = rank(ranked_applications(call), sheets)
    runs = list(call.selection_runs.select_related("parent", "by").defer("input", "result")[:AT_ONCE])
    reviewed = sum(row.application.status == Status.REVIEWED for row in rows)
    return {
        "rows": rows,
        "seats": seats_of(call, rows),
        "sentence": _sentence(rows),
        "runs": runs,
        "reviewed": reviewed,
        "advice": advice,
        "reviewers": word_leniency(leniency_of(sheets)) if advice else [],
        "axis": axis_of(score for row in rows for score in row.sheets),
        **table(request, rows, None, _lines),
    }


def table(request: HttpRequest, rows: Sequence[Any], line: int | None, draw: Any) -> dict[str, Any]:
    """The parts of a table, or the page of a long fold that `?from=` names. Draws only what is shown."""
    start = _start(request, len(rows))
    if start is None:
        parts = parts_of(len(rows), line)
        kept = [(part, [] if part.paged else rows[part.start : part.end]) for part in parts]
        lines = iter(draw([row for _part, some in kept for row in some]))
        return {
            "parts": [Shown(part, [next(lines) for _row in some]) for part, some in kept],
            "count": len(rows),
        }
    end = min(start + AT_ONCE, len(rows))
    return {
        "parts": [Shown(Part(start, end), draw(rows[start:end]))],
        "count": len(rows),
        "from_row": start + 1,
        "to_row": end,
        "before": max(start - AT_ONCE, 0) + 1 if start else None,
        "after": end + 1 if end < len(rows) else None,
    }


def _start(request: HttpRequest, count: int) -> int | None:
    given = request.GET.get("from", "")
    if not (given.isascii() and given.isdigit() and len(given) <= 6):
        return None
    return int(given) - 1 if 1 <= int(given) <= count else None


def axis_of(scores: Any) -> tuple[int, int]:
    """Where the line of the reviewers' dots begins: the lowest score rounded down to a step, up to 100."""
    lowest = min(scores, default=0.0)
    return min(int(lowest) // AXIS_STEP * AXIS_STEP, 100 - AXIS_STEP), 100


def _lines(rows: Sequence[Ranked]) -> list[Line]:
    found = []
    for row in rows:
        apart = round((row.high or 0) - (row.low or 0), 1)
        notes = [_("%(points).0f points apart: discuss") % {"points": apart}] if apart > APART else []
        status = Status(row.application.status)
        found.append(
            Line(
                place=row.rank,
                application=row.application,
                score="" if row.mean is None else f"{row.mean:.1f}",
                sheets=row.sheets,
                notes=tuple(notes),
                kind=STATUS_DOTS[status],
                outcome=row.application.get_status_display(),
                selected=status in (Status.SELECTED, Status.ACCEPTED),
                corrected="" if row.corrected is None else f"{row.corrected:.1f}",
            )
        )
    return found


def word_hidden(hidden: Hidden) -> str:
    """Why this person does not see the ranking; empty when they do."""
    if hidden.to_score:
        text = ngettext(
            "You review %(count)d application of this call that is not closed yet. "
            "Until then its ranking stays closed to you.",
            "You review %(count)d applications of this call that are not closed yet. "
            "Until then its ranking stays closed to you.",
            hidden.to_score,
        )
        return text % {"count": hidden.to_score}
    if hidden.conflicts:
        return _("You declared a conflict of interest in this call. Its ranking stays closed to you.")
    return ""


def _sentence(rows: list[Ranked]) -> str:
    """The state of the ranking in one or two sentences."""
    scored = [row for row in rows if row.mean is not None]
    if not rows:
        return _("Nothing to rank yet: no application has passed screening.")
    text = ngettext(
        "%(scored)s of %(count)s application has a finished review.",
        "%(scored)s of %(count)s applications have a finished review.",
        len(rows),
    )
    sentence = text % {"scored": len(scored), "count": len(rows)}
    tied = sum(row.rank.endswith("=") for row in rows)
    if tied:
        ties = ngettext("%(count)s shares its place.", "%(count)s share their place with another.", tied)
        sentence = f"{sentence} {ties % {'count': tied}}"
    return sentence


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close every review that is whole; all of those that the page named, or none."""
    call = load_call(request, pk)
    try:
        closed = close_reviews(
            call=call, expected=request.POST.getlist("ready"), by=person(request), at=database_now()
        )
    except (NotAllowed, NotPossible) as refusal:
        form = RunForm(None, now=settings_of(call), currency=call.currency)
        return page(request, call, form, refusal, status_of(refusal))
    names = ", ".join(row.reference for row in closed)
    text = ngettext("Review closed: %(names)s.", "Reviews closed: %(names)s.", len(closed))
    messages.success(request, text % {"names": names})
    return redirect(PAGE, pk)
