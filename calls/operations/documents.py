"""Attaching documents: looked into first, kept under a random name, then written down under the lock."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls.access import NotAllowed, require_writer
from calls.models import Application, Document
from calls.operations.applications import touch
from calls.operations.status import NotPossible, lock
from calls.queries.document_slots import Slot, slots_of
from calls.queries.documents import came_with_consent, is_sealed
from cooperation.accounts.models import User
from cooperation.documents import Clean, Limits, Sort, inspect
from cooperation.jobs.scanned import to_be_scanned
from cooperation.web.files import discard, keep
from cooperation.web.transactions import atomic_again
from partnerships.models import City

MOST_IN_AN_APPLICATION = 60
LETTER = "consent_letter"
LETTERS = (Sort.PDF, Sort.JPEG, Sort.PNG, Sort.WEBP)


@dataclass(frozen=True)
class Upload:
    """A file as it was sent: what the sender calls it, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Signature:
    """Who signed a document, in which function and language, and when; each may be unknown."""

    signatory: str = ""
    function: str = ""
    language: str = ""
    signed_on: date | None = None


def add_document(
    *,
    application: Application,
    slot: str,
    upload: Upload,
    signature: Signature | None = None,
    replaces: Document | None = None,
    by: User,
    at: datetime,
) -> Document:
    """Attach a file to a slot (see calls.queries.document_slots), in the place of another when one is named.

    The same file sent twice to one slot is one document. Raises Refused (cooperation.documents) for what the
    file is, NotAllowed, NotPossible, and NotKept when the disk does not take it; then nothing is kept.
    """
    require_writer(by, application)
    accepts = _slot(application, slot, at).asked.accepts
    clean = inspect(upload.data, upload.name, allowed=accepts, limits=_limits())
    path = keep(clean.data)
    try:
        document = _attach(application, slot, clean, path, signature or Signature(), replaces, by, at)
    except (NotAllowed, NotPossible):
        discard(path)
        raise
    if document.path != path:
        discard(path)
    return document


def _limits() -> Limits:
    return Limits(bytes=settings.UPLOAD_MAX_BYTES)


def _slot(application: Application, key: str, at: datetime) -> Slot:
    """The slot of that key, open or closed. Raises NotPossible where there is none."""
    found = next((slot for slot in slots_of(application, at) if slot.key == key), None)
    if found is None:
        raise NotPossible(_("Nobody asked for this document. Choose one of the documents listed."))
    return found


@transaction.atomic
def _attach(
    application: Application,
    key: str,
    clean: Clean,
    path: str,
    signature: Signature,
    replaces: Document | None,
    by: User,
    at: datetime,
) -> Document:
    current = lock(application)
    require_writer(by, current)
    slot = _slot(current, key, at)
    if slot.closed:
        raise NotPossible(slot.closed)
    if known := next((row for row in slot.documents if row.sha256 == clean.sha256), None):
        return known
    if replaces is not None and replaces.pk in {row.pk for row in slot.documents}:
        _take_out(replaces, current, by, at)
        slot = _slot(current, key, at)
    _require_room(current, slot)
    question = slot.asked.question.key
    document = _write_down(
        current, clean, path, signature, question=question, sort=slot.asked.sort, city=slot.city, by=by, at=at
    )
    touch(current, by, at)
    return document


def _require_room(application: Application, slot: Slot) -> None:
    if slot.full:
        most = slot.asked.at_most
        text = ngettext(
            "At most %(count)s file is taken here. Replace it, or take it out first.",
            "At most %(count)s files are taken here. Replace one, or take one out first.",
            most,
        )
        raise NotPossible(text % {"count": most})
    if application.documents.kept().count() >= MOST_IN_AN_APPLICATION:
        raise NotPossible(
            _("An application holds at most %(count)s files. Take one out first.")
            % {"count": MOST_IN_AN_APPLICATION}
        )


