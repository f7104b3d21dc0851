"""Load the demo world into an empty portal."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from calls.demo.world import load_world
from calls.queries.clock import database_now


class Command(BaseCommand):
    help = "Loads the demo world into an empty portal; does nothing when programmes are there."

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.DEMO or settings.DEBUG or settings.TESTING):
            raise CommandError("The demo's people share a published password. Set DEMO=1 to load them.")

        def say(line: str) -> None:
            self.stdout.write(line)
            self.stdout.flush()

        if not load_world(at=database_now(), say=say):
            say("The portal has programmes already; the demo world was not loaded again.")
