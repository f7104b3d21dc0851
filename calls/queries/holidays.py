"""Public holidays where a call's deadline is counted."""

from datetime import date
from functools import cache
from pathlib import Path
from zoneinfo import TZPATH

import holidays
from django.utils.translation import get_language


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


def holiday_on(day: date, country: str) -> str:
    """The name of the public holiday, in the reader's language where it is known; empty on other days."""
    if country not in holidays.list_supported_countries():
        return ""
    language = get_language() or "en"
    kept = holidays.country_holidays(country, years=day.year)
    spoken = {code.partition("_")[0]: code for code in kept.supported_languages}
    named = spoken.get(language.partition("-")[0]) or spoken.get("en")
    return str(holidays.country_holidays(country, years=day.year, language=named).get(day, ""))
