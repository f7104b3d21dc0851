"""Compute pairing runs again from what they froze, and compare."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from calls.models import PairingRun
from calls.models.pairing import RunState
from calls.operations.pairing_again import differences
from calls.operations.pairing_child import SolverStopped


class Command(BaseCommand):
    help = "Computes pairing runs again from their frozen input, checks proof and result, to the bit."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--call", help="Slug of a call; without it, every call's runs.")
        parser.add_argument("--run", type=int, help="Number of one run of the call.")

    def handle(self, *args: Any, **options: Any) -> None:
        runs = (
            PairingRun.objects.filter(state=RunState.DONE).select_related("call").order_by("call", "number")
        )
        if options["call"]:
            runs = runs.filter(call__slug=options["call"])
        if options["run"]:
            runs = runs.filter(number=options["run"])
        if not runs:
            raise CommandError("There is no such finished run.")
        wrong = [run for run in runs.iterator(chunk_size=1) if not self._as_kept(run)]
        if wrong:
            raise CommandError(f"{len(wrong)} of {runs.count()} runs are not as they were kept.")

    def _as_kept(self, run: PairingRun) -> bool:
        name = f"{run.call.slug} {run.number}"
        try:
            found = differences(run)
        except SolverStopped as stopped:
            found = [f"it could not be computed again ({stopped.code} {stopped.detail})"]
        if found:
            self.stderr.write(f"{name}: {'; '.join(found)}.")
        else:
            self.stdout.write(f"{name} is as kept. Input {run.input_sha256}, {run.engine_version}.")
        return not found
