"""Deliver the outbox without any broker: for cron, or when the broker is down."""

from typing import Any

from django.core.management.base import BaseCommand

from cooperation.notifications.delivery import deliver_due


class Command(BaseCommand):
    help = "Sends what is due in the outbox and says how many messages went out."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{deliver_due()} sent")
