"""Pins and vetoes: made beside a proposal or on a page of their own, ended there; notes."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from calls.access import NotAllowed
from calls.admin.pages import person
from calls.admin.pairing.board import page_of
from calls.admin.pairing.chosen import note_about
from calls.admin.pairing.common import Choice, board_url, load_finished, load_pairing, pairing_page
from calls.forms.pairing import DirectiveForm, NoteForm
from calls.models import Application, Call, Directive, PairingNote
from calls.models.pairing import DirectiveKind
from calls.operations.directing import direct, end
from calls.operations.noting import remove_note, write_note
from calls.operations.status import NotPossible
from calls.queries.clock import database_now
from calls.queries.pairing import pairable
from calls.queries.pairing_directives import all_notes, city_name, ended, in_force
from calls.queries.pairing_pair import Pair, pair_of
from calls.queries.pairing_runs import OpenRun
from partnerships.models.city import fold

PAGE = "admin:calls_call_pairing_directives"


@require_http_methods(["GET", "HEAD", "POST"])
def directives(request: HttpRequest, pk: int) -> HttpResponse:
    """All that is in force, what was ended, and a form for any two cities."""
    call = load_pairing(request, pk)
    cities = _cities(call)
    if request.method != "POST":
        asked = {name: request.GET.get(name, "") for name in ("one", "other", "kind")}
        return _list(request, call, DirectiveForm(first=cities, second=cities, initial=asked))
    form = DirectiveForm(request.POST, first=cities, second=cities)
    if not form.is_valid():
        return _list(request, call, form, status=422)
    try:
        _direct(request, call, form)
    except (NotPossible, NotAllowed) as refusal:
        return _list(request, call, form, refusal=refusal)
    return redirect(PAGE, pk)


@require_POST
def direct_pair(request: HttpRequest, pk: int, number: int, proposal: int, kind: str) -> HttpResponse:
    """Pin or keep apart two cities of a proposal, from the board."""
    call = load_pairing(request, pk)
    if kind not in DirectiveKind.values:
        raise Http404
    opened, pair = _proposal(call, number, proposal)
    about = _names(pair)
    form = DirectiveForm({**_plain(request), f"{kind}-kind": kind}, first=about, second=about, prefix=kind)
    back: dict[str, Any] = {"number": str(number), "proposal": str(proposal), f"{kind}_form": form}
    if not form.is_valid():
        return page_of(request, call, **back, status=422)
    try:
        _direct(request, call, form)
    except (NotPossible, NotAllowed) as refusal:
        return page_of(request, call, **back, refusal=refusal)
    return redirect(board_url(call, opened.run, proposal))


def _plain(request: HttpRequest) -> dict[str, Any]:
    return {key: request.POST.get(key) for key in request.POST}


def _direct(request: HttpRequest, call: Call, form: DirectiveForm) -> None:
    given = form.cleaned_data
    one, other = _application(call, given["one"]), _application(call, given["other"])
    made = direct(
        call=call,
        kind=given["kind"],
        one=one,
        other=other,
        reason=given["reason"],
        by=person(request),
        at=database_now(),
    )
    about = {"one": city_name(one), "other": city_name(other)}
    said = (
        _("%(one)s and %(other)s are pinned together from the next run on.")
        if made.kind == DirectiveKind.PIN
        else _("%(one)s and %(other)s are kept apart from the next run on.")
    )
    messages.success(request, said % about)


@require_POST
def end_directive(request: HttpRequest, pk: int, directive: int) -> HttpResponse:
    """Runs from now on do not know it."""
    call = load_pairing(request, pk)
    row = Directive.objects.select_related("one", "other").filter(call=call, pk=directive).first()
    if row is None:
        raise Http404
    try:
        end(directive=row, by=person(request), at=database_now())
    except (NotPossible, NotAllowed) as refusal:
        cities = _cities(call)
        return _list(request, call, DirectiveForm(first=cities, second=cities), refusal=refusal)
    messages.success(request, _("Ended. The next run does not know it."))
    return redirect(PAGE, pk)


def _list(
    request: HttpRequest,
    call: Call,
    form: DirectiveForm,
    *,
    refusal: Exception | None = None,
    status: int = 200,
) -> TemplateResponse:
    context = {
        "title": _("Pins and vetoes: %(call)s") % {"call": call.title},
        "in_force": in_force(call).rows,
        "ended": ended(call),
        "notes": all_notes(call),
        "form": form,
    }
    return pairing_page(
        request,
        call,
        "pairing_directives.html",
        context,
        place="directives",
        refusal=refusal,
        status=status,
    )


@require_POST
def note(request: HttpRequest, pk: int, number: int, proposal: int) -> HttpResponse:
    """Keep a note on a proposal or one of its cities."""
    call = load_pairing(request, pk)
    opened, pair = _proposal(call, number, proposal)
    form = NoteForm(request.POST, about=note_about(pair), prefix="note")
    back: dict[str, Any] = {"number": str(number), "proposal": str(proposal), "note_form": form}
    if not form.is_valid():
        return page_of(request, call, **back, status=422)
    first, *rest = [_application(call, reference) for reference in form.cleaned_data["about"].split()]
    try:
        write_note(
            call=call,
            application=first,
            other=rest[0] if rest else None,
            text=form.cleaned_data["text"],
            by=person(request),
            at=database_now(),
        )
    except (NotPossible, NotAllowed) as refusal:
        return page_of(request, call, **back, refusal=refusal)
    return redirect(f"{board_url(call, opened.run, proposal)}#notes")


@require_POST
def drop_note(request: HttpRequest, pk: int, note: int) -> HttpResponse:
    """Take back a note of one's own."""
    call = load_pairing(request, pk)
    row = PairingNote.objects.filter(call=call, pk=note).first()
    if row is None:
        raise Http404
    try:
        remove_note(note=row, by=person(request))
    except NotAllowed as refusal:
        cities = _cities(call)
        return _list(request, call, DirectiveForm(first=cities, second=cities), refusal=refusal)
    messages.success(request, _("The note is taken out."))
    return redirect(PAGE, pk)


def _proposal(call: Call, number: int, proposal: int) -> tuple[OpenRun, Pair]:
    opened = load_finished(call, number)
    row = opened.run.proposals.filter(pk=proposal).first()
    if row is None:
        raise Http404
    return opened, pair_of(opened, row)


def _names(pair: Pair) -> list[Choice]:
    return [(city.reference, city.name) for city in pair.cities]


def _cities(call: Call) -> list[Choice]:
    """The cities that take part in the next run, by name."""
    return sorted(((row.reference, city_name(row)) for row in pairable(call)), key=lambda row: fold(row[1]))


def _application(call: Call, reference: str) -> Application:
    row = call.applications.select_related("lead__city").filter(reference=reference).first()
    if row is None:
        raise Http404
    return row
