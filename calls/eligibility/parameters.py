"""Checks of a rule's parameters. Each takes a value and returns a problem code, or None."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

Check = Callable[[Any], str | None]

ORGANISATION_KINDS = (
    "municipality",
    "region",
    "federation",
    "university",
    "civil_society",
    "metropolitan_body",
)


def matching(pattern: str) -> Check:
    """Text of one form."""

    def check(value: Any) -> str | None:
        return None if isinstance(value, str) and re.fullmatch(pattern, value) else "malformed"

    return check


def one_of(choices: Collection[str]) -> Check:
    """One of a few words."""

    def check(value: Any) -> str | None:
        return None if isinstance(value, str) and value in choices else "not_a_choice"

    return check


def list_of(item: Check, *, empty: bool = False) -> Check:
    """A list without repetition, each item checked; empty only where that has a meaning."""

    def check(value: Any) -> str | None:
        if not isinstance(value, list | tuple):
            return "not_a_list"
        if not value and not empty:
            return "empty"
        problem = next((found for entry in value if (found := item(entry))), None)
        return problem or ("repeated" if len(set(value)) < len(value) else None)

    return check


def whole(least: int = 0) -> Check:
    """A whole number of at least `least`."""

    def check(value: Any) -> str | None:
        if not isinstance(value, int) or isinstance(value, bool):
            return "not_a_whole_number"
        return "too_small" if value < least else None

    return check


def number(value: Any) -> str | None:
    """A number that is not negative."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return "not_a_number"
    return "too_small" if value < 0 else None


def flag(value: Any) -> str | None:
    """True or false."""
    return None if isinstance(value, bool) else "not_a_flag"


def percent(value: Any) -> str | None:
    """A number from 0 to 100."""
    return number(value) or ("too_large" if value > 100 else None)


def or_none(check: Check) -> Check:
    """The value may be left open."""

    def open_check(value: Any) -> str | None:
        return None if value is None else check(value)

    return open_check


def cap_rows(value: Any) -> str | None:
    """Rows of a table of caps: countries, number of parties, maximum; no country twice for one size."""
    if not isinstance(value, list) or not value:
        return "empty"
    expected = {"countries": countries, "parties": whole(1), "maximum": number}
    for row in value:
        if not isinstance(row, Mapping) or set(row) != set(expected):
            return "malformed"
        if problem := next((found for key, check in expected.items() if (found := check(row[key]))), None):
            return problem
    places = sorted((row["parties"], country) for row in value for country in row["countries"])
    return "repeated" if any(one == other for one, other in pairwise(places)) else None


def bounds(parameters: Mapping[str, Any]) -> list[str]:
    """A range needs at least one end, and its ends in order."""
    least, most = parameters["minimum"], parameters["maximum"]
    if least is None and most is None:
        return ["minimum:no_bound"]
    if least is not None and most is not None and least > most:
        return ["minimum:above_maximum"]
    return []


def exact(value: int | float) -> Decimal:
    """A JSON number as the decimal its author wrote: 0.1 is one tenth."""
    return Decimal(str(value))


country = matching(r"[A-Z]{2}")
countries = list_of(country)
slug = matching(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
currency = matching(r"[A-Z]{3}")
organisation_kinds = list_of(one_of(ORGANISATION_KINDS))
