"""Verify the history: nothing in it was changed, taken out or slipped in since it was sealed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cooperation.history.models import HistorySeal
from cooperation.history.sealing import Broken, verify_chain


class Command(BaseCommand):
    help = "Computes every seal of the history again. Says what does not agree and ends with 1, else with 0."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--expect",
            metavar="NUMBER:SHA256",
            action="append",
            default=[],
            help="A seal that was kept elsewhere; it gives away a chain that was made anew.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = verify_chain()
            for kept in options["expect"]:
                _check_kept(kept)
        except Broken as broken:
            raise CommandError(f"The history does not agree. {broken}") from broken
        if found.newest is None:
            self.stdout.write(f"No seal yet; {found.waiting} entries wait for one.")
            return
        self.stdout.write(
            f"The history agrees: {found.entries} entries in {found.seals} seals, {found.waiting} more wait. "
            f"Newest seal: {found.newest}"
        )


def _check_kept(kept: str) -> None:
    """Raise Broken unless the seal is there as it was kept."""
    number, _colon, sha256 = kept.partition(":")
    if not number.isdecimal() or not sha256:
        raise CommandError(f"“{kept}” is no seal. Give it as it was printed: number:sha256.")
    seal = HistorySeal.objects.filter(number=int(number)).first()
    if seal is None:
        raise Broken(f"Seal {number}, kept elsewhere, is missing here.")
    if seal.sha256 != sha256.strip().lower():
        raise Broken(f"Seal {number} is not the one kept elsewhere: the chain was made anew.")
