"""The documents that belong to a submission, and to no later edit."""

import json

from django.db.models import QuerySet

from calls.models import Application, Document


def sealed_documents(application: Application) -> QuerySet[Document]:
    """The files that the newest submission names, also those taken out since; none without a submission."""
    newest = application.snapshots.order_by("-number").first()
    if newest is None:
        return application.documents.none()
    return application.documents.filter(pk__in=[row["id"] for row in json.loads(newest.content)["documents"]])
