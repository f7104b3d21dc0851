"""What the pages of pairing share: the call, one of its runs, the row of places, refusals in place."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from calls.admin.pages import staff_page, status_of
from calls.admin.ranking import load_call
from calls.models import Call, PairingRun
from calls.models.call import CallKind
from calls.models.pairing import UNFINISHED, RunState
from calls.queries.pairing_runs import OpenRun, last_finished, open_run

BOARD = "admin:calls_call_pairing"
Choice = tuple[str, str]


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    current: bool


def load_pairing(request: HttpRequest, pk: int) -> Call:
    """The call if this person may see it and it pairs cities; otherwise 404."""
    call = load_call(request, pk)
    if call.kind != CallKind.PAIRING:
        raise Http404
    return call


def load_run(call: Call, number: int | str | None) -> PairingRun:
    """One run of the call with its input and result; 404 where there is none of that number."""
    given = str(number)
    rows = call.pairing_runs.select_related(
        "parent", "requested_by", "recommended_by", "published_by", "cancel_asked_by"
    )
    run = rows.filter(number=int(given)).first() if is_number(given) else None
    if run is None:
        raise Http404
    run.call = call
    return run


def load_finished(call: Call, number: int | str | None) -> OpenRun:
    """A run that is done, opened; otherwise 404."""
    run = load_run(call, number)
    if run.state != RunState.DONE:
        raise Http404
    return open_run(run)


def is_number(given: str) -> bool:
    """A number that a run or a row can have; what else an address holds is not found."""
    return given.isascii() and given.isdigit() and len(given) <= 4


def board_url(call: Call, run: PairingRun | None = None, proposal: int | None = None) -> str:
    """The board, at a run and a proposal where they are named."""
    query = ([f"run={run.number}"] if run else []) + ([f"pair={proposal}"] if proposal else [])
    return reverse(BOARD, args=[call.pk]) + (f"?{'&'.join(query)}" if query else "")


def pairing_page(
    request: HttpRequest,
    call: Call,
    template: str,
    context: dict[str, Any],
    *,
    run: PairingRun | None = None,
    place: str = "",
    refusal: Exception | None = None,
    status: int = 200,
) -> TemplateResponse:
    """A page of pairing under its call; `place` is its tab."""
    shared = {
        "call": call,
        "run": run,
        "unfinished": run is not None and run.state in UNFINISHED,
        "staff_place": "runs",
        "tabs": tabs(call, run or last_finished(call), place),
        "refusal": refusal,
    }
    page = f"admin/calls/call/{template}"
    return staff_page(request, page, {**shared, **context}, status=status_of(refusal) if refusal else status)


def tabs(call: Call, run: PairingRun | None, place: str) -> list[Tab]:
    """The places of a finished run; before that, what staff fix beforehand."""
    found = {"board": (_("Proposals"), board_url(call, run))}
    if run is not None and run.state == RunState.DONE:
        names = {
            "map": _("Map"),
            "matrix": _("All scores"),
            "without": _("Without a partner"),
            "proof": _("Settings and proof"),
        }
        found |= {
            name: (label, reverse(f"admin:calls_call_pairing_{name}", args=[call.pk, run.number]))
            for name, label in names.items()
        }
    found["directives"] = (
        _("Pins and vetoes"),
        reverse("admin:calls_call_pairing_directives", args=[call.pk]),
    )
    found["compare"] = (_("Runs"), reverse("admin:calls_call_pairing_compare", args=[call.pk]))
    return [Tab(label, url, name == place) for name, (label, url) in found.items()]
