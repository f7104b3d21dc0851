"""Publishing results: every approved decision at once, with its letter."""

from datetime import datetime

from django.utils.translation import gettext as _

from calls.access import require_decider
from calls.models import Application, Call, Decision
from calls.models.decision import Outcome
from calls.models.webhook import WebhookEvent
from calls.operations.deciding import lock_call
from calls.operations.decision_letters import complete, letters_of, waiting_decisions
from calls.operations.founding import found_for, tell_partners
from calls.operations.overtaking import Overtaken
from calls.operations.status import NotPossible, change_status
from calls.operations.webhook_events import tell_webhooks, tell_webhooks_of_each
from calls.queries.decisions import fingerprint_of, open_decisions, without_recommendation
from calls.queries.webhook_events import of_decision, of_results
from calls.workflow import Status
from cooperation.accounts.models import User
from cooperation.notifications.operations import post_all
from cooperation.web.transactions import atomic_again


@atomic_again
def publish_results(
    *, call: Call, by: User, at: datetime, seen: str | None = None, partly: bool = True
) -> list[Decision]:
    """Publish what is approved and not published yet: status, letter, feedback, partnership.

    `seen` is the fingerprint of the list that was shown; Overtaken when another one is approved now.
    Unless `partly`, raises NotPossible while outcomes of the call still wait. Raises NotAllowed, and
    NotPossible when nothing is approved. Applications that were withdrawn meanwhile are left out.
    """
    call = lock_call(call.pk)
    require_decider(by)
    rows = _locked(call)
    if seen is not None and fingerprint_of(rows) != seen:
        raise Overtaken(_("What is approved changed after you opened this page. Nothing was published."))
    if not rows:
        raise NotPossible(_("Nothing is approved that is not published yet."))
    if not partly and (open_decisions(call).exists() or without_recommendation(call).exists()):
        raise NotPossible(_("Some outcomes wait. Tick that you publish without them, or finish them first."))
    complete(rows, call, at)
    for row in rows:
        _publish(row, by, at)
    post_all([letter for row in rows for letter in letters_of(row, at)], at=at)
    call.results_published_at = at
    call.save(update_fields=["results_published_at"])
    _tell_webhooks(call, rows, at)
    return rows


def _tell_webhooks(call: Call, rows: list[Decision], at: datetime) -> None:
    tell_webhooks(
        WebhookEvent.RESULTS_PUBLISHED,
        programme_id=call.programme_id,
        cause=f"{call.slug}:{at.isoformat()}",
        data=lambda: of_results(call, rows),
        at=at,
    )
    tell_webhooks_of_each(
        WebhookEvent.DECISION_PUBLISHED,
        programme_id=call.programme_id,
        told=lambda: {f"{row.application.reference}:{at.isoformat()}": of_decision(row) for row in rows},
        at=at,
    )


def _locked(call: Call) -> list[Decision]:
    """The approved decisions of a LOCKED call with their applications, held in a fixed order.

    The call's lock keeps approvals out; the applications' keeps a withdrawal out.
    """
    ids = [row.application_id for row in waiting_decisions(call)]
    held = Application.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    list(held.values_list("pk", flat=True))
    return waiting_decisions(call)


def _publish(decision: Decision, by: User, at: datetime) -> None:
    current = decision.application
    change_status(current, Status(decision.outcome), by=by, at=at, note=decision.reason)
    decision.published_at, decision.published_by = at, by
    if decision.outcome == Outcome.SELECTED and not decision.acceptance_due_at:
        decision.partnership = found_for(current, at)
        tell_partners(current, at)
    decision.save(
        update_fields=["published_at", "published_by", "feedback", "acceptance_due_at", "partnership"]
    )
