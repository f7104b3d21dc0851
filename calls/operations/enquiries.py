"""Public questions about a call: asked within its window, answered for everybody or declined to one."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from calls.access import require, require_call_staff
from calls.models import Application, Call, EligibilityRule, Enquiry
from calls.operations.mailing import readers_of
from calls.operations.status import NotPossible
from calls.queries.answers import form_of
from calls.queries.deadlines import word_instant
from calls.queries.enquiries import asked_until, takes_questions
from calls.workflow import Status
from cooperation.accounts.models import User
from cooperation.notifications.operations import post

MOST_WAITING = 10  # questions of one person in one call


@transaction.atomic
def ask(
    *,
    call: Call,
    text: str,
    language: str,
    by: User,
    at: datetime,
    rule: EligibilityRule | None = None,
    question: str = "",
) -> Enquiry:
    """Ask about a call, about one of its rules or about a question of its form.

    The same words sent twice are one question. Raises NotAllowed, and NotPossible outside the window.
    """
    require(by.is_active, _("This account is closed."))
    current = Call.objects.select_for_update(no_key=True).get(pk=call.pk)
    _require_window(current, at)
    _require_subject(current, rule, question)
    if not text.strip():
        raise NotPossible(_("Write your question."))
    waiting = current.enquiries.waiting().filter(asked_by=by)
    if same := waiting.filter(text=text.strip(), rule=rule, question=question).first():
        return same
    if waiting.count() >= MOST_WAITING:
        raise NotPossible(
            _("%(count)s of your questions wait for an answer. Wait for the first one.")
            % {"count": MOST_WAITING}
        )
    last = current.enquiries.aggregate(last=Max("number"))["last"] or 0
    return Enquiry.objects.create(
        call=current,
        number=last + 1,
        text=text.strip(),
        language=language,
        rule=rule,
        question=question,
        asked_at=at,
        asked_by=by,
    )


def _require_window(call: Call, at: datetime) -> None:
    if takes_questions(call, at):
        return
    until = asked_until(call)
    if until is None:
        raise NotPossible(_("This call takes no questions."))
    raise NotPossible(
        _("Questions were taken until %(when)s. What was answered stays published.")
        % {"when": word_instant(until, call.zone)}
    )


def _require_subject(call: Call, rule: EligibilityRule | None, question: str) -> None:
    if rule and (question or rule.call_id != call.pk):
        raise NotPossible(_("A question is about one rule or one question of this call."))
    keys = {row.key for section in form_of(call) for row in section.questions.all()} if question else set()
    if question and question not in keys:
        raise NotPossible(_("The form of this call does not ask this."))


@transaction.atomic
def answer(
    *, enquiry: Enquiry, texts: Mapping[str, str], answers: Mapping[str, str], by: User, at: datetime
) -> Enquiry:
    """Publish a question, in the words that staff chose, with its answer; both by language.

    The asker is mailed, and once those who are writing an application. An answer that is published stays;
    languages that were missing can be added later, and nobody is mailed again. Raises NotPossible.
    """
    current = _lock(enquiry, by)
    texts, answers = _written(texts), _written(answers)
    if current.answered_at:
        return _add_languages(current, texts, answers)
    decides = current.call.texts.filter(authoritative=True).values_list("language", flat=True).first()
    if not texts or not answers or (decides and not answers.get(decides)):
        raise NotPossible(_("Write the question as published and the answer, in the language that decides."))
    current.texts, current.answers = texts, answers
    current.answered_at, current.answered_by = at, by
    current.save(update_fields=["texts", "answers", "answered_at", "answered_by"])
    _mail_asker(current, at)
    _tell_writers(current, at)
    return current


@transaction.atomic
def decline(*, enquiry: Enquiry, reason: str, by: User, at: datetime) -> Enquiry:
    """Answer the asker alone: the question is not published, with the reason."""
    current = _lock(enquiry, by)
    if current.answered_at:
        raise NotPossible(_answered(current))
    if not reason.strip():
        raise NotPossible(_("Give the reason: whoever asked reads it."))
    current.answers, current.declined = {current.language: reason.strip()}, True
    current.answered_at, current.answered_by = at, by
    current.save(update_fields=["answers", "declined", "answered_at", "answered_by"])
    _mail_asker(current, at)
    return current


def _lock(enquiry: Enquiry, by: User) -> Enquiry:
    rows = Enquiry.objects.select_for_update(of=("self",)).select_related("call", "asked_by", "answered_by")
    current = rows.get(pk=enquiry.pk)
    require_call_staff(by)
    return current


def _written(texts: Mapping[str, str]) -> dict[str, str]:
    return {language: text.strip() for language, text in texts.items() if text.strip()}


def _answered(enquiry: Enquiry) -> str:
    sentence = _("%(who)s answered question %(number)s already. Read the answer first.")
    return sentence % {"who": enquiry.answered_by, "number": enquiry.number}


def _add_languages(enquiry: Enquiry, texts: Mapping[str, str], answers: Mapping[str, str]) -> Enquiry:
    """Only what was missing: what is published is never written over."""
    changed = any(
        kept.get(code, text) != text
        for kept, typed in ((enquiry.texts, texts), (enquiry.answers, answers))
        for code, text in typed.items()
    )
    if enquiry.declined or changed:
        raise NotPossible(_answered(enquiry))
    enquiry.texts, enquiry.answers = {**texts, **enquiry.texts}, {**answers, **enquiry.answers}
    enquiry.save(update_fields=["texts", "answers"])
    return enquiry


def _mail_asker(enquiry: Enquiry, at: datetime) -> None:
    kind = "enquiry_declined" if enquiry.declined else "enquiry_answered"
    _post(enquiry, enquiry.asked_by, kind, at)


def _tell_writers(enquiry: Enquiry, at: datetime) -> None:
    """Everybody who writes in this call hears once, in however many applications; the asker knows already."""
    rows = Application.objects.filter(call=enquiry.call_id, status__in=[Status.DRAFT, Status.SUBMITTED])
    writers: dict[int, tuple[User, Application]] = {}
    # of several applications of one writer, the one that stays open the longest
    for application in rows.select_related("lead", "call").order_by(
        F("extended_to").desc(nulls_last=True), "pk"
    ):
        for reader in readers_of(application):
            writers.setdefault(reader.pk, (reader, application))
    writers.pop(enquiry.asked_by_id, None)
    for reader, application in writers.values():
        _post(enquiry, reader, "answer", at, application)


def _post(
    enquiry: Enquiry, reader: User, kind: str, at: datetime, application: Application | None = None
) -> None:
    post(
        key=f"{kind}:{enquiry.pk}:{reader.pk}",
        kind=kind,
        reader=reader,
        recipient=reader.email,
        language=reader.language,
        template=f"calls/mail/{kind}.txt",
        context={"enquiry": enquiry, "call": enquiry.call, "application": application},
        about={
            "call": enquiry.call_id,
            "enquiry": enquiry.pk,
            "application": application.pk if application else None,
        },
        at=at,
    )
