"""What a person can do with a run, or why not, as a sentence."""

from django.utils.translation import gettext as _

from calls.models import PairingRun
from calls.models.pairing import RunCause, RunState
from calls.queries.pairing_runs import UNSOLVED
from cooperation.accounts.models import User


def why_not_recommend(user: User, run: PairingRun) -> str:
    """Why this person cannot recommend the run; empty when they can."""
    if run.state != RunState.DONE or (run.result or {}).get("status") in UNSOLVED:
        return _("Only a solved run can be recommended.")
    if run.cause == RunCause.WHAT_IF:
        return _("A what-if is not recommended. Enter its settings in the set-up, then run again.")
    if run.recommended_by_id:
        return _("This run is recommended already.")
    if not user.has_perm("calls.recommend_application"):
        return _("Only staff who recommend outcomes can do this.")
    return ""


def why_not_publish(user: User, run: PairingRun) -> str:
    """Why this person cannot publish a recommended run; empty when they can."""
    if run.published_at:
        return _("This run is published to the cities.")
    if run.recommended_by_id is None:
        return _("Recommend the run first; a second person publishes it.")
    if run.recommended_by_id == user.pk:
        return _("You recommended this run. A second person publishes it.")
    if not user.has_perm("calls.decide_application"):
        return _("Only staff who approve decisions can do this.")
    return ""
