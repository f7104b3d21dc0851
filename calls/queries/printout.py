"""What the PDF of an application says, in the application's own language: exactly what reviewers read."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from calls.models import Application, Snapshot
from calls.printing import Item, Part, Sheet
from calls.printing import Table as Grid
from calls.queries.receipts import Moment, moments, zones_of
from calls.queries.submitted import AnsweredSection, Said
from calls.queries.tables import Table


def sheet_of(application: Application, said: Said, snapshot: Snapshot) -> Sheet:
    """A submission on paper: each page names it, its arrival and its fingerprint."""
    received = moments(snapshot.received_at, zones_of(application))
    about = {"reference": application.reference, "number": snapshot.number}
    verify = settings.SITE_URL + reverse("calls:verify_this", args=[snapshot.sha256])
    return _sheet(
        application,
        said,
        facts=[
            (_("Submission"), str(snapshot.number)),
            *((_("Received"), _moment(row)) for row in received),
            (_("Submitted by"), str(snapshot.submitted_by)),
            (_("Fingerprint (SHA-256)"), " ".join(snapshot.fingerprint)),
        ],
        footer=[
            _("%(reference)s, submission %(number)s") % about,
            _("Received %(when)s") % {"when": _moment(received[0])},
            _("To check this copy: %(address)s") % {"address": settings.SITE_URL + reverse("calls:verify")},
        ],
        notes=[_("Anybody who holds this document can check it here:")],
        address=verify,
        fingerprint=snapshot.sha256,
    )


def preview_of(application: Application, said: Said, at: datetime) -> Sheet:
    """The same document of a draft: marked on each page, without a fingerprint, proof of nothing."""
    seen = _moment(moments(at, zones_of(application)[:1])[0])
    about = {"reference": application.reference, "version": application.version}
    return _sheet(
        application,
        said,
        facts=[(_("Version"), str(application.version)), (_("Made"), seen)],
        footer=[_("%(reference)s, draft version %(version)s") % about, _("Made %(when)s") % {"when": seen}],
        notes=[_("This is a draft. It is not submitted and proves nothing.")],
        mark=_("Draft"),
    )


def _sheet(
    application: Application,
    said: Said,
    *,
    facts: list[tuple[str, str]],
    footer: list[str],
    notes: list[str],
    address: str = "",
    fingerprint: str = "",
    mark: str = "",
) -> Sheet:
    title = ": ".join(part for part in (application.reference, said.title or application.title) if part)
    call = application.call
    return Sheet(
        language=get_language() or "en",
        title=title,
        over=f"{call.title}, {call.programme.organiser}",
        facts=[(_("Lead"), said.lead), *facts],
        notes=notes,
        address=address,
        parts=[*_partners(said), *map(_section, said.sections), *_documents(said), _rules(said)],
        footer=footer,
        fingerprint=fingerprint,
        mark=mark,
        page_of=page_of(),
        gap_note=gap_note(),
        author=application.lead.name,
    )


def page_of() -> str:
    return _("Page {page} of {pages}")


def gap_note() -> str:
    return _("No font here has some of the signs; each is shown as □. The sealed copy (JSON) holds them all.")


def _moment(row: Moment) -> str:
    zone = "" if row.place == "UTC" else f" ({row.offset})"
    return f"{row.day}, {row.time}.{row.fraction} {row.place}{zone}"


def _partners(said: Said) -> Iterable[Part]:
    if not said.partner_lines:
        return []
    items = [
        Item(
            f"{row.name}: {row.role}",
            text=row.consent,
            hint=_("Text agreed to (SHA-256): %(sha256)s") % {"sha256": row.consent_sha256}
            if row.consent_sha256
            else "",
        )
        for row in said.partner_lines
    ]
    return [Part(_("Partner cities"), items)]


def _section(section: AnsweredSection) -> Part:
    items = []
    for row in section.answers:
        if row.table is None:
            items.append(Item(row.asked, text=row.answer))
            continue
        items += [
            Item(
                row.asked if place == 0 else table.caption or row.asked,
                table=_grid(table),
                text="\n".join(table.notes),
            )
            for place, table in enumerate([row.table, *row.table.further])
        ]
    return Part(section.title, items)


def _grid(table: Table) -> Grid:
    return Grid(
        head=[column.label for column in table.header],
        rows=table.rows,
        totals=[table.totals] if table.totals else [],
        numbers=[place for place, column in enumerate(table.header) if column.numeric],
    )


def _documents(said: Said) -> Iterable[Part]:
    if not said.documents:
        return []
    items = [
        Item(
            row.name,
            text="\n".join(part for part in (f"{row.sort}, {row.source}", row.signed) if part),
            hint=f"SHA-256: {row.sha256}",
        )
        for row in said.documents
    ]
    return [Part(_("Documents"), items)]


def _rules(said: Said) -> Part:
    items = [
        Item(
            f"{row.state_label}: {row.headline}",
            text="\n".join(part for part in (row.reason, row.remedy) if part),
            hint=" ".join(
                part for part in (_("Value seen:"), row.seen, row.source and f"({row.source})") if part
            ),
        )
        for row in said.findings
    ]
    return Part(_("The call’s rules at this moment"), items, text=said.verdict)
