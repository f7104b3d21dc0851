"""Thin tasks: the sweep that keeps mail flowing, and the gathering of what is held for digests."""

import structlog
from celery import shared_task
from django.db import OperationalError

from cooperation.notifications.delivery import deliver_due
from cooperation.notifications.floods import calm_floods
from cooperation.notifications.gathering import gather
from cooperation.web.clock import database_now

logger = structlog.get_logger("portal.outbox")


@shared_task(name="notifications.sweep")
def sweep() -> int:
    """Deliver what is due. Two sweeps at once are harmless: rows are leased, the second finds none."""
    try:
        calm_floods(at=database_now())
    except OperationalError as error:  # such as a lock: three mails too many are no reason for none
        logger.warning("floods not calmed", error=type(error).__name__)
    return deliver_due(seconds=40)


@shared_task(name="notifications.gather")
def gather_digests() -> int:
    """Gather what is held and due. Two at once are harmless: a reader is gathered for by one alone."""
    return gather(at=database_now())
