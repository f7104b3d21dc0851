"""Delivering webhooks: claim by lease, sign, send once, put down what came back. Usable without any broker.

1. Leases that ended wait again: a sender died, and the receiver knows the number of the event.
2. One delivery at a time is claimed in a short transaction, of endpoints that answer first.
3. The request has ten seconds in all; an endpoint that fails rests, and the rest goes out.
4. What came back is logged, and decides: delivered, tried again over days, given up, the endpoint paused.
"""

import random
import ssl
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from calls.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from calls.models.webhook import DeliveryState
from calls.webhooks.addresses import NotReachable, Reach
from calls.webhooks.posting import Answer, TooSlow, post
from calls.webhooks.signing import headers_of
from cooperation.web.clock import database_now

LEASE = timedelta(seconds=60)
# After so many attempts, about so long; the whole takes four days. Source: Standard Webhooks, "retries".
WAITS = (
    *(timedelta(seconds=30), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2)),
    *(timedelta(hours=5), timedelta(hours=10), timedelta(hours=14), timedelta(hours=20)),
    *(timedelta(hours=22), timedelta(hours=24)),
)
MOST_ATTEMPTS = len(WAITS) + 1
REST = timedelta(seconds=30)  # of an endpoint after a failure; then one delivery asks whether it is back
PAUSED_AFTER = timedelta(days=3)  # of nothing but failures
GIVEN_UP_AFTER = timedelta(days=14)  # also while the endpoint is paused
LOG_KEPT = timedelta(days=90)
LONGEST_REASON = 300  # characters
KEPT_OF_ANSWER = 500  # characters
GONE = 410
Clock = Callable[[], datetime]
logger = structlog.get_logger("portal.webhooks")


def reach_now() -> Reach:
    """What the settings let webhooks reach."""
    return Reach(
        plain=settings.WEBHOOKS_MAY_BE_PLAIN,
        private=settings.WEBHOOKS_MAY_REACH_PRIVATE,
        ports=frozenset(settings.WEBHOOKS_PORTS),
    )


def deliver_webhooks(*, clock: Clock = database_now, seconds: float = 20.0) -> int:
    """Send what is due, for about so many seconds; return how many were delivered."""
    settle_expired_leases(at=clock())
    ends = time.monotonic() + seconds
    delivered = 0
    while time.monotonic() < ends and (delivery := claim(at=clock())):
        delivered += _deliver(delivery, clock)
    return delivered


@transaction.atomic
def settle_expired_leases(*, at: datetime) -> int:
    """What a sender that died left behind waits again, unless it stopped too many; how many do."""
    # A lease longer than any that is given was taken while the clock was wrong.
    ended = Q(lease_until__lt=at) | Q(lease_until__gt=at + 2 * LEASE)
    expired = WebhookDelivery.objects.filter(ended, state=DeliveryState.SENDING)
    free = {"lease_until": None, "lease_token": None}
    expired.filter(attempts__gte=MOST_ATTEMPTS).update(
        state=DeliveryState.DEAD, finished_at=at, last_error="It stopped every sender that took it.", **free
    )
    return expired.update(state=DeliveryState.WAITING, **free)


@transaction.atomic
def claim(*, at: datetime) -> WebhookDelivery | None:
    """The next due delivery, leased; None when nothing is due. Others' claims are passed over."""
    rows = WebhookDelivery.objects.select_for_update(of=("self",), skip_locked=True)
    due = rows.select_related("endpoint").filter(
        state=DeliveryState.WAITING,
        not_before__lte=at,
        endpoint__active=True,
        endpoint__paused_at__isnull=True,
    )
    rested = due.exclude(endpoint__quiet_until__gt=at)
    delivery = rested.order_by(F("endpoint__failing_since").asc(nulls_first=True), "not_before", "pk").first()
    if delivery is None:
        return None
    if delivery.endpoint.failing_since:
        # one asks whether it is back; the others wait, in this worker and in all others
        WebhookEndpoint.objects.filter(pk=delivery.endpoint_id).update(quiet_until=at + REST)
    delivery.state, delivery.attempts = DeliveryState.SENDING, delivery.attempts + 1
    delivery.lease_until, delivery.lease_token = at + LEASE, uuid4()
    delivery.save(update_fields=["state", "attempts", "lease_until", "lease_token"])
    return delivery


def _deliver(delivery: WebhookDelivery, clock: Clock) -> bool:
    """One attempt. What stops this process is raised: the lease ends, and the event is sent again."""
    at, started = clock(), time.monotonic()
    answer, error = None, ""
    try:
        answer = _send(delivery, at)
    except (SoftTimeLimitExceeded, DatabaseError):
        raise
    except Exception as problem:  # whatever a strange server does, the rest goes out
        error = _worded(problem)
    took = round((time.monotonic() - started) * 1000)
    done = record_attempt(delivery, answer, error, took, clock())
    if not done:
        logger.warning("webhook not delivered", delivery=delivery.pk, endpoint=delivery.endpoint_id)
    return done


