"""What waits for the people of a partnership's members, in words, most urgent first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.models import Member, Partnership
from partnerships.models.follow_up import ReportStep
from partnerships.queries.agreement import agreement_of

SOON = timedelta(days=60)


@dataclass(frozen=True)
class Waiting:
    """One thing to do: a state of the look, its words, where to do it."""

    look: str
    title: str
    note: str
    url: str


def waiting_for(partnership: Partnership, seats: Sequence[Member], at: datetime) -> list[Waiting]:
    """Reports, signatures, milestones without news and requests: five queries, whatever there is."""
    today = at.date()
    return [
        *_reports(partnership, today),
        *_signatures(partnership, seats),
        *_milestones(partnership, today),
        *_requests(partnership),
        *_stories(partnership),
    ]


def _page(partnership: Partnership, name: str, *more: object) -> str:
    return reverse(f"partnerships:{name}", args=[partnership.slug, *more])


def _reports(partnership: Partnership, today: date) -> Iterator[Waiting]:
    for report in partnership.due_reports.to_write().filter(due_on__lte=today + SOON):
        url, left = _page(partnership, "work_report", report.pk), (report.due_on - today).days
        if report.step == ReportStep.RETURNED:
            yield Waiting("attention", capfirst(str(report)), _("Returned to you with a reason"), url)
        elif left < 0:
            late = ngettext("%(count)s day late", "%(count)s days late", -left) % {"count": -left}
            yield Waiting("not-met", capfirst(str(report)), late, url)
        else:
            due = ngettext("Due in %(count)s day", "Due in %(count)s days", left) % {"count": left}
            yield Waiting("not-started", capfirst(str(report)), due, url)


def _signatures(partnership: Partnership, seats: Sequence[Member]) -> Iterator[Waiting]:
    found, url = agreement_of(partnership), _page(partnership, "work_agreement")
    if found.newest and not found.current:
        note = _("The members changed since version %(number)s") % {"number": found.newest.number}
        yield Waiting("asked-again", _("Draft the agreement anew"), note, url)
    own = {seat.pk for seat in seats}
    for place in found.to_sign:
        about = {"name": place.member.name, "number": found.newest.number if found.newest else 0}
        if place.member.pk in own:
            title = _("Sign version %(number)s of the agreement for %(name)s") % about
            yield Waiting("attention", title, "", url)
        else:
            note = _("%(name)s has not signed version %(number)s") % about
            yield Waiting("asked", _("Agreement"), note, url)


def _milestones(partnership: Partnership, today: date) -> Iterator[Waiting]:
    rows = partnership.milestones.filter(planned_on__lt=today, actual_on__isnull=True, dropped_reason="")
    for row in rows:
        url = f"{_page(partnership, 'work_milestones')}?edit={row.pk}#form"
        yield Waiting("unknown", str(row), _("Its day has passed. Say when it happened."), url)


def _requests(partnership: Partnership) -> Iterator[Waiting]:
    rows = partnership.joining_requests.filter(answer="").select_related("city", "organisation")
    for row in rows:
        yield Waiting(
            "asked", str(row), _("Asked to join, no answer yet"), _page(partnership, "work_members")
        )


def _stories(partnership: Partnership) -> Iterator[Waiting]:
    for row in partnership.stories.filter(published_at__isnull=True):
        note = _("Not on the public page yet")
        yield Waiting("incomplete", str(row), note, _page(partnership, "work_stories"))
