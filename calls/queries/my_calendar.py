"""The dates of one person: applications, what waits for an answer, reviews, partnerships, commitments.

Everything is asked afresh: whoever loses a role loses its dates with the next look. What is shown are
titles that the person reads on the pages, never other people.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from calls.models import AnswerExtension, Application, Question
from calls.models.call import Editorial
from calls.models.form import QuestionType
from calls.queries.calendar import Entry, Reader, called_off, on_clocks, start_of
from calls.queries.city_tasks import Kind, tasks_of
from calls.queries.document_slots import FOLLOWS_IN, asked_of, due_of
from calls.queries.my_reviews import my_calls
from calls.workflow import Status
from cooperation.accounts.models import User
from partnerships.models import Commitment, DueReport, Milestone
from partnerships.models.wording import localise
from partnerships.queries.mine import cities_kept_by, live_partnerships_of
from partnerships.queries.reporting import due_next

SHOWN_FOR = timedelta(days=90)  # how long what is over stays


def entries_of(user: User, at: datetime) -> list[Entry]:
    """What is dated for this person, in a number of queries that does not grow with it."""
    reader = (user.time_zone, "") if user.time_zone != "UTC" else None
    applications = _applications(user, at)
    return [
        *(_standing(row, _closing(row, reader)) for row in applications if _closes(row)),
        *_documents(applications, at, reader),
        *_tasks(user, at, reader),
        *_reviews(user, at, reader),
        *_of_partnerships(user, at),
        *_of_commitments(user, at),
    ]


def _url(path: str) -> str:
    return settings.SITE_URL + path


def _applications(user: User, at: datetime) -> list[Application]:
    """Live ones whose call is not long over."""
    rows = Application.objects.visible_to(user).live().exclude(call__editorial=Editorial.ARCHIVED)
    recent = Q(call__closes_at__isnull=True) | Q(call__closes_at__gte=at - SHOWN_FOR)
    recent |= Q(status__in=[str(status) for status in FOLLOWS_IN]) | Q(extended_to__gte=at - SHOWN_FOR)
    rows = rows.filter(recent).select_related("call", "lead__city").order_by("pk")
    return list(rows.prefetch_related("call__texts", "call__amendments", "extensions", "documents"))


def _closes(application: Application) -> bool:
    return application.is_editable_status and application.closes_at is not None


def _about(application: Application) -> dict[str, Any]:
    return {
        "what": application.title or application.reference,
        "call": application.call.title,
        "reference": application.reference,
    }


def _closing(application: Application, reader: Reader) -> Entry:
    """The applicant's own deadline; an amendment or an extension raises its revision."""
    call, closes_at = application.call, application.closes_at
    assert closes_at is not None  # noqa: S101 said to mypy; asked before
    moved = [start_of(row.published_on, call) for row in call.amendments.all() if row.closes_to]
    moved += [row.at for row in application.extensions.all()]
    submitted = application.status == Status.SUBMITTED
    words = (
        _("Submitted, can be changed until then: %(what)s") if submitted else _("To be submitted: %(what)s")
    )
    about = _about(application)
    return Entry(
        key=f"application-{application.pk}-closes",
        title=words % about,
        at=closes_at,
        zone=call.zone,
        details=f"{call.title}\n{application.reference}\n{on_clocks(closes_at, call.zone, reader)}",
        url=_url(application.get_absolute_url()),
        revision=len(moved),
        changed_at=max([application.created_at, application.submitted_at or application.created_at, *moved]),
    )


def _standing(application: Application, entry: Entry) -> Entry:
    """A date of an application, cancelled with its call."""
    return called_off(entry, application.call) if application.call.cancelled else entry


def _documents(applications: list[Application], at: datetime, reader: Reader) -> Iterator[Entry]:
    """Documents that may follow after the deadline, while one is missing. One query."""
    ours = {row.call_id: row for row in applications if row.status in FOLLOWS_IN or row.is_editable_status}
    rows = Question.objects.filter(
        section__call__in=ours, type=QuestionType.FILE, settings__has_key="due_on"
    ).select_related("section")
    questions = list(rows)
    for application in applications:
        if application.call_id not in ours:
            continue
        attached = {row.question for row in application.documents.all() if not row.removed_at}
        for question in questions:
            section = question.section
            if (section.call_id, section.version) != (application.call_id, application.form_version):
                continue
            asked = asked_of(question, section)
            due = due_of(asked, application)
            if asked.due_on is None or due is None or due <= at:
                continue
            if question.key in attached and not asked.each_party:
                continue
            about = {**_about(application), "document": localise(question.labels)}
            entry = Entry(
                key=f"application-{application.pk}-document-{question.key}",
                title=_("Document due, %(document)s: %(what)s") % about,
                # the whole of its day; where the call closes later, the deadline
                at=asked.due_on if due != application.closes_at else due,
                zone=application.call.zone,
                details=f"{application.call.title}\n{on_clocks(due, application.call.zone, reader)}",
                url=_url(reverse("calls:documents", args=[application.reference])),
                changed_at=application.created_at,
            )
            yield _standing(application, entry)


