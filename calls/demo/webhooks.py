"""A programme's webhook: one event arrived, one was given up, and the portal has paused it since.

Its address is on example.org, and nothing is sent: what the server answered is told.
"""

from datetime import datetime

from calls.demo.people import RECOMMENDS, People
from calls.models import Call, Snapshot, WebhookDelivery
from calls.models.webhook import DeliveryState, WebhookEvent
from calls.operations.webhook_delivery import REST, claim, record_attempt, sweep_webhooks
from calls.operations.webhook_events import tell_webhooks
from calls.operations.webhooks import Wanted, create_webhook
from calls.queries.webhook_events import of_submission
from calls.webhooks.posting import Answer

ADDRESS = "https://hooks.example.org/cooperation-portal"
TAKEN = Answer(204, "")
BROKEN = Answer(503, "Demonstration: the case system is being moved to another server.")


def load_webhook(people: People, *, at: datetime) -> int:
    """Tell of the first and of the last submission to the round that is scored; return how many events."""
    call = Call.objects.get(slug="icld-demonstration")
    heard = [WebhookEvent.APPLICATION_SUBMITTED.value, WebhookEvent.RESULTS_PUBLISHED.value]
    wanted = Wanted(ADDRESS, "Case system of the programme office", heard)
    create_webhook(programme=call.programme, wanted=wanted, by=people[RECOMMENDS], at=call.opens_at)
    sealed = Snapshot.objects.filter(application__call=call, number=1).order_by("received_at")
    sealed = sealed.select_related("application__lead__city", "application__call__programme")
    for snapshot, answer in zip((sealed[0], sealed.reverse()[0]), (TAKEN, BROKEN), strict=True):
        _deliver(_put_down(snapshot), answer)
    sweep_webhooks(at=at)
    return 2


def _put_down(snapshot: Snapshot) -> WebhookDelivery:
    application = snapshot.application
    tell_webhooks(
        WebhookEvent.APPLICATION_SUBMITTED,
        programme_id=application.call.programme_id,
        cause=f"{application.reference}:{snapshot.number}",
        data=lambda: of_submission(application, snapshot),
        at=snapshot.received_at,
    )
    return WebhookDelivery.objects.get(state=DeliveryState.WAITING)


def _deliver(delivery: WebhookDelivery, answer: Answer) -> None:
    """Attempt after attempt, until it arrives or the portal pauses the webhook."""
    moment = delivery.created_at
    while claimed := claim(at=moment):
        record_attempt(claimed, answer, "", 180 + 7 * claimed.attempts, moment)
        claimed.refresh_from_db()
        moment = max(claimed.not_before, moment + REST)
