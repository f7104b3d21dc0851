"""Saving a row that others may be writing in, too: nothing is overwritten that the writer has not seen."""

from collections.abc import Mapping
from typing import TypeVar

from django.utils.translation import gettext as _

from partnerships.models.versioned import Versioned
from partnerships.operations.refusals import ChangedMeanwhile

Row = TypeVar("Row", bound=Versioned)


def save_changes(row: Row, facts: Mapping[str, object], version: int) -> Row:
    """Save facts in a row that the caller's lock guards. Raises ChangedMeanwhile after another's save."""
    if row.version != version:
        raise ChangedMeanwhile(_("Somebody else saved this while you were writing."), row)
    for name, value in facts.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*facts, "version"])
    return row
