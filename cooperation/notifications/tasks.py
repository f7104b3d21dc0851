"""Thin tasks: the sweep that keeps mail flowing."""

from celery import shared_task

from cooperation.notifications.delivery import deliver_due


@shared_task(name="notifications.sweep")
def sweep() -> int:
    """Deliver what is due. Two sweeps at once are harmless: rows are leased, the second finds none."""
    return deliver_due(seconds=40)
