"""Documents of an application: what is asked for, attaching, replacing, describing, taking out, fetching."""

import uuid
from http import HTTPStatus
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from calls.access import NotAllowed
from calls.forms.documents import DocumentForm, SignatureForm
from calls.models import Document
from calls.models.reading import What
from calls.operations import documents as operations
from calls.operations.reading import record_reading
from calls.operations.status import NotPossible
from calls.queries.clock import database_now
from calls.queries.document_rows import page_rows
from calls.queries.document_slots import Slot, slots_of
from calls.queries.documents import readable_documents
from calls.queries.receipts import deadline_clocks
from calls.views.application_page import ApplicationPage
from cooperation.accounts.models import User
from cooperation.documents import Refused
from cooperation.web.file_words import word_refusal
from cooperation.web.files import NotKept, file_at, sealed_file


class Documents(ApplicationPage):
    """Every document the call asks for, by party, and one form at a time to attach, describe or take out."""

    template_name = "calls/documents.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        self.slots = slots_of(self.application, self.at)
        if removing := self._document(request.GET.get("remove", "")):
            return self._page(removing=removing)
        if described := self._document(request.GET.get("describe", "")):
            slot = self._slot_of(described)
            form = SignatureForm(slot.asked, initial=_said(described)) if slot else None
            return self._page(describing=described, form=form)
        slot = self._slot(request.GET.get("for", ""))
        replaces = self._document(request.GET.get("replaces", ""))
        return self._page(slot=slot, form=DocumentForm(slot.asked) if slot else None, replaces=replaces)

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        self.slots = slots_of(self.application, self.at)
        step = {"remove": self._remove, "describe": self._describe}.get(request.POST.get("do", ""), self._add)
        try:
            return step()
        except NotAllowed as refusal:
            raise PermissionDenied(str(refusal)) from refusal

    def _add(self) -> HttpResponse:
        slot = self._slot(self.request.POST.get("for", ""))
        if slot is None:
            return self._refused(_("Choose first which document this is."), HTTPStatus.UNPROCESSABLE_ENTITY)
        form = DocumentForm(slot.asked, self.request.POST, self.request.FILES)
        replaces = self._document(self.request.POST.get("replaces", ""))
        if not form.is_valid() and "file" in form.errors:
            return self._page(slot=slot, form=form, replaces=replaces, status=422)
        try:
            document = self._keep(slot, form, replaces)
        except Refused as refusal:
            return self._sent_back(slot, form, replaces, word_refusal(refusal), 422)
        except NotPossible as refusal:
            return self._sent_back(slot, form, replaces, str(refusal), HTTPStatus.CONFLICT)
        except NotKept as trouble:
            status = HTTPStatus.INSUFFICIENT_STORAGE if trouble.full else HTTPStatus.SERVICE_UNAVAILABLE
            return self._sent_back(slot, form, replaces, str(trouble), status)
        messages.success(self.request, _("“%(name)s” is attached.") % {"name": document.name})
        if form.errors:
            # The file is kept; only what was said about it needs another look.
            self.slots = slots_of(self.application, self.at)
            again = SignatureForm(slot.asked, self.request.POST)
            return self._page(describing=document, form=again, status=422)
        return self._done(slot.key)

    def _keep(self, slot: Slot, form: DocumentForm, replaces: Document | None) -> Document:
        return operations.add_document(
            application=self.application,
            slot=slot.key,
            upload=form.upload,
            signature=form.signature,
            replaces=replaces,
            by=self.user,
            at=self.at,
        )

    def _sent_back(
        self, slot: Slot, form: DocumentForm, replaces: Document | None, sentence: str, status: int
    ) -> HttpResponse:
        form.add_error("file", sentence)
        return self._page(slot=slot, form=form, replaces=replaces, status=status)

    def _describe(self) -> HttpResponse:
        document = self._document(self.request.POST.get("document", ""))
        slot = self._slot_of(document) if document else None
        if document is None or slot is None:
            return self._gone()
        form = SignatureForm(slot.asked, self.request.POST)
        if not form.is_valid():
            return self._page(describing=document, form=form, status=422)
        try:
            operations.describe_document(
                document=document, signature=form.signature, by=self.user, at=self.at
            )
        except NotPossible as refusal:
            return self._page(describing=document, form=form, refusal=str(refusal), status=409)
        messages.success(self.request, _("“%(name)s” is described.") % {"name": document.name})
        return self._done(slot.key)

    def _remove(self) -> HttpResponse:
        document = self._document(self.request.POST.get("document", ""))
        if document is None:
            return self._gone()
        try:
            operations.remove_document(document=document, by=self.user, at=self.at)
        except NotPossible as refusal:
            return self._refused(str(refusal), HTTPStatus.CONFLICT)
        messages.success(self.request, _("“%(name)s” is taken out.") % {"name": document.name})
        slot = self._slot_of(document)
        return self._done(slot.key if slot else "")

    def _done(self, anchor: str) -> HttpResponse:
        page = reverse("calls:documents", args=[self.application.reference])
        return redirect(f"{page}#{anchor}" if anchor else page)

    def _gone(self) -> HttpResponse:
        return self._refused(_("This file was taken out in the meantime."), HTTPStatus.CONFLICT)

    def _refused(self, sentence: str, status: int) -> HttpResponse:
        return self._page(refusal=sentence, status=status)

    def _slot(self, key: str) -> Slot | None:
        return next((slot for slot in self.slots if slot.key == key), None)

    def _slot_of(self, document: Document) -> Slot | None:
        return next((slot for slot in self.slots if document in slot.documents), None)

    def _document(self, key: str) -> Document | None:
        """A kept document of this application by its id; None for anything else."""
        try:
            wanted = uuid.UUID(key)
        except ValueError:
            return None
        found = self.application.documents.kept().filter(pk=wanted).first()
        if found:
            found.application = self.application
        return found

    def _page(self, *, status: int = 200, **context: Any) -> HttpResponse:
        return self.page(
            here=_("Documents"),
            status=status,
            **page_rows(self.application, self.slots, self.at),
            clocks=deadline_clocks(self.application, self.user),
            has_errors=status >= HTTPStatus.BAD_REQUEST,
            **context,
        )


class Download(LoginRequiredMixin, View):
    """One file, after asking whether this person may read it; else the same 404 as for none."""

    def get(self, request: HttpRequest, reference: str, document: uuid.UUID) -> FileResponse:
        reader = cast(User, request.user)
        rows = readable_documents(reader).filter(application__reference=reference)
        found = rows.filter(pk=document).first()
        if found is None:
            raise Http404
        record_reading(application=found.application, by=reader, at=database_now(), what=What.DOCUMENT)
        try:
            file = file_at(found.path).open("rb")
        except FileNotFoundError as error:
            raise Http404 from error
        return sealed_file(file, found)


def _said(document: Document) -> dict[str, Any]:
    return {
        "signatory": document.signatory,
        "function": document.function,
        "signed_on": document.signed_on.isoformat() if document.signed_on else "",
        "language": document.language,
    }
