"""Reminders in words, made when they are sent: from what is missing at that moment, None where nothing is."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import override

from calls.models import Application, Assignment, Call, CorrectionRequest, Decision, ReminderRule
from calls.models.call import Editorial
from calls.models.reminder import Audience
from calls.operations.mailing import letter_to_reader, told_of
from calls.operations.pairing_letters import letter_of_reminder
from calls.operations.reviewer_mail import letter_of_overdue
from calls.queries.answers import sections_of
from calls.queries.consents import standings_of
from calls.queries.correction_reasons import sentences
from calls.queries.deadlines import clocks
from calls.queries.document_slots import Slot, slots_of
from calls.queries.proposals import published_places
from calls.queries.readiness import readiness_of
from calls.queries.receipts import zones_of
from calls.queries.reminder_audiences import SORT_OF
from calls.queries.reminder_steps import is_current
from cooperation.accounts.models import User
from cooperation.notifications.kinds import Composer, Relevance
from cooperation.notifications.models import Message
from cooperation.notifications.operations import Letter

About = Mapping[str, Any]
SECOND = timedelta(seconds=1)


def matters(kind: str) -> Relevance:
    """A reminder matters while its deadline stands, no later one has come, and something is left to do."""

    def asked(about: About, at: datetime) -> bool:
        return _stands(about, at) and bool(_left(kind, about, at))

    return asked


def compose(kind: str) -> Composer:
    """Words a reminder of a kind as things are when it is sent."""

    def worded(message: Message, at: datetime) -> Letter | None:
        left = _left(kind, message.about, at)
        if not left or message.reader is None:
            return None
        return _WORDED[kind](message.reader, left, message.about, at)

    return worded


def _stands(about: About, at: datetime) -> bool:
    rules = ReminderRule.objects.filter(
        call=about["call"],
        call__editorial=Editorial.PUBLISHED,
        audience__in=about["asks"],
        active=True,
    )
    return is_current(rules, about["days"], _due(about), at)


def _left(kind: str, about: About, at: datetime) -> list[int]:
    """Which of its rows still wait, due when the message says, and the reader's still."""
    found = set()
    due = _due(about)
    for rows in SORT_OF[kind].rows(at):
        here = rows.filter(asked_in=about["call"], pk__in=about["rows"])
        here = here.filter(due_then__gte=due, due_then__lt=due + SECOND)
        own = Application.objects.filter(told_of(about["reader"]), pk__in=here.values("told_of"))
        if about["asks"] == [Audience.REVIEW.value]:
            found |= set(here.filter(due_then__lte=at).values_list("pk", flat=True))
        else:
            found |= set(here.filter(told_of__in=own.values("pk")).values_list("pk", flat=True))
    return sorted(found)


def _due(about: About) -> datetime:
    """To the second: keys and messages hold no more."""
    return datetime.fromtimestamp(about["due"], tz=UTC)


def _applications(pks: list[int]) -> QuerySet[Application]:
    rows = Application.objects.filter(pk__in=pks).select_related("call", "lead__city").order_by("reference")
    return rows.prefetch_related("call__texts", "partners__city")


def _of_drafts(reader: User, left: list[int], about: About, at: datetime) -> Letter | None:
    drafts = list(_applications(left))
    found = []
    for draft in drafts:
        with override(reader.language):
            found.append({"application": draft, "problems": len(readiness_of(draft, at).problems)})
    words: dict[str, Any] = {"days": _days_left(_due(about), at), "lines": found, **found[0]}
    letter = letter_to_reader(drafts[0], reader, kind="reminder", context=words)
    return letter if len(drafts) == 1 else _together(letter, "reminder_many")


def _days_left(due: datetime, at: datetime) -> int:
    """What is left, not the offset: a draft may be begun after its first reminder was due."""
    return ceil((due - at) / timedelta(days=1))