def _send(delivery: WebhookDelivery, at: datetime) -> Answer:
    endpoint, body = delivery.endpoint, delivery.body.encode()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "CooperationPortal-Webhooks/1",
        **headers_of(valid_secrets(endpoint, at), delivery.message_id, at, body),
    }
    return post(endpoint.url, body, headers, reach=reach_now(), seconds=settings.WEBHOOKS_SECONDS)


def valid_secrets(endpoint: WebhookEndpoint, at: datetime) -> list[str]:
    """The secret, and the former one while its receiver may still know that one alone."""
    still = endpoint.former_until and at < endpoint.former_until
    return [endpoint.secret, endpoint.former_secret] if still else [endpoint.secret]


def _worded(problem: Exception) -> str:
    """Why nothing came back, for the log; never with the contents or the secret."""
    if isinstance(problem, TooSlow):
        return f"No whole answer within {settings.WEBHOOKS_SECONDS:g} seconds."
    if isinstance(problem, NotReachable):
        return f"This portal sends nothing there ({problem})."[:LONGEST_REASON]
    kind = "TLS" if isinstance(problem, ssl.SSLError) else type(problem).__name__
    return f"{kind}: {problem}".replace("\x00", "")[:LONGEST_REASON]


@transaction.atomic
def record_attempt(
    delivery: WebhookDelivery, answer: Answer | None, error: str, milliseconds: int, at: datetime
) -> bool:
    """Log the attempt and settle the delivery, while the lease is ours; True when it is delivered."""
    done = answer is not None and 200 <= answer.status < 300
    reason = "" if done else error or f"The server answered {answer.status if answer else ''}."
    WebhookAttempt.objects.create(
        delivery=delivery,
        at=at,
        status=answer.status if answer else None,
        milliseconds=milliseconds,
        error=error,
        answer=answer.text[:KEPT_OF_ANSWER] if answer else "",
    )
    if not _settle(delivery, done, reason, at):
        return done
    endpoint = WebhookEndpoint.objects.filter(pk=delivery.endpoint_id)
    if done:
        endpoint.exclude(failing_since=None).update(failing_since=None, quiet_until=None)
        return True
    endpoint.update(failing_since=Coalesce("failing_since", at), quiet_until=at + REST)
    _pause_if_hopeless(delivery.endpoint_id, answer, reason, at)
    return False


def _settle(delivery: WebhookDelivery, done: bool, reason: str, at: datetime) -> bool:
    final = done or delivery.attempts >= MOST_ATTEMPTS
    state = DeliveryState.DEAD if final else DeliveryState.WAITING
    ours = WebhookDelivery.objects.filter(
        pk=delivery.pk, state=DeliveryState.SENDING, lease_token=delivery.lease_token
    )
    return bool(
        ours.update(
            state=DeliveryState.DELIVERED if done else state,
            not_before=at if final else at + wait_after(delivery.attempts),
            finished_at=at if final else None,
            last_error=reason,
            lease_until=None,
            lease_token=None,
        )
    )


def wait_after(attempts: int) -> timedelta:
    """How long a delivery waits after so many attempts: half a minute to a day, with jitter."""
    wait = WAITS[min(attempts, len(WAITS)) - 1]
    return wait * (0.85 + random.random() * 0.3)  # noqa: S311 - jitter, not a secret


def _pause_if_hopeless(endpoint_id: int, answer: Answer | None, reason: str, at: datetime) -> None:
    """Pause an endpoint that says it is gone, or that has failed for days. Staff see it on their queue."""
    unpaused = WebhookEndpoint.objects.filter(pk=endpoint_id, paused_at__isnull=True)
    if answer and answer.status == GONE:
        unpaused.update(paused_at=at, pause_reason="The server answered 410: nobody is there any more.")
    else:
        failing = unpaused.filter(failing_since__lte=at - PAUSED_AFTER)
        failing.update(paused_at=at, pause_reason=f"It failed for days. {reason}"[:LONGEST_REASON])


def sweep_webhooks(*, at: datetime) -> int:
    """Give up what waited for two weeks, forget what was finished three months ago; how many it forgot."""
    waiting = WebhookDelivery.objects.filter(state=DeliveryState.WAITING, created_at__lt=at - GIVEN_UP_AFTER)
    waiting.update(state=DeliveryState.DEAD, finished_at=at, last_error="It waited for two weeks.")
    old = WebhookDelivery.objects.filter(finished_at__lt=at - LOG_KEPT)
    return old.delete()[1].get("calls.WebhookDelivery", 0)
