"""Assignments from a file: read line by line, shown before anything happens, applied exactly as shown."""

import csv
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import StringIO

from django.db import transaction
from django.utils.translation import gettext as _

from calls.access import require_assigner
from calls.models import Assignment, Call
from calls.models.reviewer import AssignmentSource
from calls.operations.assigning import Moved, assign_all, lock_for_assigning
from calls.operations.status import NotPossible
from calls.queries.obstacles import Wish, obstacles
from cooperation.accounts.models import User

MOST_LINES = 20_000
MOST_BYTES = 2_000_000
SEPARATORS = ";\t,"


@dataclass(frozen=True)
class FileLine:
    """One line of the file and what comes of it. `outcome` is "new", an obstacle's kind or "unknown"."""

    number: int
    reference: str
    email: str
    outcome: str
    why: str


@dataclass(frozen=True)
class FilePreview:
    """All lines, in the file's order, and a stamp of exactly this outcome."""

    lines: tuple[FileLine, ...]
    wishes: tuple[Wish, ...]

    @property
    def stamp(self) -> str:
        rows = [(line.reference, line.email, line.outcome) for line in self.lines]
        return hashlib.sha256(repr(rows).encode()).hexdigest()

    @property
    def new(self) -> int:
        return len(self.wishes)


def decode(content: bytes) -> str:
    """The text of an uploaded file. Raises NotPossible with the way out."""
    if len(content) > MOST_BYTES:
        raise NotPossible(_("The file has more than 2 MB. Split it."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotPossible(_("The file is not UTF-8. Save it as “CSV UTF-8” and try again.")) from None


def preview_file(*, call: Call, text: str) -> FilePreview:
    """What each line would do, in the call as it is now. A line holds a reference and an address.

    Separated by semicolon, comma or tab; a heading is skipped. Raises NotPossible for what is no table.
    """
    rows = _rows(text)
    applications = {row.reference.upper(): row for row in _applications(call, rows)}
    people = _people(rows)
    known = [
        (applications[reference.upper()], people[email.lower()])
        for _number, reference, email in rows
        if reference.upper() in applications and email.lower() in people
    ]
    found = iter(zip(known, obstacles(known), strict=True))
    lines, wishes = [], []
    for number, reference, email in rows:
        if reference.upper() not in applications:
            lines.append(
                FileLine(number, reference, email, "unknown", _("No such application in this call."))
            )
            continue
        if email.lower() not in people:
            why = _("Nobody with this address reviews. Invite them, or add them to the panel.")
            lines.append(FileLine(number, reference, email, "unknown", why))
            continue
        wish, obstacle = next(found)
        lines.append(
            FileLine(number, reference, email, obstacle.kind if obstacle else "new", str(obstacle or ""))
        )
        if obstacle is None:
            wishes.append(wish)
    return FilePreview(tuple(lines), tuple(wishes))


def _rows(text: str) -> list[tuple[int, str, str]]:
    """Number of the line, reference and address; empty lines are left out."""
    if "\0" in text:
        raise NotPossible(_("This is not a text file. Save the table as CSV and try again."))
    text = text.removeprefix("\ufeff")
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(SEPARATORS, key=first.count)
    found = []
    reader = csv.reader(StringIO(text), delimiter=separator)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                reference, email = ([cell.strip()[:254] for cell in cells] + ["", ""])[:2]
                found.append((reader.line_num, reference, email))
    except csv.Error as error:
        raise NotPossible(
            _("Line %(number)s cannot be read as a table.") % {"number": reader.line_num}
        ) from error
    if found and "@" not in found[0][2]:
        found = found[1:]
    if not found:
        raise NotPossible(_("The file holds no line with a reference and an e-mail address."))
    if len(found) > MOST_LINES:
        raise NotPossible(
            _("The file has more than %(count)s lines. Split it.") % {"count": f"{MOST_LINES:,}"}
        )
    return found


def _applications(call: Call, rows: Sequence[tuple[int, str, str]]):
    wanted = {reference.upper() for _number, reference, _email in rows}
    received = call.applications.received().select_related("call", "lead").defer("answers")
    return received.filter(reference__in=wanted)


def _people(rows: Sequence[tuple[int, str, str]]) -> dict[str, User]:
    """Experts and staff by address; nobody else is told apart from an address that does not exist."""
    wanted = {email.lower() for _number, _reference, email in rows}
    found = User.objects.filter(email__in=wanted).select_related("reviewer")
    return {user.email.lower(): user for user in found if user.is_staff or hasattr(user, "reviewer")}


@transaction.atomic
def apply_file(*, call: Call, text: str, stamp: str, by: User, at: datetime) -> list[Assignment]:
    """Assign what the preview with this stamp showed as new, in one transaction.

    Raises NotAllowed; Moved when a line would come out otherwise by now; NotPossible when none is new.
    """
    require_assigner(by)
    wishes = preview_file(call=call, text=text).wishes
    lock_for_assigning([row for row, _user in wishes], [user for _row, user in wishes])
    preview = preview_file(call=call, text=text)
    if preview.stamp != stamp:
        raise Moved(
            _("Something changed after this preview was made. Nothing was assigned; this is the new one.")
        )
    if not preview.wishes:
        raise NotPossible(_("No line of the file is new."))
    return assign_all(wishes=preview.wishes, by=by, at=at, source=AssignmentSource.FILE)
