"""Criteria, quotas, milestones, cut-off dates, sides and reminders: a list, and a page for each."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from calls.access import NotAllowed
from calls.admin.pages import person, status_of
from calls.admin.ranking import load_call
from calls.admin.setup.common import Editing, differences, edit, removed, require_setting_up, setup_page
from calls.admin.setup.part_sorts import PARTS, Part
from calls.forms.call_parts import WeightsForm
from calls.forms.wordings import PartForm
from calls.models import Call, Criterion, CutOff, Quota, ReminderRule
from calls.models.decision import Side
from calls.operations import setting_up
from calls.operations.setting_up import ChangedMeanwhile
from calls.operations.status import NotPossible
from calls.queries.preflight.quotas import outer
from calls.queries.reminder_words import in_order
from calls.queries.set_up import fingerprint, languages_of, row_fields
from cooperation.web.languages import language_name
from partnerships.models.wording import localise

PART = "admin:calls_call_setup_part"
ADD = "admin:calls_call_setup_part_add"


@require_http_methods(["GET", "HEAD", "POST"])
def rows(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    """All of one sort; of criteria also the weights, which are changed together."""
    call = load_call(request, pk)
    found = _part(part)
    if part != "criteria":
        if request.method == "POST":
            return HttpResponse(status=405)
        return _list(request, call, part)
    criteria = list(call.criteria.all())
    form = WeightsForm(request.POST if request.method == "POST" else None, rows=criteria)
    if request.method != "POST":
        return _list(request, call, part, form=form)
    refusal: Exception | None = None
    if form.is_valid():
        try:
            require_setting_up(request)
            setting_up.set_weights(
                call=call, weights=form.weights, seen=request.POST.get("seen", ""), by=person(request)
            )
        except (NotPossible, NotAllowed) as error:
            refusal = error
        else:
            messages.success(request, _("The weights are kept."))
            return redirect(PART, call.pk, part)
    now = differences(WeightsForm(rows=criteria), form) if isinstance(refusal, ChangedMeanwhile) else []
    status = status_of(refusal) if refusal else 422
    return _list(request, call, part, form=form, refusal=refusal, now=now, status=status, model=found.model)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    """One more of a sort."""
    call, found = load_call(request, pk), _part(part)
    may = setting_up.open_fields(call, found.model)

    def keep(form: PartForm, seen: str) -> object:
        return setting_up.add_row(
            call=call, model=found.model, fields=form.fields_of_part, by=person(request)
        )

    build = partial(found.form, call=call, may=frozenset() if may is not None else None)
    editing = Editing(build, lambda: None, keep, _("Added."), _back(call, part))
    return edit(request, call, editing, _words(call, part, found.add))


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int, part: str, row_pk: int) -> HttpResponse:
    """One of a sort: what may still change can be filled in."""
    call, found = load_call(request, pk), _part(part)
    if "seen" in request.POST and not _rows(call, found).filter(pk=row_pk).exists():
        again, form = reverse(ADD, args=[call.pk, part]), found.form(request.POST, call=call)
        return removed(request, call, form, again, _back(call, part), _words(call, part, found.title))
    row = _row(call, found, row_pk)
    may = setting_up.open_fields(call, found.model)

    def keep(form: PartForm, seen: str) -> object:
        return setting_up.change_row(row=row, fields=form.fields_of_part, seen=seen, by=person(request))

    def build(data: Any) -> PartForm:
        return found.form(data, call=call, row=_row(call, found, row_pk), may=may)

    editing = Editing(
        build, lambda: row_fields(_row(call, found, row_pk)), keep, _("Kept."), _back(call, part)
    )
    return edit(request, call, editing, {**_words(call, part, str(row) or found.title), "row": row})


@require_POST
def move(request: HttpRequest, pk: int, part: str, row_pk: int) -> HttpResponse:
    """One place up or down."""
    call, found = load_call(request, pk), _part(part)
    if found.model not in setting_up.ORDERED:
        raise Http404
    row = _row(call, found, row_pk)
    step = partial(setting_up.move_row, row=row, up=request.POST.get("to") == "up", by=person(request))
    return _step(request, call, part, step)


@require_POST
def remove(request: HttpRequest, pk: int, part: str, row_pk: int) -> HttpResponse:
    """Out of a draft; adding it again is as quick."""
    call, found = load_call(request, pk), _part(part)
    row = _row(call, found, row_pk)
    return _step(request, call, part, partial(setting_up.remove_row, row=row, by=person(request)))


def _step(request: HttpRequest, call: Call, part: str, step: Callable[[], object]) -> HttpResponse:
    try:
        require_setting_up(request)
        step()
    except (NotPossible, NotAllowed) as refusal:
        return _list(request, call, part, refusal=refusal, status=status_of(refusal))
    return redirect(PART, call.pk, part)


def _list(
    request: HttpRequest,
    call: Call,
    part: str,
    *,
    form: WeightsForm | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    found = _part(part)
    kept = list(_rows(call, found))
    if found.model is ReminderRule:
        kept = in_order(kept)
    if part == "criteria" and form is None:
        form = WeightsForm(rows=kept)
    lines = [
        {
            "row": row,
            "name": _name(row),
            "about": found.line(call, row),
            "missing": _missing(call, row),
            "weight": form[f"weight_{row.pk}"] if form and f"weight_{row.pk}" in form.fields else None,
        }
        for row in kept
    ]
    context = {
        **_words(call, part, found.title),
        "lines": lines,
        "form": form,
        "empty": found.empty,
        "add": found.add,
        "all_open": setting_up.open_fields(call, found.model) is None,
        "ordered": found.model in setting_up.ORDERED,
        "total": _sum_of_weights(kept) if part == "criteria" else None,
        "sums": _sums(call, kept) if part == "quotas" and kept else "",
        "seen": fingerprint([(row.pk, row.weight) for row in kept]) if part == "criteria" else "",
    }
    return setup_page(request, call, "admin/calls/call/setup_part.html", {**context, **more}, status=status)


def _sum_of_weights(rows: list[Criterion]) -> SafeString:
    """The sum, marked so that js/sums.js keeps it while one types."""
    return format_html("<b data-sum>{}</b>", sum(row.weight for row in rows))


def _sums(call: Call, rows: list[Quota]) -> str:
    """What the quotas hold together; of nested ones the outer counts."""
    counted = outer(rows)
    about = {
        "total": sum(row.places for row in counted),
        "least": sum(row.minimum for row in counted),
        "places": "–" if call.places is None else call.places,
    }
    return _("Together %(total)s places, %(least)s of them promised. The call has %(places)s.") % about


def _words(call: Call, part: str, heading: Any) -> dict[str, Any]:
    title = f"{heading}: {call.title}"
    return {"part": part, "heading": heading, "title": title, "part_title": PARTS[part].title}


def _name(row: Model) -> str:
    labels = getattr(row, "labels", {})
    return localise(labels) or getattr(row, "key", "") or str(row)


def _missing(call: Call, row: Any) -> list[str]:
    """Languages in which a part has no name."""
    if isinstance(row, ReminderRule) or (isinstance(row, CutOff) and not row.labels):
        return []
    return [str(language_name(code)) for code in languages_of(call) if not row.labels.get(code)]


def _part(name: str) -> Part:
    if name not in PARTS:
        raise Http404
    return PARTS[name]


def _rows(call: Call, part: Part) -> Any:
    rows = part.model._default_manager.filter(call=call)
    return rows.prefetch_related("members") if part.model is Side else rows


def _row(call: Call, part: Part, row_pk: int) -> Any:
    row = _rows(call, part).select_related("call").filter(pk=row_pk).first()
    if row is None:
        raise Http404
    return row


def _back(call: Call, part: str) -> str:
    return reverse(PART, args=[call.pk, part])