def _write_down(
    application: Application,
    clean: Clean,
    path: str,
    signature: Signature,
    *,
    question: str,
    sort: str,
    city: City | None,
    by: User | None,
    at: datetime,
) -> Document:
    return Document.objects.create(
        application=application,
        question=question,
        sort=sort,
        city=city,
        name=clean.name,
        path=path,
        media_type=clean.media_type,
        size=len(clean.data),
        sha256=clean.sha256,
        pages=clean.pages,
        signatory=signature.signatory,
        function=signature.function,
        language=signature.language,
        signed_on=signature.signed_on,
        uploaded_at=_after_submission(application, at),
        uploaded_by=by,
        **to_be_scanned(at),
    )


def _after_submission(application: Application, at: datetime) -> datetime:
    """An instant that agrees with the order of events: what waited for a submission came after it."""
    sent = application.submitted_at
    return sent + timedelta(microseconds=1) if sent and at <= sent else at


def inspect_letter(upload: Upload) -> Clean:
    """A partner's signed letter as it would be kept. Raises Refused for what the file is."""
    return inspect(upload.data, upload.name, allowed=LETTERS, limits=_limits())


def keep_letter(
    *, application: Application, city: City, clean: Clean, signature: Signature, at: datetime
) -> Document:
    """A partner's signed letter, sent with its consent and without an account.

    For an application LOCKED by the caller, who also checks that the partner may answer. Raises NotKept.
    """
    path = keep(clean.data)
    return _write_down(
        application, clean, path, signature, question="", sort=LETTER, city=city, by=None, at=at
    )


@atomic_again
def remove_document(*, document: Document, by: User, at: datetime) -> Application:
    """Take a document out. Its record stays; its file too, when a submission names it.

    Raises NotAllowed, NotPossible. Taking it out twice changes nothing.
    """
    current = lock(document.application)
    require_writer(by, current)
    fresh = Document.objects.get(pk=document.pk)
    if fresh.removed_at:
        return current
    _require_open(fresh, current, at)
    _take_out(fresh, current, by, at)
    return touch(current, by, at)


def _require_open(document: Document, application: Application, at: datetime) -> None:
    """While the application can change, or as long as the document's own slot takes others instead."""
    if came_with_consent(document):
        raise NotPossible(
            _("“%(name)s” came with the consent of a partner and stays with it.") % {"name": document.name}
        )
    if application.is_editable_status and application.is_open(at):
        return
    document.application = application
    if is_sealed(document):
        raise NotPossible(
            _("“%(name)s” is part of what was submitted and stays. You can add another beside it.")
            % {"name": document.name}
        )
    slots = slots_of(application, at)
    slot = next((slot for slot in slots if document.pk in {row.pk for row in slot.documents}), None)
    if slot is None or slot.closed:
        raise NotPossible(slot.closed if slot else _("The call closed. What is attached stays readable."))


def _take_out(document: Document, application: Application, by: User, at: datetime) -> None:
    _require_open(document, application, at)
    document.application = application
    document.removed_at, document.removed_by = _after_submission(application, at), by
    document.save(update_fields=["removed_at", "removed_by"])
    if not is_sealed(document):
        transaction.on_commit(lambda: discard(document.path))


@transaction.atomic
def describe_document(*, document: Document, signature: Signature, by: User, at: datetime) -> Document:
    """Say who signed a document, in which function and language, and when. Raises NotAllowed, NotPossible."""
    current = lock(document.application)
    require_writer(by, current)
    fresh = Document.objects.get(pk=document.pk)
    if fresh.removed_at:
        raise NotPossible(_("“%(name)s” was taken out in the meantime.") % {"name": fresh.name})
    _require_open(fresh, current, at)
    fresh.signatory, fresh.function = signature.signatory, signature.function
    fresh.language, fresh.signed_on = signature.language, signature.signed_on
    fresh.save(update_fields=["signatory", "function", "language", "signed_on"])
    touch(current, by, at)
    return fresh
