"""The plan of a call's reminders: counts for each one, and the people behind a count."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from calls.access import require_reader
from calls.admin.pages import person
from calls.admin.ranking import load_call
from calls.admin.setup.common import setup_page
from calls.models import Call
from calls.models.reminder import Audience
from calls.queries.blinding import HIDDEN
from calls.queries.clock import database_now
from calls.queries.deadlines import word_instant
from calls.queries.reminder_plan import (
    SENT,
    WAITS,
    Line,
    applications_of,
    people_to_come,
    plan_of,
    posted_to,
    references_for,
    step_named,
)
from calls.queries.reminder_words import audiences_in_words, days_in_words, offset_in_words
from cooperation.accounts.models import User
from cooperation.notifications.models import Message, MessageState, Mode

A_PAGE = 50
Told = tuple[User | None, Mapping[str, Any], datetime, str]  # who, about what, when, how
MOST = 2**31
MODES = {
    Mode.AT_ONCE.value: gettext_lazy("a mail of its own"),
    Mode.DAILY.value: gettext_lazy("in the daily digest"),
    Mode.WEEKLY.value: gettext_lazy("in the weekly digest"),
    Mode.PORTAL.value: gettext_lazy("in the portal only"),
}


@require_safe
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """What is to come, and what became of what was posted."""
    call = load_call(request, pk)
    found = plan_of(call, database_now())
    context = {
        "title": _("Plan of reminders: %(call)s") % {"call": call.title},
        "coming": [_shown(call, line) for line in found.coming],
        "past": [_shown(call, line) for line in found.past],
        "idle": [(rule, days_in_words(rule)) for rule in found.idle],
        "may_read": request.user.has_perm("calls.view_application"),
    }
    return setup_page(request, call, "admin/calls/call/reminder_plan.html", context)


def _shown(call: Call, line: Line) -> dict[str, Any]:
    return {
        "line": line,
        "what": audiences_in_words(line.audiences),
        "offset": offset_in_words(line.days),
        "at": word_instant(line.at, call.zone),
        "due": word_instant(line.due, call.zone),
        "became": _became(line.states),
    }


def _became(states: Mapping[str, int]) -> list[str]:
    """Counts in words, none that is nought."""
    sums = {
        "sent": sum(states.get(state, 0) for state in SENT),
        "waits": sum(states.get(state, 0) for state in WAITS),
        "held": states.get(MessageState.HELD, 0),
        "lapsed": states.get(MessageState.LAPSED, 0),
        "failed": states.get(MessageState.DEAD, 0) + states.get(MessageState.CANCELLED, 0),
    }
    words = {
        "sent": ngettext("%(count)s sent", "%(count)s sent", sums["sent"]),
        "waits": ngettext("%(count)s waits", "%(count)s wait", sums["waits"]),
        "held": ngettext("%(count)s held", "%(count)s held", sums["held"]),
        "lapsed": ngettext("%(count)s lapsed", "%(count)s lapsed", sums["lapsed"]),
        "failed": ngettext("%(count)s not sent", "%(count)s not sent", sums["failed"]),
    }
    return [words[name] % {"count": count} for name, count in sums.items() if count]


@require_safe
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """Who gets one reminder, or got it: when on each person's own clock, and how."""
    call, at = load_call(request, pk), database_now()
    require_reader(person(request))
    kind, due, days = request.GET.get("kind", ""), _number(request, "due"), _number(request, "days")
    messages = posted_to(call, kind, due, days)
    step = None if "posted" in request.GET else step_named(call, kind, due, days, at)
    sample = None if step else messages.first()
    if step is None and sample is None:
        raise Http404
    page = Paginator(range(step.people) if step else messages, A_PAGE).get_page(request.GET.get("page", ""))
    told: list[Told]
    if step:
        found = people_to_come(call, step, at=at, first=page.start_index() - 1, most=A_PAGE)
        readers = User.objects.in_bulk({row.reader_id for row in found})
        told = [(readers[row.reader_id], row.about, row.not_before, str(MODES[row.mode])) for row in found]
    else:
        told = [_posted(row) for row in cast(Iterable[Message], page.object_list)]
    references = references_for(person(request), [about for _reader, about, _leaves, _how in told])
    heading = audiences_in_words(step.audiences if step else cast(Message, sample).about["asks"])
    due_at = datetime.fromtimestamp(due, tz=UTC)
    context = {
        "title": f"{heading}: {call.title}",
        "heading": f"{heading}, {offset_in_words(days)}",
        "at": word_instant(due_at - timedelta(days=days), call.zone),
        "due": word_instant(due_at, call.zone),
        "coming": step is not None,
        "lines": [
            {
                "reader": reader,
                "recipient": getattr(reader, "email", ""),
                "about": _about(about, references),
                "call_clock": word_instant(leaves, call.zone),
                "own_clock": word_instant(leaves, zone),
                "how": how,
            }
            for reader, about, leaves, how in told
            for zone in [reader.time_zone if reader else call.zone]
        ],
        "page_obj": page,
    }
    return setup_page(request, call, "admin/calls/call/reminder_people.html", context)


def _number(request: HttpRequest, name: str) -> int:
    """A whole number of the address. Raises Http404 for anything else."""
    try:
        value = int(request.GET.get(name, ""))
    except ValueError as error:
        raise Http404 from error
    if abs(value) > MOST:
        raise Http404
    return value


def _posted(message: Message) -> Told:
    when = message.sent_at or message.not_before
    return message.reader, message.about, when, message.get_state_display()


def _about(about: Mapping[str, Any], references: Mapping[int, tuple[str, bool]]) -> str:
    """References as far as this person may read them; drafts and reviews by their number alone."""
    if Audience.REVIEW.value in about["asks"]:
        count = len(about["rows"])
        return ngettext("%(count)s review", "%(count)s reviews", count) % {"count": count}
    pks = applications_of(about)
    named = [references[pk] for pk in pks if pk in references]
    words = [str(HIDDEN) if closed else reference for reference, closed in named]
    if drafts := len(pks) - len(named):
        words.append(ngettext("%(count)s draft", "%(count)s drafts", drafts) % {"count": drafts})
    return ", ".join(dict.fromkeys(words))
