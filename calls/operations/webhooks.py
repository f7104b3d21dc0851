"""Setting up a programme's webhooks: who hears of what, secrets, pauses, and single deliveries.

Everything here is for staff who set up and publish calls.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from calls.access import require_call_staff
from calls.models import Programme, WebhookDelivery, WebhookEndpoint
from calls.models.webhook import DeliveryState
from calls.operations.overtaking import Overtaken
from calls.operations.status import NotPossible
from calls.operations.webhook_delivery import reach_now
from calls.operations.webhook_events import nudge_after_commit, write_test
from calls.queries.webhooks import word_why
from calls.webhooks.addresses import NotReachable, target_of
from calls.webhooks.signing import new_secret
from cooperation.accounts.models import User

MOST_OF_A_PROGRAMME = 10
BOTH_VALID = timedelta(days=2)  # after a change of the secret


@dataclass(frozen=True)
class Wanted:
    """What an endpoint is, as staff fill it in."""

    url: str
    description: str
    events: Sequence[str]
    active: bool = True


@transaction.atomic
def create_webhook(*, programme: Programme, wanted: Wanted, by: User, at: datetime) -> WebhookEndpoint:
    """A new endpoint; its secret is shown once, to whoever made it. Raises NotAllowed, NotPossible."""
    require_call_staff(by)
    _require_sendable(wanted.url)
    held = Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    if held.webhooks.count() >= MOST_OF_A_PROGRAMME:
        raise NotPossible(
            _("A programme has %(most)d webhooks at most. Change one that is there.")
            % {"most": MOST_OF_A_PROGRAMME}
        )
    return WebhookEndpoint.objects.create(
        programme=held,
        url=wanted.url,
        description=wanted.description,
        events=list(wanted.events),
        active=wanted.active,
        secret=new_secret(),
        created_at=at,
        created_by=by,
    )


@transaction.atomic
def change_webhook(*, endpoint: WebhookEndpoint, wanted: Wanted, version: int, by: User) -> WebhookEndpoint:
    """Raises NotAllowed, NotPossible; Overtaken when somebody changed it after the page was opened."""
    current = _lock(endpoint, by)
    if version != current.version:
        raise Overtaken(_("Somebody changed this webhook after you opened the page. Nothing was saved."))
    _require_sendable(wanted.url)
    current.url, current.description = wanted.url, wanted.description
    current.events, current.active = list(wanted.events), wanted.active
    current.version += 1
    current.save(update_fields=["url", "description", "events", "active", "version"])
    return current


@transaction.atomic
def change_secret(*, endpoint: WebhookEndpoint, by: User, at: datetime) -> WebhookEndpoint:
    """A new secret; the one before signs, too, for two days. Raises NotPossible while one before does."""
    current = _lock(endpoint, by)
    if current.former_until and at < current.former_until:
        raise NotPossible(
            _("The secret was changed a moment ago, and the one before still signs. End that one first.")
        )
    current.former_secret, current.former_until = current.secret, at + BOTH_VALID
    current.secret = new_secret()
    current.version += 1
    current.save(update_fields=["secret", "former_secret", "former_until", "version"])
    return current


@transaction.atomic
def end_former_secret(*, endpoint: WebhookEndpoint, by: User) -> None:
    """Sign with the new secret alone from now on: the receiver knows it, or the old one leaked."""
    current = _lock(endpoint, by)
    current.former_secret, current.former_until = "", None
    current.save(update_fields=["former_secret", "former_until"])


@transaction.atomic
def resume_webhook(*, endpoint: WebhookEndpoint, by: User) -> None:
    """Send again what waited while the endpoint was paused. Raises NotPossible for one that is not."""
    current = _lock(endpoint, by)
    if current.paused_at is None:
        raise NotPossible(_("This webhook is not paused."))
    current.paused_at, current.pause_reason = None, ""
    current.failing_since = current.quiet_until = None
    current.save(update_fields=["paused_at", "pause_reason", "failing_since", "quiet_until"])
    nudge_after_commit()


@transaction.atomic
def send_test(*, endpoint: WebhookEndpoint, by: User, at: datetime) -> WebhookDelivery:
    """Put a test event down for this endpoint. Raises NotPossible while nothing is sent to it."""
    current = _lock(endpoint, by)
    if current.paused_at or not current.active:
        raise NotPossible(_("Nothing is sent to this webhook now. Switch it on, or resume it, first."))
    if current.deliveries.filter(event="webhook.test", state=DeliveryState.WAITING).exists():
        raise NotPossible(_("A test event waits already. Look at its attempts below."))
    return write_test(current, at)


@transaction.atomic
def retry_delivery(*, delivery: WebhookDelivery, by: User, at: datetime) -> None:
    """Try once more now, whatever became of it before. Raises NotPossible for what is under way or done."""
    require_call_staff(by)
    current = WebhookDelivery.objects.select_for_update(no_key=True).get(pk=delivery.pk)
    if current.state in (DeliveryState.SENDING, DeliveryState.DELIVERED):
        raise NotPossible(_("This event is “%(state)s”.") % {"state": current.get_state_display()})
    current.state, current.not_before, current.finished_at = DeliveryState.WAITING, at, None
    current.attempts = 0
    current.save(update_fields=["state", "not_before", "finished_at", "attempts"])
    WebhookEndpoint.objects.filter(pk=current.endpoint_id).update(quiet_until=None)
    nudge_after_commit()


@transaction.atomic
def cancel_delivery(*, delivery: WebhookDelivery, by: User, at: datetime) -> None:
    """Send it no more; what was given up is off the queue of staff. Raises NotPossible for what is over."""
    require_call_staff(by)
    current = WebhookDelivery.objects.select_for_update(no_key=True).get(pk=delivery.pk)
    if current.state not in (DeliveryState.WAITING, DeliveryState.DEAD):
        raise NotPossible(_("This event is “%(state)s”.") % {"state": current.get_state_display()})
    current.state, current.finished_at = DeliveryState.CANCELLED, at
    current.save(update_fields=["state", "finished_at"])


def _lock(endpoint: WebhookEndpoint, by: User) -> WebhookEndpoint:
    require_call_staff(by)
    rows = WebhookEndpoint.objects.select_related("programme")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=endpoint.pk)


def _require_sendable(url: str) -> None:
    """What can be said without looking the name up; the rest is asked at each attempt."""
    try:
        target_of(url, reach_now())
    except NotReachable as refusal:
        raise NotPossible(word_why(refusal)) from refusal
