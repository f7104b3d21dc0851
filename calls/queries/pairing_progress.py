"""How far a run is, in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.models import PairingRun
from calls.models.pairing import RunState

STAGES = {
    "reading": gettext_lazy("Reading the frozen input"),
    "scoring": gettext_lazy("Scoring every pair"),
    "breadth": gettext_lazy("Looking for the most pairs"),
    "columns": gettext_lazy("Listing the groups that are possible"),
    "placed": gettext_lazy("Placing as many cities as possible"),
    "floor": gettext_lazy("Making the weakest as strong as possible"),
    "total": gettext_lazy("Looking for the best total"),
    "closeness": gettext_lazy("Staying close to the run before"),
    "ties": gettext_lazy("Settling ties"),
    "explaining": gettext_lazy("Writing down the reasons"),
    "report": gettext_lazy("Writing down the reasons"),
    "checking": gettext_lazy("Checking the proof without the solver"),
}


@dataclass(frozen=True)
class Progress:
    """The stage as a sentence and per cent of the whole."""

    sentence: str
    percent: int


def progress_of(run: PairingRun) -> Progress:
    """Of a run that is waiting or running."""
    percent = min(100, run.done_per_mille // 10)
    if run.cancel_asked_at:
        return Progress(_("Being stopped"), percent)
    if run.state == RunState.WAITING:
        return Progress(_("Waiting for a worker"), 0)
    return Progress(str(STAGES.get(run.stage, _("Solving"))), percent)
