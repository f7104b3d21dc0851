"""Compile the message catalogues with polib, so that no gettext tools are needed on the machine."""

from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = "Compiles locale/*/LC_MESSAGES/*.po whose .mo is missing or older."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--force", action="store_true", help="Compile also what is up to date.")

    def handle(self, *args: Any, **options: Any) -> None:
        sources = [path for root in settings.LOCALE_PATHS for path in Path(root).glob("*/LC_MESSAGES/*.po")]
        compiled = [path for path in sources if options["force"] or _is_stale(path)]
        for path in compiled:
            _with_singulars(polib.pofile(str(path))).save_as_mofile(str(path.with_suffix(".mo")))
        self.stdout.write(f"{len(compiled)} of {len(sources)} catalogues compiled")


def _with_singulars(catalogue: polib.POFile) -> polib.POFile:
    """With the singular of every plural as a message of its own.

    "project" stands once in a catalogue, also where one text counts projects and another names the kind;
    older Pythons find it only when it is counted.
    """
    for entry in [row for row in catalogue if row.msgid_plural and row.translated() and not row.obsolete]:
        catalogue.append(
            polib.POEntry(msgid=entry.msgid, msgctxt=entry.msgctxt, msgstr=entry.msgstr_plural[0])
        )
    return catalogue


def _is_stale(source: Path) -> bool:
    target = source.with_suffix(".mo")
    return not target.exists() or target.stat().st_mtime < source.stat().st_mtime