def _tasks(user: User, at: datetime, reader: Reader) -> Iterator[Entry]:
    """Places to accept, corrections to make, proposals to answer."""
    words = {
        Kind.PLACE: (_("Accept or decline the place: %(what)s"), "calls:offer"),
        Kind.CORRECTION: (_("Correction due: %(what)s"), "calls:application"),
        Kind.PROPOSAL: (_("Answer about the proposed partner: %(what)s"), "calls:proposal"),
    }
    tasks = tasks_of(user, at)
    places = [task.application.pk for task in tasks if task.kind == Kind.PLACE]
    extended = AnswerExtension.objects.filter(application__in=places).values_list("application", flat=True)
    later = Counter(extended)
    for task in tasks:
        title, page = words[task.kind]
        call = task.application.call
        yield Entry(
            key=f"application-{task.application.pk}-{task.kind}",
            title=title % _about(task.application),
            at=task.due_at,
            zone=call.zone,
            details=f"{call.title}\n{on_clocks(task.due_at, call.zone, reader)}",
            url=_url(reverse(page, args=[task.application.reference])),
            revision=later[task.application.pk] if task.kind == Kind.PLACE else 0,
            changed_at=task.application.submitted_at or task.application.created_at,
        )


def _reviews(user: User, at: datetime, reader: Reader) -> Iterator[Entry]:
    """One date for all of a call's applications that are still to be scored; no applicant is named."""
    for mine in my_calls(user, at):
        call = mine.call
        if call.review_due_at is None or not mine.to_do:
            continue
        yield Entry(
            key=f"call-{call.pk}-reviews",
            title=_("Reviews due: %(call)s") % {"call": call.title},
            at=call.review_due_at,
            zone=call.zone,
            details=on_clocks(call.review_due_at, call.zone, reader),
            url=_url(reverse("admin:calls_assignment_changelist")),
            changed_at=call.published_at or call.opens_at,
        )


def _of_partnerships(user: User, at: datetime) -> Iterator[Entry]:
    """Milestones, dropped ones as cancelled, and reports to be written."""
    rows = {row.pk: row for row in live_partnerships_of(user)}
    since = (at - SHOWN_FOR).date()
    planned = Milestone.objects.filter(partnership__in=rows)
    recent = Q(actual_on__gte=since) | Q(actual_on__isnull=True, planned_on__gte=since)
    for milestone in planned.filter(recent):
        partnership = rows[milestone.partnership_id]
        yield Entry(
            key=f"milestone-{milestone.pk}",
            title=_("%(what)s: %(partnership)s") % {"what": milestone, "partnership": partnership.title},
            at=milestone.actual_on or milestone.planned_on or since,
            place=milestone.place,
            url=_url(reverse("partnerships:work_milestones", args=[partnership.slug])),
            revision=milestone.version,
            cancelled=bool(milestone.dropped_reason),
        )
    for report in DueReport.objects.to_write().filter(partnership__in=rows):
        partnership = rows[report.partnership_id]
        about = {"what": capfirst(str(report)), "partnership": partnership.title}
        yield Entry(
            key=f"report-{report.pk}",
            title=_("%(what)s due: %(partnership)s") % about,
            at=report.due_on,
            url=_url(reverse("partnerships:work_report", args=[partnership.slug, report.pk])),
            revision=report.version,
        )


def _of_commitments(user: User, at: datetime) -> Iterator[Entry]:
    """The next report of each commitment that a city keeps here, one year ahead."""
    cities = {row.pk: row for row in cities_kept_by(user)}
    rows = Commitment.objects.shown().filter(city__in=cities).prefetch_related("reports")
    for commitment in rows:
        due_on = due_next(commitment)
        if due_on is None or due_on < (at - SHOWN_FOR).date():
            continue
        city = cities[commitment.city_id]
        yield Entry(
            key=f"commitment-{commitment.pk}-{due_on.year}",
            title=_("Report on %(commitment)s due: %(city)s") % {"commitment": commitment, "city": city.name},
            at=due_on,
            url=_url(city.get_absolute_url()),
        )
