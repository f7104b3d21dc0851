"""The receipt by mail: to the lead's writers, and to every partner that was invited."""

from collections.abc import Iterator
from datetime import datetime

from calls.models import Application, Snapshot
from calls.operations.mailing import letters_to_lead, letters_to_partners
from calls.queries.consents import Standing
from calls.queries.cut_offs import cut_off_for
from calls.queries.receipts import deadline_clocks, moments, zones_of
from cooperation.notifications.operations import Letter, post_all


def post_receipts(
    application: Application, snapshot: Snapshot, standings: list[Standing], *, at: datetime
) -> int:
    """One receipt for each reader and submission; the outbox sends it after the commit."""
    # their keys name the snapshot that was just made
    return post_all(_receipts(application, snapshot, standings, at), at=at, all_new=True)


def _receipts(
    application: Application, snapshot: Snapshot, standings: list[Standing], at: datetime
) -> Iterator[Letter]:
    cause, cut_off = str(snapshot.number), cut_off_for(application.call, at)
    yield from letters_to_lead(
        application,
        kind="receipt",
        cause=cause,
        context=lambda reader: {
            "snapshot": snapshot,
            "received": moments(at, zones_of(application, reader)),
            "cut_off": cut_off,
        },
    )
    for row in standings:
        if row.invitation:
            row.invitation.city = row.partner.city
    yield from letters_to_partners(
        application,
        kind="partner_receipt",
        invitations=[row.invitation for row in standings if row.invitation],
        cause=cause,
        context=lambda row: {
            "snapshot": snapshot,
            "received": moments(at, zones_of(application)),
            "clocks": deadline_clocks(application),
        },
    )
