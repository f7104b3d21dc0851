"""Documents of an application: what is missing, what the rules see, who may read a file."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from calls.eligibility.facts import Paper
from calls.models import Application, Document, Section, Snapshot
from calls.queries.answers import Problem
from calls.queries.document_slots import (
    Slot,
    kept_documents,
    party_of_lead,
    slots_by_question,
    slots_of,
)
from cooperation.accounts.models import User
from cooperation.jobs.scanned import OPEN, OPEN_TO_OWNERS


def readable_documents(user: User) -> QuerySet[Document]:
    """Files a person may fetch: of applications they may read, in the admin of what was submitted.

    What was taken out is gone, unless it was part of a submission: then it stays with that. What a virus
    scanner has not looked at is open to the own team alone, and what is infected to nobody.
    """
    sent = Snapshot.objects.filter(
        application=OuterRef("application"),
        received_at__gte=OuterRef("uploaded_at"),
        received_at__lt=OuterRef("removed_at"),
    )
    own = Q(application__in=Application.objects.visible_to(user)) & OPEN_TO_OWNERS
    staff = Q(application__in=Application.objects.for_staff(user)) & OPEN
    rows = Document.objects.filter(own | staff).filter(Q(removed_at__isnull=True) | Exists(sent))
    return rows.select_related("application")


def is_sealed(document: Document) -> bool:
    """Whether a submission names the document: its file stays for good."""
    return document.application.snapshots.filter(received_at__gte=document.uploaded_at).exists()


def came_with_consent(document: Document) -> bool:
    """A letter that a partner sent itself: it belongs to its consent, and the lead does not touch it."""
    return document.uploaded_by_id is None


def other_documents(application: Application, slots: Iterable[Slot]) -> list[Document]:
    """What is attached to no slot: letters that partners sent, papers of a partner that left."""
    placed = {document.pk for slot in slots for document in slot.documents}
    rows = application.documents.kept().select_related("city", "uploaded_by")
    return [row for row in rows if row.pk not in placed]


def document_points(slots: Iterable[Slot]) -> list[Problem]:
    """Each required document that is missing and may not follow after the deadline."""
    return [
        Problem(slot.asked.section.key, slot.asked.question.key, _sentence(slot), slot.key, place="documents")
        for slot in slots
        if slot.missing and not slot.follows
    ]


def _sentence(slot: Slot) -> str:
    about = {"document": slot.asked.question.label, "party": slot.party}
    if slot.asked.each_party:
        return _("Attach “%(document)s” from %(party)s.") % about
    return _("Attach “%(document)s”.") % about


def attached_to(slots: Iterable[Slot]) -> dict[str, bool]:
    """Question key -> True where every party's document is there, False where a required one is missing.

    A question that is optional and open, or whose documents may follow, is in neither state.
    """
    found = {}
    for key, rows in slots_by_question(slots).items():
        if all(row.attached for row in rows):
            found[key] = True
        elif any(row.missing and not row.follows for row in rows):
            found[key] = False
    return found


def document_facts(
    application: Application, on: date, sections: Sequence[Section] | None = None
) -> dict[str, Any]:
    """`documents` and `papers` for calls.eligibility.Facts, as far as the form asks for documents.

    A sort that may follow later is not counted before its own last day is over, so that no rule fails early.
    """
    at = datetime.combine(on, time(), application.call.zone_info)
    rows = kept_documents(application)
    slots = slots_of(application, at, sections, rows)
    if not slots and not rows:
        return {}
    counts = {slot.asked.sort: 0 for slot in slots if not slot.follows or slot.overdue}
    for row in rows:
        counts[row.sort] = counts.get(row.sort, 0) + (not row.is_infected)
    return {
        "documents": counts,
        "papers": tuple(_paper(row, application) for row in rows if not row.is_infected),
    }


def _paper(row: Document, application: Application) -> Paper:
    return Paper(
        document=row.sort,
        party=row.city.name if row.city else party_of_lead(application),
        signatory_function=row.function,
        language=row.language,
        signed_on=row.signed_on,
    )
