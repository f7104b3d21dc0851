"""The life of one application for the people who write it: every step, submission and attempt, in order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from django.utils.translation import gettext as _

from calls.models import Application, Decision, Question, SetAside, StatusChange
from calls.models.application import ApplicationStatus
from calls.models.consent import ConsentAnswer
from calls.queries.answers import sections_of, shown
from calls.queries.changes import Change
from calls.queries.correction_reasons import sentences
from calls.queries.deadlines import word_instant
from calls.queries.eligibility_wording import Vocabulary
from calls.queries.receipts import Moment, moments
from calls.workflow import Actor, Status, transitions


@dataclass(frozen=True)
class Event:
    """One line: when, a state of the look, what happened, by whom, and what belongs to it."""

    at: datetime
    state: str
    what: str
    by: str = ""
    detail: str = ""
    submission: int = 0
    fingerprint: list[str] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    # What differs from the submission before.
    changes: Sequence[Change] = ()
    day_only: bool = False


@dataclass(frozen=True)
class Line:
    """An event with its instant on the call's clock, to the microsecond."""

    event: Event
    moment: Moment


def history_of(application: Application) -> list[Line]:
    """Everything that happened, the newest first; in a number of queries that does not grow with it."""
    zone = application.call.zone
    begun = Event(application.created_at, "saved", _("Draft begun"), str(application.created_by))
    events = [
        begun,
        *_steps(application),
        *_submissions(application),
        *refusals_of(application),
        *_extensions(application),
        *_later_answers(application),
        *amendments_of(application),
        *_waivers(application),
        *_corrections(application),
        *consents_of(application),
        *_set_aside(application),
    ]
    events.sort(key=lambda event: event.at, reverse=True)
    return [Line(event, moments(event.at, [(zone, "")])[0]) for event in events]


def _steps(application: Application) -> Iterable[Event]:
    """Changes of status; that of a submission is told by the submission itself.

    What staff decide is the organiser's: who of them did it stays with the staff.
    """
    organiser = application.call.programme.organiser
    looks = {Status.WITHDRAWN: "withdrawn", Status.DRAFT: "saved"}
    labels = dict(ApplicationStatus.choices)
    for row in application.status_changes.select_related("by"):
        if row.target == Status.SUBMITTED:
            continue
        what = _("Reopened as a draft") if row.target == Status.DRAFT else str(labels[row.target])
        by = organiser if _by_staff(row) else str(row.by)
        if row.overrides:
            what = f"{what}, {_('against the assessment')}"
        yield Event(row.at, looks.get(Status(row.target), "done"), what, by, row.note)


def _by_staff(row: StatusChange) -> bool:
    """Whether the organiser took this step.

    A place is declined by the city before the answer is due; staff free it from then on.
    """
    actors = {step.actor for step in transitions(row.source, row.target)}
    if len(actors) < 2:
        return Actor.STAFF in actors
    due = Decision.objects.filter(application=row.application_id).values_list("acceptance_due_at", flat=True)
    return any(moment and row.at >= moment for moment in due)


def _submissions(application: Application) -> Iterable[Event]:
    for row in application.snapshots.select_related("submitted_by").defer("content"):
        what = _("Submission %(number)s received") % {"number": row.number}
        yield Event(
            row.received_at, "complete", what, str(row.submitted_by),
            submission=row.number, fingerprint=row.fingerprint,
        )  # fmt: skip


def refusals_of(application: Application) -> Iterable[Event]:
    for row in application.attempts.filter(accepted=False).select_related("by"):
        yield Event(row.at, "not-met", _("Attempt to submit refused"), str(row.by), row.reason)


def _extensions(application: Application) -> Iterable[Event]:
    """Who granted it is the organiser; the person's name stays with the staff."""
    for row in application.extensions.all():
        about = {"until": word_instant(row.closes_to, application.call.zone)}
        what = _("Deadline of this application extended to %(until)s") % about
        yield Event(row.at, "asked", what, application.call.programme.organiser, row.reason)


def _later_answers(application: Application) -> Iterable[Event]:
    for row in application.answer_extensions.all():
        about = {"until": word_instant(row.due_to, application.call.zone)}
        what = _("Your answer to the place may come until %(until)s") % about
        yield Event(row.at, "asked", what, application.call.programme.organiser, row.reason)


def amendments_of(application: Application) -> Iterable[Event]:
    """Those published since the draft was begun; an amendment has a day, and no hour."""
    call = application.call
    begun_on = call.day_of(application.created_at)
    for row in call.amendments.filter(published_on__gte=begun_on):
        start = datetime.combine(row.published_on, time(), tzinfo=call.zone_info)
        what = _("Amendment %(number)s to the call") % {"number": row.number}
        parts = [str(row)]
        if row.closes_to:
            parts.append(_("Closes now: %(when)s.") % {"when": word_instant(row.closes_to, call.zone)})
        yield Event(start, "asked", what, call.programme.organiser, " ".join(parts), day_only=True)


def _waivers(application: Application) -> Iterable[Event]:
    """Rules that staff hold not against this application, with the reason; and no longer."""
    organiser = application.call.programme.organiser
    for row in application.waivers.select_related("rule"):
        about = {"rule": row.rule.get_kind_display()}
        yield Event(row.at, "waived", _("Rule waived: %(rule)s") % about, organiser, row.reason)
        if row.ended_at:
            yield Event(row.ended_at, "not-met", _("Waiver ended: %(rule)s") % about, organiser)


def _corrections(application: Application) -> Iterable[Event]:
    """What staff asked to correct; the answer is told by its submission."""
    organiser = application.call.programme.organiser
    for row in application.corrections.all():
        about = {"until": word_instant(row.due_at, application.call.zone)}
        detail = " ".join([*sentences(row.reasons), row.note]).strip()
        yield Event(row.asked_at, "asked", _("Correction asked, by %(until)s") % about, organiser, detail)
        if row.closed_at and row.answered_at is None and row.closed_at < row.due_at:
            yield Event(row.closed_at, "withdrawn", _("Request for correction taken back"), organiser)


def consents_of(application: Application) -> Iterable[Event]:
    words = {
        ConsentAnswer.AGREED: ("met", _("%(city)s agreed")),
        ConsentAnswer.DECLINED: ("not-met", _("%(city)s declined")),
        ConsentAnswer.CHANGE: ("asked", _("%(city)s proposed a change")),
    }
    for row in application.consents.select_related("city").defer("text"):
        state, what = words[ConsentAnswer(row.answer)]
        yield Event(
            row.at, state, what % {"city": row.city.name}, f"{row.signatory}, {row.function}", row.note
        )


def _set_aside(application: Application) -> Iterable[Event]:
    rows = list(application.set_aside.select_related("by"))
    if not rows:
        return
    names = Vocabulary.current()
    asked = {question.key: question for row in sections_of(application) for question in row.questions.all()}
    for row in rows:
        what = _("Changes set aside: back to what was submitted")
        yield Event(row.at, "reserve", what, str(row.by), texts=_texts(row, asked, names.themes))


def _texts(row: SetAside, asked: Mapping[str, Question], themes: Mapping[str, str]) -> list[tuple[str, str]]:
    """What was set aside, question by question; a question that left the form is named by its key."""
    answers: Mapping[str, Any] = row.answers
    texts = [
        (
            asked[key].label if key in asked else key,
            shown(asked[key], answer, themes) if key in asked else str(answer),
        )
        for key, answer in answers.items()
    ]
    return [*texts, (_("Partner cities"), ", ".join(row.partners))] if row.partners else texts
