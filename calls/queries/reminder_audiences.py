"""Whom each sort of reminder waits for: what is not done at an instant, and until when it is due.

Every audience is a queryset of the same columns, so that one statement reminds any number of people:
audience, row, application, call, lead, person, due, since. `person` is None where the lead's people are told.
`since` is when it was asked; a reminder whose time came before that is never sent.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    BigIntegerField,
    CharField,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast, Greatest

from calls.models import Application, Assignment, Document, Question
from calls.models.call import Editorial
from calls.models.form import QuestionType
from calls.models.reminder import Audience
from calls.queries.assignments import unfinished
from calls.queries.corrections import unanswered
from calls.queries.decisions import to_answer
from calls.queries.document_slots import FOLLOWS_IN, asked_of, due_of
from calls.queries.proposals import open_places
from calls.workflow import Status

Rows = QuerySet[Any]


@dataclass(frozen=True)
class Sort:
    """One sort of reminder: a kind of message, and the audiences that share it.

    `together`: a reader is told once a call of everything; otherwise once of each row.
    """

    kind: str
    audiences: tuple[Audience, ...]
    rows: Callable[[datetime], Iterator[Rows]]
    together: bool = False


def open_drafts(at: datetime) -> QuerySet[Application]:
    """Drafts that can still be submitted, with `due`: the call's deadline or a later one of their own."""
    drafts = Application.objects.filter(
        status=Status.DRAFT,
        call__editorial=Editorial.PUBLISHED,
        call__opens_at__lte=at,
        call__closes_at__isnull=False,
    )
    return drafts.annotate(due=Greatest("call__closes_at", "extended_to")).filter(due__gt=at)


def _drafts(at: datetime) -> Iterator[Rows]:
    yield _columns(open_drafts(at), Audience.DRAFT)


def _incomplete(at: datetime) -> Iterator[Rows]:
    """Drafts whose partners may not all have agreed, or whose form asks for documents."""
    drafts = open_drafts(at)
    yield _columns(
        drafts.filter(call__consent_required=True, partners__isnull=False).distinct(), Audience.CONSENT
    )
    asked = Question.objects.filter(
        section__call=OuterRef("call"),
        section__version=OuterRef("form_version"),
        type=QuestionType.FILE,
        required=True,
    )
    yield _columns(drafts.filter(Exists(asked)), Audience.DOCUMENT)


def _following(at: datetime) -> Iterator[Rows]:
    """Applications that were submitted and owe a document with a later day of its own."""
    questions = Question.objects.filter(
        type=QuestionType.FILE,
        required=True,
        settings__has_key="due_on",
        section__call__editorial=Editorial.PUBLISHED,
        section__call__closes_at__isnull=False,
    )
    for question in questions.select_related("section__call"):
        call, asked = question.section.call, asked_of(question, question.section)
        due = due_of(asked, Application(call=call))
        if asked.due_on is None or due is None or call.closes_at is None or not due > max(call.closes_at, at):
            continue
        rows = Application.objects.filter(
            call=call, form_version=question.section.version, status__in=FOLLOWS_IN
        )
        rows = rows.filter(Q(extended_to__isnull=True) | Q(extended_to__lt=due))
        if not asked.each_party:
            there = Document.objects.kept().filter(
                application=OuterRef("pk"), question=question.key, city__isnull=True
            )
            rows = rows.exclude(Exists(there))
        yield _columns(rows, Audience.DOCUMENT, due=_instant(due), since=F("submitted_at"))


def _corrections(at: datetime) -> Iterator[Rows]:
    rows = unanswered().filter(application__status=Status.SUBMITTED, due_at__gt=at)
    yield _columns(rows, Audience.CORRECTION, "application__", due=F("due_at"), since=F("asked_at"))


def _places_proposed(at: datetime) -> Iterator[Rows]:
    rows = open_places(at).select_related(None).prefetch_related(None)
    run = "proposal__run__"
    yield _columns(
        rows, Audience.PROPOSAL, "application__", due=F(f"{run}answer_by"), since=F(f"{run}published_at")
    )


def _places(at: datetime) -> Iterator[Rows]:
    rows = to_answer().filter(acceptance_due_at__gt=at)
    yield _columns(rows, Audience.PLACE, "application__", due=F("acceptance_due_at"), since=_instant(None))


def _reviews(at: datetime) -> Iterator[Rows]:
    """Reviews to finish, whether or not they are late yet."""
    rows = unfinished(
        Assignment.objects.filter(user__is_active=True, application__call__review_due_at__isnull=False)
    )
    yield _columns(
        rows, Audience.REVIEW, "application__", due=F("application__call__review_due_at"), person=F("user_id")
    )


SORTS = (
    Sort("reminder", (Audience.DRAFT,), _drafts, together=True),
    Sort("missing_reminder", (Audience.CONSENT, Audience.DOCUMENT), _incomplete, together=True),
    Sort("document_due", (Audience.DOCUMENT,), _following, together=True),
    Sort("correction_reminder", (Audience.CORRECTION,), _corrections),
    Sort("pairing_reminder", (Audience.PROPOSAL,), _places_proposed),
    Sort("answer_due", (Audience.PLACE,), _places),
    Sort("review_reminder", (Audience.REVIEW,), _reviews, together=True),
)
SORT_OF = {sort.kind: sort for sort in SORTS}


def _columns(
    rows: Rows,
    audience: Audience,
    path: str = "",
    *,
    due: Any = None,
    since: Any = None,
    person: Any = None,
) -> Rows:
    """The columns of an audience, of published calls alone: what is archived reminds nobody."""
    named = {
        "said": Value(audience.value, CharField()),
        "told_of": F(f"{path}pk") if path else F("pk"),
        "asked_in": F(f"{path}call_id"),
        "led_by": F(f"{path}lead_id"),
        "asked_person": Cast(person or Value(None), BigIntegerField()),
        "due_then": due or F("due"),
        "asked_then": since or _instant(None),
    }
    rows = rows.filter(**{f"{path}call__editorial": Editorial.PUBLISHED}).order_by()
    order = ("said", "pk", "told_of", "asked_in", "led_by", "asked_person", "due_then", "asked_then")
    return rows.annotate(**named).values_list(*order)


def _instant(value: datetime | None) -> Any:
    return Cast(Value(value, DateTimeField()), DateTimeField())
