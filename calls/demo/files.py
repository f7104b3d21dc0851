"""The demo world's files, and cities found the way the files name them."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from partnerships.models import City
from partnerships.operations.cities import read_extra_cities

DATA = Path(__file__).resolve().parent / "data"


def read_toml(name: str) -> dict[str, Any]:
    """One TOML file of the demo's data folder."""
    with (DATA / name).open("rb") as file:
        return tomllib.load(file)


class Register:
    """Cities by GeoNames id, or by the hint under which the extra cities are listed."""

    def __init__(self) -> None:
        self.extra = {row.hint: (row, kind) for row, kind in read_extra_cities(DATA / "extra_cities.csv")}
        self._found: dict[int | str, City] = {}

    def city(self, key: int | str) -> City:
        """A city by GeoNames id or hint. Raises City.DoesNotExist naming the key."""
        if key not in self._found:
            self._found[key] = self._find(key)
        return self._found[key]

    def kind(self, key: int | str) -> str:
        """The kind of a city's government: "municipality" unless the extra cities say otherwise."""
        return self.extra[key][1] if isinstance(key, str) else "municipality"

    def named_by(self, row: Mapping[str, Any]) -> City | None:
        """The city that a row names with `geonameid` or `extra`, or None when it names none."""
        key = row.get("geonameid") or row.get("extra")
        return self.city(key) if key else None

    def _find(self, key: int | str) -> City:
        if isinstance(key, int):
            found = City.objects.filter(geonames_id=key).first()
        else:
            country = self.extra[key][0].country if key in self.extra else ""
            found = City.objects.filter(slug=f"{key}-{country.lower()}").first()
        if found is None:
            raise City.DoesNotExist(f"no city {key!r} in the register")
        return found
