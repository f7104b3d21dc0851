"""The rows of the documents page, and of the part of it that a section of the form shows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Max
from django.utils.translation import ngettext

from calls.models import Application, Document
from calls.queries.document_slots import Slot, slots_of
from calls.queries.document_wording import SlotText, word_extent, word_signature, word_slot
from calls.queries.documents import came_with_consent, other_documents


@dataclass(frozen=True)
class FileRow:
    """One attached file in words.

    `after`: it came after the newest submission. `sealed`: a submission names it. `open`: it may be taken
    out or replaced now, by somebody who may write.
    """

    document: Document
    extent: str
    signature: str
    after: bool
    sealed: bool
    open: bool


@dataclass(frozen=True)
class SlotRow:
    """One party's place for a document."""

    slot: Slot
    text: SlotText
    files: tuple[FileRow, ...]


@dataclass(frozen=True)
class QuestionRows:
    """One document that is asked for, with a row for each party."""

    title: str
    hint: str
    due: str
    rows: tuple[SlotRow, ...]


@dataclass(frozen=True)
class Times:
    """What decides how a file stands: the newest submission, and whether the application can change now."""

    sent_at: datetime | None
    editable: bool


def page_rows(application: Application, slots: Sequence[Slot], at: datetime) -> dict[str, Any]:
    """What calls/documents.html shows: `questions`, `others`, and `standing` in one sentence."""
    times = _times(application, at)
    return {
        "questions": _questions(application, slots, times),
        "others": [_file(row, times) for row in other_documents(application, slots)],
        "standing": _standing(slots),
    }


def question_rows(application: Application, slots: Iterable[Slot], at: datetime) -> list[QuestionRows]:
    """The slots grouped by question, in the order of the form; also for a single question's slots."""
    return _questions(application, slots, _times(application, at))


def staff_rows(application: Application, at: datetime) -> dict[str, Any]:
    """The same for staff, with `taken_out`: files the newest submission names that were taken out since."""
    times = _times(application, at)
    taken_out = [_file(row, times) for row in _taken_out(application, times)]
    return {**page_rows(application, slots_of(application, at), at), "taken_out": taken_out}


def _taken_out(application: Application, times: Times) -> Iterable[Document]:
    """None without a submission on record."""
    if times.sent_at is None:
        return []
    gone = application.documents.filter(uploaded_at__lte=times.sent_at, removed_at__gt=times.sent_at)
    return gone.select_related("city", "uploaded_by")


def _times(application: Application, at: datetime) -> Times:
    sent_at = application.snapshots.aggregate(at=Max("received_at"))["at"]
    return Times(sent_at, application.is_editable_status and application.is_open(at))


def _standing(slots: Iterable[Slot]) -> str:
    required = [slot for slot in slots if slot.asked.question.required]
    if not required:
        return ""
    text = ngettext(
        "%(done)s of %(count)s required document is attached.",
        "%(done)s of %(count)s required documents are attached.",
        len(required),
    )
    sentence = text % {"done": sum(slot.attached for slot in required), "count": len(required)}
    following = sum(slot.missing and slot.follows and not slot.overdue for slot in required)
    if not following:
        return sentence
    text = ngettext("%(count)s may follow.", "%(count)s may follow.", following)
    return f"{sentence} {text % {'count': following}}"


def _questions(application: Application, slots: Iterable[Slot], times: Times) -> list[QuestionRows]:
    found = []
    for question, group in groupby(slots, key=lambda slot: slot.asked.question):
        rows = tuple(_row(slot, application.call.zone, times) for slot in group)
        found.append(QuestionRows(question.label, question.hint, rows[0].text.due, rows))
    return found


def _row(slot: Slot, zone: str, times: Times) -> SlotRow:
    return SlotRow(slot, word_slot(slot, zone), tuple(_file(row, times, slot) for row in slot.documents))


def _file(document: Document, times: Times, slot: Slot | None = None) -> FileRow:
    sealed = bool(times.sent_at and document.uploaded_at <= times.sent_at)
    return FileRow(
        document=document,
        extent=word_extent(document),
        signature=word_signature(document, slot.asked.functions if slot else ()),
        after=bool(times.sent_at) and not sealed,
        sealed=sealed,
        open=not came_with_consent(document)
        and (times.editable or bool(slot and not slot.closed and not sealed)),
    )