def _of_missing(reader: User, left: list[int], about: About, at: datetime) -> Letter | None:
    """The partners that have not agreed, and the documents that are not there."""
    found = []
    with override(reader.language):
        for draft in _applications(left):
            sections = sections_of(draft)
            partners, papers = [], []
            if Audience.CONSENT in about["asks"] and draft.call.consent_required:
                standings = standings_of(draft, sections)
                partners = [row.partner.city.name for row in standings if row.state != "agreed"]
            if Audience.DOCUMENT in about["asks"]:
                slots = slots_of(draft, at, sections)
                papers = [slot for slot in slots if slot.missing and not slot.follows]
            if partners or papers:
                found.append({"application": draft, "partners": partners, "papers": _named(papers)})
    return _listed(reader, "missing_reminder", found)


def _of_following(reader: User, left: list[int], about: About, at: datetime) -> Letter | None:
    """Documents that may follow after the deadline, and are due at that moment."""
    found, due = [], _due(about)
    with override(reader.language):
        for application in _applications(left):
            slots = slots_of(application, at)
            papers = [slot for slot in slots if slot.missing and slot.due and due <= slot.due < due + SECOND]
            if papers:
                found.append({"application": application, "papers": _named(papers)})
    return _listed(reader, "document_due", found, due=due)


def _named(slots: list[Slot]) -> list[str]:
    """Each document with the party that it comes from, where several parties give one."""
    return [
        f"{slot.asked.question.label} ({slot.party})"
        if slot.asked.each_party
        else str(slot.asked.question.label)
        for slot in slots
    ]


def _listed(
    reader: User, kind: str, found: list[dict[str, Any]], due: datetime | None = None
) -> Letter | None:
    if not found:
        return None
    first: Application = found[0]["application"]

    def words(reader: User) -> dict[str, Any]:
        then = clocks(due, zones_of(first, reader)) if due else []
        return {"lines": found, "due_clocks": then, "due": due, "count": sum(map(_points, found))}

    return letter_to_reader(first, reader, kind=kind, context=words)


def _points(line: Mapping[str, Any]) -> int:
    return len(line.get("partners", ())) + len(line["papers"])


def _of_correction(reader: User, left: list[int], about: About, at: datetime) -> Letter | None:
    row = CorrectionRequest.objects.select_related("application__call", "application__lead__city").get(
        pk=left[0]
    )
    return letter_to_reader(
        row.application,
        reader,
        kind="correction_reminder",
        context=lambda reader: {
            "correction": row,
            "sentences": sentences(row.reasons),
            "due_clocks": clocks(row.due_at, zones_of(row.application, reader)),
        },
    )


def _of_place(reader: User, left: list[int], about: About, at: datetime) -> Letter | None:
    row = Decision.objects.select_related("application__call", "application__lead__city").get(pk=left[0])
    return letter_to_reader(
        row.application,
        reader,
        kind="answer_due",
        context=lambda reader: {
            "decision": row,
            "due": clocks(_due(about), zones_of(row.application, reader)),
        },
    )


def _of_proposal(reader: User, left: list[int], about: About, at: datetime) -> Letter | None:
    return letter_of_reminder(published_places().get(pk=left[0]), reader)


def _of_reviews(reader: User, left: list[int], about: About, at: datetime) -> Letter | None:
    rows = Assignment.objects.filter(pk__in=left).select_related("application__call")
    call = Call.objects.prefetch_related("texts").get(pk=about["call"])
    return letter_of_overdue(call, reader, list(rows.order_by("application__reference")), at)


def _together(letter: Letter, template: str) -> Letter:
    """The same letter about several applications, with a text of its own."""
    return replace(letter, template=f"calls/mail/{template}.txt")


_WORDED: dict[str, Callable[[User, list[int], About, datetime], Letter | None]] = {
    "reminder": _of_drafts,
    "missing_reminder": _of_missing,
    "document_due": _of_following,
    "correction_reminder": _of_correction,
    "answer_due": _of_place,
    "pairing_reminder": _of_proposal,
    "review_reminder": _of_reviews,
}
