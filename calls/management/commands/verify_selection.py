"""Compute a selection again from what it froze, and compare."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from calls.models import SelectionRun
from calls.operations.selecting import differences


class Command(BaseCommand):
    help = "Computes a selection again from its frozen input, checks its proof, and compares it to the byte."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", type=int, help="The selection's id, as its page shows it.")

    def handle(self, *args: Any, **options: Any) -> None:
        run = SelectionRun.objects.filter(pk=options["id"]).first()
        if run is None:
            raise CommandError(f"There is no selection {options['id']}.")
        if found := differences(run):
            raise CommandError("; ".join(found))
        self.stdout.write(
            f"Selection {run.pk} is as kept. Input {run.input_sha256}, engine {run.engine_version}."
        )
