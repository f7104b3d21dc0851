"""Putting events down for the programme's webhooks, in the very transaction of what happens."""

import json
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

import structlog
from celery import current_app
from django.db import connection, transaction

from calls.models import WebhookDelivery, WebhookEndpoint
from calls.models.webhook import TEST_EVENT, WebhookEvent

# The number of an event follows from what happened, so that the same thing told twice is one event.
EVENTS = UUID("6f0c6a4e-4a5b-5d6b-9f57-0d4bb1f0a9c2")
PAUSE_AFTER_REFUSAL = 30.0  # seconds without a nudge after the broker did not take one
logger = structlog.get_logger("portal.webhooks")


def tell_webhooks(
    event: WebhookEvent,
    *,
    programme_id: int,
    cause: str,
    data: Callable[[], Mapping[str, Any]],
    at: datetime,
) -> int:
    """Put an event down for each endpoint of the programme that hears of it; return how many were written.

    `cause` names what happened, such as a reference and the number of a submission. One query where nobody
    listens; `data` is only asked for where somebody does. An endpoint that is paused gets it when it resumes.
    """
    return tell_webhooks_of_each(event, programme_id=programme_id, told=lambda: {cause: data()}, at=at)


def tell_webhooks_of_each(
    event: WebhookEvent,
    *,
    programme_id: int,
    told: Callable[[], Mapping[str, Mapping[str, Any]]],
    at: datetime,
) -> int:
    """Several events of one kind, as {cause: data}: two queries, however many."""
    listening = WebhookEndpoint.objects.filter(
        programme=programme_id, active=True, events__contains=[event.value]
    )
    endpoints = list(listening.values_list("pk", flat=True))
    if not endpoints:
        return 0
    rows = [
        _delivery(
            endpoint, uuid5(EVENTS, f"{event.value}:{cause}"), event.value, _body(event.value, at, data), at
        )
        for cause, data in told().items()
        for endpoint in endpoints
    ]
    WebhookDelivery.objects.bulk_create(rows, ignore_conflicts=True)
    nudge_after_commit()
    return len(rows)


def write_test(endpoint: WebhookEndpoint, at: datetime) -> WebhookDelivery:
    """A test event for one endpoint alone."""
    body = _body(TEST_EVENT, at, {"programme": endpoint.programme.code})
    row = _delivery(endpoint.pk, uuid4(), TEST_EVENT, body, at)
    row.save(force_insert=True)
    nudge_after_commit()
    return row


def _delivery(endpoint_id: int, event_id: UUID, event: str, body: str, at: datetime) -> WebhookDelivery:
    return WebhookDelivery(
        endpoint_id=endpoint_id, event_id=event_id, event=event, body=body, created_at=at, not_before=at
    )


def _body(event: str, at: datetime, data: Mapping[str, Any]) -> str:
    """The payload of Standard Webhooks: type, timestamp, data. Kept as text: these bytes are signed."""
    return json.dumps({"type": event, "timestamp": at.isoformat(), "data": data}, ensure_ascii=False)


def nudge_after_commit() -> None:
    """One nudge a transaction; delivery never depends on it."""
    if not any(hook[1] is _nudge for hook in connection.run_on_commit):
        transaction.on_commit(_nudge, robust=True)


def _nudge() -> None:
    """Ask a worker to deliver now. After a broker that did not answer, ask nobody for a while."""
    global _asked_again_at
    if time.monotonic() < _asked_again_at:
        return
    try:
        # by name: the task stands above the operations
        current_app.send_task("calls.deliver_webhooks", expires=25, retry=False)
    except Exception as error:
        _asked_again_at = time.monotonic() + PAUSE_AFTER_REFUSAL
        logger.warning("worker not asked", error=type(error).__name__)


_asked_again_at = 0.0
