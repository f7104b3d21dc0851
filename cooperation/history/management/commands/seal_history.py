"""Seal the history now: for cron, or before a backup."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from cooperation.history.sealing import seal_entries


class Command(BaseCommand):
    help = "Seals the entries of the history that have no seal yet, and prints the seal."

    def handle(self, *args: Any, **options: Any) -> None:
        seal = seal_entries(at=timezone.now())
        told = f"Sealed {seal.entries} entries: {seal}" if seal else "Nothing waits for a seal."
        self.stdout.write(told)
