"""The life of one application as staff read it: with names, reviews, decisions and what versions differ in.

Reviewers and cities never read this; the city's own page is calls.queries.history.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from calls.models import Application, Decision, Reopening
from calls.models.application import ApplicationStatus
from calls.queries.blinding import HIDDEN
from calls.queries.changes import changes_between
from calls.queries.correction_reasons import labels
from calls.queries.deadlines import word_instant
from calls.queries.decisions import RESULTS
from calls.queries.eligibility_wording import Vocabulary
from calls.queries.history import Event, Line, amendments_of, consents_of, refusals_of
from calls.queries.history_visible import blinded_from
from calls.queries.receipts import moments
from calls.workflow import Status
from cooperation.accounts.models import User


def staff_history_of(application: Application, reader: User) -> list[Line]:
    """Everything that happened, the newest first; in a number of queries that does not grow with it."""
    blinded = blinded_from(reader).filter(pk=application.pk).exists()
    events = [
        Event(application.created_at, "saved", _("Draft begun"), str(application.created_by)),
        *_steps(application, blinded),
        *_submissions(application),
        *refusals_of(application),
        *_extensions(application),
        *_later_answers(application),
        *_corrections(application),
        *amendments_of(application),
        *consents_of(application),
        *_waivers(application),
        *_decision(application, blinded),
        *_complaints(application),
        *([] if blinded else [*_assignments(application), *_conflicts(application), *_reviews(application)]),
    ]
    events.sort(key=lambda event: event.at)
    events.reverse()  # what follows at the same instant stands above what it follows
    return [Line(event, moments(event.at, [(application.call.zone, "")])[0]) for event in events]


def _steps(application: Application, blinded: bool) -> Iterable[Event]:
    """Changes of status; that of a submission is told by the submission itself."""
    looks = {Status.WITHDRAWN: "withdrawn", Status.DRAFT: "saved", Status.INELIGIBLE: "not-met"}
    words = dict(ApplicationStatus.choices)
    for row in application.status_changes.select_related("by"):
        if row.target == Status.SUBMITTED:
            continue
        what = _("Reopened as a draft") if row.target == Status.DRAFT else str(words[row.target])
        if row.overrides:
            what = _("%(step)s, against the assessment") % {"step": what}
        note = HIDDEN if blinded and row.target in RESULTS else row.note
        yield Event(row.at, looks.get(Status(row.target), "done"), what, str(row.by), str(note))


def _submissions(application: Application) -> Iterable[Event]:
    """Each submission with what differs from the one before, question by question."""
    snapshots = list(application.snapshots.select_related("submitted_by").order_by("number"))
    several = len(snapshots) > 1
    sections = list(application.call.sections.prefetch_related("questions")) if several else []
    names = Vocabulary.current() if several else None
    for before, row in zip([None, *snapshots], snapshots, strict=False):
        row.application = application
        what = _("Submission %(number)s received") % {"number": row.number}
        changes = changes_between(before, row, names, sections) if before and names else []
        yield Event(
            row.received_at, "complete", what, str(row.submitted_by),
            submission=row.number, fingerprint=row.fingerprint, changes=changes,
        )  # fmt: skip


def _extensions(application: Application) -> Iterable[Event]:
    for row in application.extensions.select_related("by"):
        about = {"until": word_instant(row.closes_to, application.call.zone)}
        what = _("Deadline of this application extended to %(until)s") % about
        yield Event(row.at, "asked", what, str(row.by), row.reason)


def _later_answers(application: Application) -> Iterable[Event]:
    for row in application.answer_extensions.select_related("by"):
        about = {"until": word_instant(row.due_to, application.call.zone)}
        yield Event(row.at, "asked", _("Answer may come until %(until)s") % about, str(row.by), row.reason)


def _corrections(application: Application) -> Iterable[Event]:
    for row in application.corrections.select_related("asked_by", "closed_by"):
        about = {"until": word_instant(row.due_at, application.call.zone)}
        asked = _("Correction asked, due %(until)s") % about
        detail = "\n".join([*labels(row.reasons), *([row.note] if row.note else [])])
        yield Event(row.asked_at, "asked", asked, str(row.asked_by), detail)
        if row.answered_at:
            yield Event(row.answered_at, "met", _("Correction answered by a new submission"))
        if row.closed_at:
            yield Event(row.closed_at, "closed", _("Request for correction closed"), str(row.closed_by))


def _waivers(application: Application) -> Iterable[Event]:
    for row in application.waivers.select_related("rule", "by", "ended_by"):
        about = {"rule": row.rule.get_kind_display()}
        yield Event(row.at, "waived", _("Rule waived: %(rule)s") % about, str(row.by), row.reason)
        if row.ended_at:
            yield Event(row.ended_at, "not-met", _("Waiver ended: %(rule)s") % about, str(row.ended_by))


def _assignments(application: Application) -> Iterable[Event]:
    for row in application.assignments.select_related("user", "assigned_by", "ended_by"):
        about = {"reviewer": row.user, "how": row.get_source_display()}
        what = _("Assigned to %(reviewer)s, %(how)s") % about
        yield Event(row.assigned_at, "invited", what, str(row.assigned_by))
        if row.ended_at:
            about = {"reviewer": row.user, "why": row.get_end_display()}
            what = _("Assignment of %(reviewer)s ended: %(why)s") % about
            yield Event(row.ended_at, "withdrawn", what, str(row.ended_by), row.end_reason)


def _conflicts(application: Application) -> Iterable[Event]:
    for row in application.conflicts.select_related("user", "by", "lifted_by"):
        about = {"reviewer": row.user}
        what = _("Conflict of interest of %(reviewer)s declared") % about
        yield Event(row.at, "attention", what, str(row.by), row.reason)
        if row.lifted_at:
            what = _("Conflict of interest of %(reviewer)s lifted") % about
            yield Event(row.lifted_at, "met", what, str(row.lifted_by), row.lift_reason)


def _reviews(application: Application) -> Iterable[Event]:
    """Who finished and who took it back; what they scored stands on the application's page."""
    for row in application.reviews.filter(finished_at__isnull=False).select_related("reviewer"):
        if row.finished_at:
            yield Event(row.finished_at, "complete", _("Review finished"), str(row.reviewer))
    for again in Reopening.objects.filter(review__application=application).select_related("by"):
        yield Event(again.at, "saved", _("Review reopened"), str(again.by), again.reason)


def _decision(application: Application, blinded: bool) -> Iterable[Event]:
    people = ("recommended_by", "approved_by", "published_by")
    for row in Decision.objects.filter(application=application).select_related(*people):
        about = {"outcome": row.get_outcome_display()}
        what = _("Recommended: %(outcome)s") % about
        reason = str(HIDDEN) if blinded else row.reason
        yield Event(row.recommended_at, "asked", what, str(row.recommended_by), reason)
        if row.approved_at:
            yield Event(row.approved_at, "met", _("Approved: %(outcome)s") % about, str(row.approved_by))
        if row.published_at:
            yield Event(row.published_at, "done", _("Result published"), str(row.published_by))


def _complaints(application: Application) -> Iterable[Event]:
    for row in application.complaints.select_related("by", "answered_by"):
        yield Event(row.at, "asked", _("Complaint received"), str(row.by), row.text)
        if row.answered_at:
            what = _("Complaint upheld") if row.upheld else _("Complaint answered, not upheld")
            yield Event(row.answered_at, "met", what, str(row.answered_by), row.answer)
