"""A list of applications as an address asks for it. The page, the actions and the export share it."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.db.models import F, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from calls.forms.application_filters import ApplicationFilters
from calls.models import Application, SavedView
from calls.queries.application_columns import Column, chosen_columns, columns_for
from calls.queries.application_lists import ALL
from cooperation.accounts.models import User

COLUMN, SORT, PAGE, MOVE, ARRANGE = "column", "sort", "page", "move", "arrange"
NOT_SAVED = (PAGE, MOVE, ARRANGE, "csrfmiddlewaretoken")
NEWEST = "-received"
LONGEST_ADDRESS = 6_000  # characters; a longer one would not pass every proxy
MOST_COLUMNS = 60


def tidied(data: QueryDict) -> QueryDict | None:
    """The same choices without the empty fields of a form, and with a column moved; None if nothing changes.

    What is cleared altogether asks for all applications: the bare address asks for what waits for the reader.
    """
    found = QueryDict(mutable=True)
    for name, values in data.lists():
        if kept := list(dict.fromkeys(value for value in values if value.strip())):
            found.setlist(name, kept)
    if MOVE in found:
        found.setlist(COLUMN, _moved(found.getlist(COLUMN), found.pop(MOVE)[-1]))
        found[ARRANGE] = "1"
    if data and not found:
        found["todo"] = ALL
    return None if found.urlencode() == data.urlencode() else found


def _moved(columns: Sequence[str], step: str) -> list[str]:
    """The columns with one of them a place earlier or later: "status:earlier"."""
    found = list(columns)
    key, _colon, direction = step.rpartition(":")
    if key in found:
        place = found.index(key)
        other = place + (1 if direction == "later" else -1)
        if 0 <= other < len(found):
            found[place], found[other] = found[other], found[place]
    return found


class ApplicationList:
    """What one person asked for. `filters.form.errors` says what cannot be understood."""

    def __init__(self, data: QueryDict, user: User) -> None:
        self.data, self.user = data, user
        self.filters = ApplicationFilters(data, user=user)
        call = self.filters.chosen_call
        self.known = columns_for(call)
        self.columns: list[Column] = chosen_columns(self.known, data.getlist(COLUMN), call)[:MOST_COLUMNS]

    @classmethod
    def of_address(cls, query: str, user: User) -> "ApplicationList":
        """The list that a kept address names."""
        return cls(QueryDict(query[:LONGEST_ADDRESS]), user)

    def is_valid(self) -> bool:
        return self.filters.is_valid()

    @property
    def sort(self) -> str:
        """The column that orders the list, with a minus for the last first."""
        chosen = self.data.get(SORT, NEWEST)
        column = self.known.get(chosen.removeprefix("-"))
        return chosen if column is not None and column.order is not None else NEWEST

    @cached_property
    def rows(self) -> QuerySet[Application]:
        """The chosen applications in the chosen order; where it says nothing, the newest first."""
        order = self.known[self.sort.removeprefix("-")].order
        rows = self.filters.qs.order_by()
        if order is None:
            return rows
        place = F("list_order")
        falling = place.desc(nulls_last=True) if self.sort.startswith("-") else place.asc(nulls_last=True)
        return rows.alias(list_order=order(self.user)).order_by(falling, "-submitted_at", "-pk")

    def ids(self, most: int | None = None) -> list[int]:
        return list(self.rows.values_list("pk", flat=True)[:most])

    def address(self, *, leaving_out: Sequence[str] = (), **changes: str) -> str:
        """This list as the part of an address after the question mark, with some choices changed."""
        found = self.data.copy()
        for name in (*NOT_SAVED, *leaving_out):
            found.pop(name, None)
        for name, value in changes.items():
            found[name] = value
        return found.urlencode()

    def without(self, name: str, value: str) -> str:
        """The address without one of the chosen filters."""
        found = self.data.copy()
        kept = [entry for entry in found.getlist(name) if entry != value]
        found.setlist(name, kept)
        if not kept:
            del found[name]
        found.pop(PAGE, None)
        return found.urlencode() or f"todo={ALL}"

    def fields(self, *leaving_out: str) -> list[tuple[str, str]]:
        """The choices as hidden fields of a form that changes others."""
        left = {*NOT_SAVED, *leaving_out}
        return [(name, value) for name, values in self.data.lists() if name not in left for value in values]

    def heads(self) -> list[dict[str, Any]]:
        """The head of each column, and the address that orders by it."""
        return [self._head(column) for column in self.columns]

    def _head(self, column: Column) -> dict[str, Any]:
        mine = self.sort.removeprefix("-") == column.key
        turned = column.key if mine and self.sort.startswith("-") else f"-{column.key}"
        if not mine and not column.numeric and column.key != "received":
            turned = column.key
        order = ("descending" if self.sort.startswith("-") else "ascending") if mine else ""
        address = self.address(sort=turned) if column.order else ""
        return {"column": column, "order": order, "address": address}

    def orders(self) -> list[tuple[str, str | Promise]]:
        """What the list can be ordered by, for a field of choices."""
        found = [column for column in self.known.values() if column.order]
        return [
            *((column.key, column.label) for column in found),
            *((f"-{column.key}", _("%(column)s, last first") % {"column": column.label}) for column in found),
        ]

    def others(self) -> list[Column]:
        """The columns that are not chosen."""
        chosen = {column.key for column in self.columns}
        return [column for column in self.known.values() if column.key not in chosen]


def address_of(view: SavedView) -> str:
    """The address that a saved view stands for."""
    found = QueryDict(view.query, mutable=True)
    if view.columns:
        found.setlist(COLUMN, view.columns)
    return found.urlencode() or f"todo={ALL}"
