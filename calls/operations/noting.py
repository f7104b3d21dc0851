"""Notes that staff write while they pair: about a city, or about two cities together."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from calls.access import require, require_reader
from calls.models import Application, Call, PairingNote
from calls.operations.status import NotPossible
from cooperation.accounts.models import User

LONGEST_NOTE = 2_000  # characters


@transaction.atomic
def write_note(
    *,
    call: Call,
    application: Application,
    text: str,
    by: User,
    at: datetime,
    other: Application | None = None,
) -> PairingNote:
    """Keep a note about one application, or about it and `other` (in either order).

    Raises NotAllowed; NotPossible when the text is empty or too long, or an application is not of the call.
    """
    require_reader(by)
    text = text.strip()
    if not text:
        raise NotPossible(_("Write the note first."))
    if len(text) > LONGEST_NOTE:
        raise NotPossible(_("A note has at most %(most)s characters.") % {"most": LONGEST_NOTE})
    rows = [application, other] if other else [application]
    if any(row.call_id != call.pk for row in rows) or len({row.pk for row in rows}) < len(rows):
        raise NotPossible(_("Choose an application of this call."))
    first, *rest = sorted(rows, key=lambda row: row.pk)
    return PairingNote.objects.create(
        call=call, application=first, other=rest[0] if rest else None, text=text, made_at=at, made_by=by
    )


@transaction.atomic
def remove_note(*, note: PairingNote, by: User) -> None:
    """Remove a note of one's own. Raises NotAllowed."""
    require_reader(by)
    require(note.made_by_id == by.pk, _("Only who wrote a note can remove it."))
    PairingNote.objects.filter(pk=note.pk).delete()
