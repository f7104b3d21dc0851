"""Public holidays where a call's deadline is counted."""

from collections.abc import Container
from datetime import date
from functools import cache
from pathlib import Path
from typing import cast
from zoneinfo import TZPATH

import holidays
from django.utils.translation import get_language

KEPT = ("public", "de_facto")  # sorts of free days, as the library calls them


@cache
def _countries() -> dict[str, str]:
    """Zone -> country, from the list that comes with the time zones; empty where a system has none."""
    table = next((path for folder in TZPATH if (path := Path(folder, "zone.tab")).is_file()), None)
    lines = table.read_text(encoding="utf-8").splitlines() if table else []
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return {row[2]: row[0] for row in rows if len(row) > 2}


def country_of_zone(zone: str) -> str:
    """The country of a zone's city, such as SE for Europe/Stockholm; empty where it has none."""
    return _countries().get(zone, "")


def free_days(country: str) -> Container[date]:
    """Public holidays of a country, and days that are kept like one, such as Midsummer Eve in Sweden.

    None where a country's are not known.
    """
    return cast(Container[date], _kept(country)) if _is_known(country) else frozenset()


def holiday_on(day: date, country: str) -> str:
    """The name of such a day, in the reader's language where it is known; empty on other days."""
    if not _is_known(country):
        return ""
    language = get_language() or "en"
    spoken = {code.partition("_")[0]: code for code in _kept(country).supported_languages}
    named = spoken.get(language.partition("-")[0]) or spoken.get("en")
    return str(_kept(country, named).get(day, ""))


def _is_known(country: str) -> bool:
    return country in holidays.list_supported_countries()


def _kept(country: str, language: str | None = None) -> holidays.HolidayBase:
    offered = holidays.country_holidays(country).supported_categories
    categories = tuple(name for name in KEPT if name in offered)
    return holidays.country_holidays(country, categories=categories, language=language)
