"""Entries of the history in words: which record, which field, before and after, who."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from calls.models import Application
from calls.queries.deadlines import word_day
from calls.queries.history_names import FIELDS, RECORDS
from cooperation.accounts.models import User
from cooperation.history.models import HistoryEntry

LONGEST = 400  # characters of one value


@dataclass(frozen=True)
class FieldChange:
    """One column: its name in words, as it was, as it became; empty where there was nothing."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Told:
    """One entry in words. `reference` names the application where staff may open it."""

    entry: HistoryEntry
    at: datetime
    who: str
    record: str
    change: str
    fields: list[FieldChange]
    reference: str = ""


def tell(entries: Sequence[HistoryEntry]) -> list[Told]:
    """Entries in words, in two queries: the names of people, the references of applications."""
    people = _people(entries)
    about = {entry.application for entry in entries if entry.application}
    references = dict(Application.objects.received().filter(pk__in=about).values_list("pk", "reference"))
    return [_told(entry, people, references) for entry in entries]


def tables() -> list[tuple[str, str]]:
    """The tables that the history tells of, in words, by name."""
    found = [(table, capfirst(_name_of(table))) for table in _recorded()]
    return sorted(found, key=lambda pair: pair[1])


def _told(entry: HistoryEntry, people: Mapping[int, str], references: Mapping[int, str]) -> Told:
    columns = [*(entry.before or {}), *(key for key in entry.after or {} if key not in (entry.before or {}))]
    return Told(
        entry=entry,
        at=entry.at,
        who=people.get(entry.actor, _("person %(id)s") % {"id": entry.actor})
        if entry.actor
        else _("the portal"),
        record=f"{capfirst(_name_of(entry.table))} {entry.row}",
        change=entry.get_change_display(),
        fields=[_field(entry, column, people) for column in columns if column != "id"],
        reference=references.get(entry.application or 0, ""),
    )


def _field(entry: HistoryEntry, column: str, people: Mapping[int, str]) -> FieldChange:
    field = _columns(entry.table).get(column)
    before, after = (_value(field, (side or {}).get(column), people) for side in (entry.before, entry.after))
    return FieldChange(capfirst(str(_label_of(field, column))), before, after)


def _label_of(field: models.Field | None, column: str) -> str | Promise:
    """The model's word for a field; ours where it has only what Django makes of the field's name."""
    name = column.replace("_", " ") if field is None else field.verbose_name
    return FIELDS.get(str(name), name) if isinstance(name, str) else name


def _value(field: Any, value: Any, people: Mapping[int, str]) -> str:
    """A stored value for a reader: the name of a person, the label of a choice, an instant in UTC."""
    if value in (None, "", {}, []):
        return ""
    if _is_person(field):
        return people.get(value, str(value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(field, models.DateTimeField) and (instant := parse_datetime(str(value))):
        return f"{word_day(instant)}, {instant:%H:%M:%S} UTC"
    if isinstance(value, dict | list):
        value = _plain(value)
    elif field is not None and field.choices:
        value = dict(field.flatchoices).get(value, value)
    return Truncator(str(value)).chars(LONGEST)


def _plain(value: Any) -> str:
    """What a column holds that is no single value: lists with commas, names before their values."""
    if isinstance(value, dict):
        return "\n".join(f"{key}: {_plain(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return ", ".join(_plain(inner) for inner in value)
    if value is None or isinstance(value, bool):
        return {None: "–", True: _("yes"), False: _("no")}[value]
    return str(value)


def _people(entries: Iterable[HistoryEntry]) -> dict[int, str]:
    """Names of everybody who acts in the entries or is named by them."""
    found = {entry.actor for entry in entries if entry.actor}
    for entry in entries:
        for column, field in _columns(entry.table).items():
            if _is_person(field):
                found |= {side[column] for side in (entry.before, entry.after) if side and side.get(column)}
    return {user.pk: str(user) for user in User.objects.filter(pk__in=found).only("name", "email")}


def _is_person(field: Any) -> bool:
    return getattr(field, "remote_field", None) is not None and field.remote_field.model is User


def _name_of(table: str) -> str:
    model = _models().get(table)
    return str(RECORDS.get(table) or (model._meta.verbose_name if model else table))


@cache
def _models() -> dict[str, type[models.Model]]:
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


@cache
def _columns(table: str) -> dict[str, models.Field]:
    model = _models().get(table)
    fields = model._meta.concrete_fields if model else []
    return {field.column: field for field in fields if field.column}


@cache
def _recorded() -> tuple[str, ...]:
    """Tables whose model says so, and those of many-to-many fields that hold rights."""
    declared = [
        table
        for table, model in _models().items()
        if any(trigger.name == "recorded" for trigger in getattr(model._meta, "triggers", ()))
    ]
    rights = (
        "accounts_user_groups",
        "accounts_user_user_permissions",
        "auth_group",
        "auth_group_permissions",
        "mfa_authenticator",
    )
    return (*declared, *rights)
