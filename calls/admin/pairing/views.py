"""Other views of a finished run: the map, all scores, who is left over, what it rests on; its files."""

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from calls.access import NotAllowed, require_reader
from calls.admin.pages import person
from calls.admin.pairing.board import page_of
from calls.admin.pairing.chosen import choices
from calls.admin.pairing.common import load_finished, load_pairing, load_run, pairing_page
from calls.queries.pairing_board import board_of
from calls.queries.pairing_directives import in_force
from calls.queries.pairing_map import map_of
from calls.queries.pairing_matrix import MOST, matrix_of
from calls.queries.pairing_proof import proof_of
from calls.queries.pairing_runs import whole_result
from calls.queries.pairing_without import without_partner
from partnerships.matching.document import to_json


@require_safe
def on_map(request: HttpRequest, pk: int, number: int) -> TemplateResponse:
    """Every proposal as an arc, and the same as a table."""
    call = load_pairing(request, pk)
    opened = load_finished(call, number)
    found = board_of(opened, in_force(call))
    context = {
        "title": _("Run %(number)s on the map") % {"number": number},
        "map": map_of([row.proposal for row in found.lines]),
        "board": found,
    }
    return pairing_page(request, call, "pairing_map.html", context, run=opened.run, place="map")


@require_safe
def matrix(request: HttpRequest, pk: int, number: int) -> TemplateResponse:
    """All scores; of a large run, page by page each city's best candidates."""
    call = load_pairing(request, pk)
    opened = load_finished(call, number)
    start = _start(request, len(opened.at_home))
    found = matrix_of(opened, start)
    context = {
        "title": _("All scores of run %(number)s") % {"number": number},
        "matrix": found,
        "grouped": opened.grouped,
        "last": start + len(found.rows),
        "back": max(start - MOST, 0) if start else None,
        "on": start + MOST if start + MOST < found.count else None,
        "home": choices(opened.at_home),
        "abroad": choices(opened.abroad),
    }
    return pairing_page(request, call, "pairing_matrix.html", context, run=opened.run, place="matrix")


def _start(request: HttpRequest, count: int) -> int:
    given = request.GET.get("from", "")
    valid = given.isascii() and given.isdigit() and len(given) <= 6 and int(given) < count
    return int(given) // MOST * MOST if valid else 0


@require_safe
def without(request: HttpRequest, pk: int, number: int) -> TemplateResponse:
    """Who has no partner and why; whom each would join, and what that would cost the whole."""
    call = load_pairing(request, pk)
    opened = load_finished(call, number)
    context = {
        "title": _("Without a partner in run %(number)s") % {"number": number},
        "rows": without_partner(opened),
        "solved": opened.solved,
        "grouped": opened.grouped,
    }
    return pairing_page(request, call, "pairing_without.html", context, run=opened.run, place="without")


@require_safe
def proof(request: HttpRequest, pk: int, number: int) -> TemplateResponse:
    """Settings, objective, certificate, hashes, figures."""
    call = load_pairing(request, pk)
    opened = load_finished(call, number)
    context = {
        "title": _("What run %(number)s rests on") % {"number": number},
        "proof": proof_of(opened),
    }
    return pairing_page(request, call, "pairing_proof.html", context, run=opened.run, place="proof")


@require_safe
def download(request: HttpRequest, pk: int, number: int, part: str) -> HttpResponse:
    """The frozen input as it was hashed, or the result, as JSON."""
    call = load_pairing(request, pk)
    try:
        require_reader(person(request))
    except NotAllowed as refusal:
        return page_of(request, call, str(number), refusal=refusal)
    if part == "input":
        text = load_run(call, number).input
    elif part == "result":
        text = to_json(whole_result(load_finished(call, number)))
    else:
        raise Http404
    response = HttpResponse(text, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{call.slug}-run-{number}-{part}.json"'
    return response
