"""The receipt by mail: to the lead's writers, and to every partner that was invited."""

from datetime import datetime

from calls.models import Application, Snapshot
from calls.operations.mailing import post_to_lead, post_to_partners
from calls.queries.cut_offs import cut_off_for
from calls.queries.receipts import deadline_clocks, moments, zones_of


def post_receipts(application: Application, snapshot: Snapshot, *, at: datetime) -> None:
    """One receipt for each reader and submission; the outbox sends it after the commit."""
    post_to_lead(
        application,
        kind="receipt",
        at=at,
        cause=str(snapshot.number),
        context=lambda reader: {
            "snapshot": snapshot,
            "received": moments(at, zones_of(application, reader)),
            "cut_off": cut_off_for(application.call, at),
        },
    )
    post_to_partners(
        application,
        kind="partner_receipt",
        at=at,
        cause=str(snapshot.number),
        context=lambda row: {
            "snapshot": snapshot,
            "received": moments(at, zones_of(application)),
            "clocks": deadline_clocks(application),
        },
    )
