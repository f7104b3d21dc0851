"""The staff side of calls: one module per page or plain list; importing the package registers them all."""

from calls.admin import (
    applications,
    calls,
    closed_mail,
    complaints,
    enquiries,
    history,
    programmes,
    queue,
    records,
    reviewers,
    reviews,
    webhook_deliveries,
    webhooks,
)

__all__ = [
    "applications",
    "calls",
    "closed_mail",
    "complaints",
    "enquiries",
    "history",
    "programmes",
    "queue",
    "records",
    "reviewers",
    "reviews",
    "webhook_deliveries",
    "webhooks",
]
