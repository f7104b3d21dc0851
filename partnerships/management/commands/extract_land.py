"""Make partnerships/data/land.json.gz again from Natural Earth's land as packed by world-atlas.

The source is needed only here, so it is no dependency of the portal:

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz package/land-110m.json
    python manage.py extract_land --source package/land-110m.json
"""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from partnerships.data import coastlines


class Command(BaseCommand):
    """Thin: reads options, says what happened."""

    help = "Project world-atlas' land-110m.json to Equal Earth for the server-drawn map."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--source", type=Path, required=True, help="world-atlas' land-110m.json")
        parser.add_argument("--output", type=Path, default=coastlines.LAND, help="default: in place")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError when the source is no such file."""
        try:
            topology = json.loads(options["source"].read_text())
            land = coastlines.project(topology)
        except (OSError, ValueError, KeyError) as problem:
            raise CommandError(
                f"{options['source']} is not world-atlas' land-110m.json: {problem}"
            ) from problem
        count = coastlines.write_compressed(land, options["output"])
        self.stdout.write(f"{count} coastlines written to {options['output']}")
