"""Deliver due webhooks without any broker: for cron, and for a look at what happens."""

from typing import Any

from django.core.management.base import BaseCommand

from calls.operations.webhook_delivery import deliver_webhooks


class Command(BaseCommand):
    help = "Deliver due webhooks now, for about twenty seconds."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{deliver_webhooks()} delivered.")
