"""Deliver the outbox without any broker: for cron, or when the broker is down."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from cooperation.notifications.delivery import deliver_due
from cooperation.notifications.floods import calm_floods
from cooperation.notifications.gathering import gather
from cooperation.notifications.models import Message, MessageState
from cooperation.web.clock import database_now


class Command(BaseCommand):
    help = "Sends what is due in the outbox. Two at once, or one beside a worker, send nothing twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--until-empty", action="store_true", help="Go on until a round sends nothing more."
        )
        parser.add_argument(
            "--loop", type=float, metavar="SECONDS", help="Begin again after so many seconds, until stopped."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """One round; with --until-empty as many as send something; with --loop without end."""
        while True:
            sent = _round()
            while options["until_empty"] and (more := _round()):
                sent += more
            self._say(sent)
            if options["loop"] is None:
                return
            time.sleep(max(options["loop"], 1))

    def _say(self, sent: int) -> None:
        counts = Message.objects.filter(state__in=[MessageState.DEAD, MessageState.WAITING])
        dead = counts.filter(state=MessageState.DEAD).count()
        waiting = counts.filter(state=MessageState.WAITING).count()
        self.stdout.write(f"{sent} sent, {dead} dead, {waiting} waiting")


def _round() -> int:
    at = database_now()
    gather(at=at)
    calm_floods(at=at)
    return deliver_due()
