"""Documents of applications before the virus scanner: what is found is told to who can send a clean file."""

from datetime import datetime

from django.db.models import QuerySet

from calls.models import Document
from calls.operations.mailing import post_to_lead
from cooperation.jobs.scanning import Source, register_scanned


def documents() -> QuerySet[Document]:
    """Also those that were taken out: a submission may keep them."""
    return Document.objects.select_related("application__call", "application__lead")


def tell_infected(document: Document, at: datetime) -> None:
    """Mail the lead which file is infected and what to do; nobody is told of one that was taken out."""
    if document.removed_at is None:
        context = {"document": document}
        post_to_lead(
            document.application, kind="document_infected", at=at, context=context, cause=str(document.pk)
        )


def register() -> None:
    """Called once, when the applications are ready."""
    register_scanned("documents", Source(documents, tell_infected))
