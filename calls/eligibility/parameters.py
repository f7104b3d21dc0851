"""A rule's parameters: what each holds, so that a form can ask for it, and what is wrong with a value."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from math import isfinite
from typing import Any

Problem = Callable[[Any], str | None]

ORGANISATION_KINDS = (
    "municipality",
    "region",
    "federation",
    "university",
    "civil_society",
    "metropolitan_body",
)


class Sort(StrEnum):
    """What a parameter holds. Themes, networks, programmes and calls are slugs of the portal's records."""

    COUNTRIES = "countries"
    KINDS = "kinds"
    THEMES = "themes"
    NETWORKS = "networks"
    PROGRAMMES = "programmes"
    CALLS = "calls"
    LANGUAGES = "languages"
    SLUGS = "slugs"
    SLUG = "slug"
    CHOICE = "choice"
    CHOICES = "choices"
    NUMBER = "number"
    WHOLE = "whole"
    PERCENT = "percent"
    CURRENCY = "currency"
    DATE = "date"
    FLAG = "flag"
    ROWS = "rows"


@dataclass(frozen=True)
class Check:
    """One parameter: called with a value it returns a problem code, or None.

    `blank` says that None, or an empty list, has a meaning; it may be left out as well. `choices` are the
    words of a choice, `least` and `most` bound a number, `columns` are the parameters of a table's rows.
    """

    sort: Sort
    problem: Problem
    choices: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    columns: Mapping[str, Check] = field(default_factory=dict)
    blank: bool = False

    def __call__(self, value: Any) -> str | None:
        return self.problem(value)

    @property
    def nothing(self) -> Any:
        """What stands for a blank: an empty list where a list is expected, else None."""
        return [] if self.problem([]) is None else None


def matching(pattern: str) -> Problem:
    """Text of one form."""

    def problem(value: Any) -> str | None:
        return None if isinstance(value, str) and re.fullmatch(pattern, value) else "malformed"

    return problem


def _among(choices: Collection[str]) -> Problem:
    def problem(value: Any) -> str | None:
        return None if isinstance(value, str) and value in choices else "not_a_choice"

    return problem


def list_of(sort: Sort, item: Problem, *, empty: bool = False, choices: tuple[str, ...] = ()) -> Check:
    """A list without repetition, each item checked; empty only where that has a meaning."""

    def problem(value: Any) -> str | None:
        if not isinstance(value, list | tuple):
            return "not_a_list"
        if not value and not empty:
            return "empty"
        found = next((found for entry in value if (found := item(entry))), None)
        return found or ("repeated" if len(set(value)) < len(value) else None)

    return Check(sort, problem, choices, blank=empty)


def one_of(choices: Collection[str]) -> Check:
    """One of a few words."""
    return Check(Sort.CHOICE, _among(choices), tuple(choices))


def some_of(choices: Collection[str]) -> Check:
    """One or more of a few words."""
    return list_of(Sort.CHOICES, _among(choices), choices=tuple(choices))


def whole(least: int = 0, most: int | None = None) -> Check:
    """A whole number of at least `least` and at most `most`."""

    def problem(value: Any) -> str | None:
        if not isinstance(value, int) or isinstance(value, bool):
            return "not_a_whole_number"
        if most is not None and value > most:
            return "too_large"
        return "too_small" if value < least else None

    return Check(Sort.WHOLE, problem, least=least, most=most)


def or_none(check: Check) -> Check:
    """The value may be left open."""
    return replace(check, problem=lambda value: None if value is None else check(value), blank=True)


def or_empty(check: Check) -> Check:
    """The list may be empty."""
    return replace(check, problem=lambda value: None if value == [] else check(value), blank=True)


def rows(columns: Mapping[str, Check]) -> Check:
    """A table with at least one row; every row has every column that may not be blank."""
    needed = {name for name, check in columns.items() if not check.blank}

    def problem(value: Any) -> str | None:
        if not isinstance(value, list) or not value:
            return "empty"
        if any(not isinstance(row, Mapping) or not needed <= set(row) <= set(columns) for row in value):
            return "malformed"
        found = (columns[name](entry) for row in value for name, entry in row.items())
        return next((problem for problem in found if problem), None)

    return Check(Sort.ROWS, problem, columns=columns)


def apart(table: Check, keys: Callable[[Mapping[str, Any]], list[Any]]) -> Check:
    """The table, and no two rows may share one of their `keys`."""

    def problem(value: Any) -> str | None:
        if found := table(value):
            return found
        every = [key for row in value for key in keys(row)]
        return "repeated" if len(set(every)) < len(every) else None

    return replace(table, problem=problem)


def _number(value: Any) -> str | None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return "not_a_number"
    if isinstance(value, float) and not isfinite(value):
        return "not_a_number"
    return "too_small" if value < 0 else None


def _flag(value: Any) -> str | None:
    return None if isinstance(value, bool) else "not_a_flag"


def _percent(value: Any) -> str | None:
    return _number(value) or ("too_large" if value > 100 else None)


def _date(value: Any) -> str | None:
    if matching(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")(value):
        return "not_a_date"
    try:
        date.fromisoformat(value)
    except ValueError:
        return "not_a_date"
    return None


def filled(expects: Mapping[str, Check], parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Sound parameters with what was left out, so that whoever reads them finds every name."""
    whole = {name: check.nothing for name, check in expects.items() if check.blank} | dict(parameters)
    for name, check in expects.items():
        if check.columns:
            whole[name] = [filled(check.columns, row) for row in whole[name]]
    return whole


def bounds(parameters: Mapping[str, Any], least: str = "minimum", most: str = "maximum") -> list[str]:
    """A range needs at least one end, and its ends in order."""
    low, high = parameters[least], parameters[most]
    if low is None and high is None:
        return [f"{least}:no_bound"]
    if low is not None and high is not None and low > high:
        return [f"{least}:above_maximum"]
    return []


def exact(value: int | float) -> Decimal:
    """A JSON number as the decimal its author wrote: 0.1 is one tenth."""
    return Decimal(str(value))


def day(value: str | None) -> date | None:
    """A date of the parameters, None where it was left open."""
    return date.fromisoformat(value) if value else None


_word = matching(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
slug = Check(Sort.SLUG, _word)
slugs = list_of(Sort.SLUGS, _word)
themes = list_of(Sort.THEMES, _word)
networks = list_of(Sort.NETWORKS, _word)
programmes = list_of(Sort.PROGRAMMES, _word)
calls = list_of(Sort.CALLS, _word)
languages = list_of(Sort.LANGUAGES, matching(r"[a-z]{2,3}"))
countries = list_of(Sort.COUNTRIES, matching(r"[A-Z]{2}"))
organisation_kinds = list_of(Sort.KINDS, _among(ORGANISATION_KINDS), choices=ORGANISATION_KINDS)
currency = Check(Sort.CURRENCY, matching(r"[A-Z]{3}"))
number = Check(Sort.NUMBER, _number, least=0)
percent = Check(Sort.PERCENT, _percent, least=0, most=100)
flag = Check(Sort.FLAG, _flag)
a_date = Check(Sort.DATE, _date)
months = whole(1, 600)
days = whole(0, 3650)
who = one_of(("lead", "partners", "all"))
