"""The triggers that write the history and keep it: declared in Meta.triggers, run by the database.

They run two functions of the first migration, history_record and history_refuse, and not functions of
pgtrigger's own, so that pgtrigger.ignore does not switch them off.
"""

import copy
from typing import Any

import pgtrigger
from pgtrigger.compiler import Trigger as CompiledTrigger


class Recorded(pgtrigger.Trigger):
    """Every row inserted, changed or deleted leaves an entry, whoever writes: the ORM, bulk updates, SQL.

    `application` is the column that says which application a row belongs to, or "column:table" where a
    row of another table says it. Columns in `leave_out` are never recorded, and their change alone
    does not even start the trigger.
    """

    when = pgtrigger.After
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete
    func = "RETURN NULL;"  # pgtrigger wants one; history_record is what runs

    def __init__(self, application: str, leave_out: tuple[str, ...], drafts: bool) -> None:
        super().__init__(name="recorded")
        self.application, self.leave_out, self.drafts = application, leave_out, drafts

    def compile(self, model: Any) -> CompiledTrigger:
        columns = [field.column for field in model._meta.local_concrete_fields]
        unknown = set(self.leave_out).difference(columns)
        if unknown:
            raise ValueError(f"{model.__name__} has no columns {sorted(unknown)}")
        kept = [column for column in columns if column not in self.leave_out]
        compiled = copy.copy(self)
        compiled.operation = pgtrigger.UpdateOf(*kept) | pgtrigger.Delete
        if self.drafts:
            compiled.operation |= pgtrigger.Insert
        return super(Recorded, compiled).compile(model)

    def render_execute(self, model: Any) -> str:
        arguments = ", ".join(f"'{word}'" for word in (self.application, *self.leave_out))
        return f"history_record({arguments})"


class Kept(pgtrigger.Trigger):
    """Rows that nobody changes or deletes, and a table that nobody empties."""

    when = pgtrigger.Before
    func = "RETURN NULL;"

    def render_execute(self, model: Any) -> str:
        return "history_refuse()"


def recorded(application: str = "", *, leave_out: tuple[str, ...] = (), drafts: bool = True) -> Recorded:
    """The trigger for a model's Meta.triggers. Without `drafts` a row's beginning is not recorded."""
    return Recorded(application, leave_out, drafts)


def append_only() -> list[Kept]:
    """Triggers that leave nothing but INSERT."""
    return [
        Kept(name="keep_rows", operation=pgtrigger.Update | pgtrigger.Delete),
        Kept(name="keep_table", operation=pgtrigger.Truncate, level=pgtrigger.Statement),
    ]
