"""Documents in words: how a slot stands, what a file is, who signed it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls.models import Document
from calls.queries.deadlines import place_of, word_day, word_instant
from calls.queries.document_slots import Slot
from cooperation.web.file_words import word_size


@dataclass(frozen=True)
class SlotText:
    """How a slot looks: a state of the look, its word, and until when it is taken."""

    look: str
    word: str
    due: str


def word_slot(slot: Slot, zone: str) -> SlotText:
    """A slot in the reader's language."""
    look, word = _standing(slot)
    return SlotText(look, word, _due(slot, zone))


def _standing(slot: Slot) -> tuple[str, str]:
    if slot.attached:
        return "complete", _("Attached")
    if slot.documents:
        return "not-met", _("Infected")
    if not slot.missing:
        return "not-started", _("Not required")
    if slot.overdue:
        return "not-met", _("Missing")
    return ("asked", _("May follow")) if slot.follows else ("attention", _("To attach"))


def _due(slot: Slot, zone: str) -> str:
    """The last moment, on the call's clock: the day itself where the end of a day is meant."""
    if slot.due is None:
        return ""
    if not slot.follows or slot.asked.due_on is None:
        return _("Until %(moment)s") % {"moment": word_instant(slot.due, zone)}
    about = {"day": word_day(slot.asked.due_on), "place": place_of(zone)}
    return _("May follow until %(day)s, end of the day in %(place)s") % about


def word_extent(document: Document) -> str:
    """Sort, pages and size of a file, and what the virus scan means for it: "PDF, 2 pages, 310 KB"."""
    parts = [document.name.rpartition(".")[2].upper()]
    if document.pages:
        pages = ngettext("%(count)s page", "%(count)s pages", document.pages)
        parts.append(pages % {"count": number_format(document.pages)})
    said = ", ".join([*parts, word_size(document.size)])
    return f"{said}. {document.scan_words}" if document.scan_words else said


def word_signature(document: Document, functions: Iterable[tuple[str, str]] = ()) -> str:
    """Who signed: "Signed by Anna Berg, mayor, 3 March 2027"; empty when nothing is said."""
    function = dict(functions).get(document.function, document.function)
    day = word_day(document.signed_on) if document.signed_on else ""
    said = ", ".join(part for part in (document.signatory, function, day) if part)
    return _("Signed by %(who)s") % {"who": said} if document.signatory else said
