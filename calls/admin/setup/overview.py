"""The set-up of a call at a glance: each part with its state, the preflight, publishing."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from calls.access import NotAllowed
from calls.admin.pages import person, status_of
from calls.admin.ranking import load_call
from calls.admin.setup.common import SETUP, setup_page
from calls.models import Call, Question
from calls.models.call import CallKind, Editorial, Process
from calls.models.decision import Outcome, Side
from calls.models.pairing import RunShape
from calls.operations.cancelling import why_not_cancel
from calls.operations.publishing import ask_publication, publish_call
from calls.operations.status import NotPossible
from calls.queries.clock import database_now
from calls.queries.deadlines import word_instant
from calls.queries.eligible_cities import eligible_cities
from calls.queries.pairing_settings import SettingsUnreadableError, pairing_settings
from calls.queries.preflight import Point, Severity, preflight, stops
from calls.queries.set_up import fingerprint, languages_of, set_up_of
from calls.templatetags.call_tags import grouped
from cooperation.web.languages import language_name
from partnerships.models import City


@dataclass(frozen=True)
class Task:
    """One part of the set-up: where it is changed, in a few words what it holds, and its state."""

    label: str
    url: str
    about: str
    state: str
    word: str


@require_safe
def setup(request: HttpRequest, pk: int) -> HttpResponse:
    """The task list and the preflight of a draft; of a published call, what it is made of."""
    return _page(request, load_call(request, pk))


@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """From now on everybody sees the call."""
    call = load_call(request, pk)
    try:
        publish_call(call=call, by=person(request), at=database_now())
    except (NotPossible, NotAllowed) as refusal:
        return _page(request, load_call(request, pk), refusal)
    messages.success(request, _("Published: %(call)s.") % {"call": call})
    return redirect(SETUP, pk)


@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Another person is asked to publish the call as it is now."""
    call = load_call(request, pk)
    try:
        ask_publication(call=call, by=person(request), at=database_now())
    except (NotPossible, NotAllowed) as refusal:
        return _page(request, load_call(request, pk), refusal)
    messages.success(request, _("Asked. Somebody else publishes the call as it is now."))
    return redirect(SETUP, pk)


def _page(request: HttpRequest, call: Call, refusal: Exception | None = None) -> HttpResponse:
    at = database_now()
    draft = call.editorial == Editorial.DRAFT
    points = preflight(call, at) if draft else []
    asked = call.publication_asked_by if draft else None
    me = person(request)
    context = {
        "title": _("Set-up: %(call)s") % {"call": call.title},
        "tasks": _tasks(call, points, at),
        "points": [(point, url_of(call, point)) for point in points],
        "stops": len(stops(points)),
        "two_persons": call.programme.two_person_publishing,
        "asked": asked,
        "asked_by_me": asked is not None and asked.pk == me.pk,
        "changed_since": asked is not None and call.publication_asked_for != fingerprint(set_up_of(call)),
        "cancelling_asked": call.cancellation_asked_by,
        "may_cancel": not why_not_cancel(call, at),
        "refusal": refusal,
    }
    status = status_of(refusal) if refusal else 200
    return setup_page(request, call, "admin/calls/call/setup.html", context, status=status)


def url_of(call: Call, point: Point) -> str:
    """The page that settles a point."""
    one = {"rules": "rule", "texts": "setup_text"}
    rows = {"criteria": "criteria", "quotas": "quotas", "milestones": "milestones", "sides": "sides"}
    if point.which and point.part in one:
        return reverse(f"admin:calls_call_{one[point.part]}", args=[call.pk, point.which])
    if point.which and point.part in rows:
        return reverse("admin:calls_call_setup_row", args=[call.pk, rows[point.part], point.which])
    return _page_of(call, point.part)


def _page_of(call: Call, part: str) -> str:
    own = {
        "about": "change",
        "rules": "rules",
        "dates": "setup_dates",
        "texts": "setup_texts",
        "form": "setup_form",
        "settings": "setup_settings",
        "letters": "setup_letters",
        "pairing": "setup_pairing",
    }
    if part in own:
        return reverse(f"admin:calls_call_{own[part]}", args=[call.pk])
    return reverse("admin:calls_call_setup_part", args=[call.pk, part.replace("_", "-")])


def _tasks(call: Call, points: list[Point], at: Any) -> list[Task]:
    """In the order in which one sets up a call."""
    about = {
        "about": (
            _("Kind, money, places, themes"),
            f"{call.get_kind_display()}, {call.get_process_display()}",
        ),
        "dates": (_("Dates"), _dates(call)),
        "texts": (_("Texts"), _texts(call)),
        "rules": (_("Rules"), _rules(call, at)),
        "form": (_("Form"), _form(call)),
        "criteria": (_("Criteria"), ", ".join(map(str, call.criteria.all())) or _("none")),
        "quotas": (_("Quotas"), _counted(call.quotas.count())),
        "milestones": (_("Milestones"), _counted(call.milestones.count())),
        "cut_offs": (_("Cut-off dates"), _counted(call.cut_offs.count())),
        "settings": (_("Reviewing and deciding"), _reviews(call)),
        "letters": (_("Letters"), _letters(call)),
        "reminders": (_("Reminders"), _reminders(call)),
        "pairing": (_("Pairing"), _pairing(call)),
        "sides": (_("Sides that decide"), _counted(Side.objects.filter(call=call).count())),
    }
    if call.process != Process.CUT_OFFS and not call.cut_offs.exists():
        del about["cut_offs"]
    if call.kind != CallKind.PAIRING:
        del about["pairing"]
    if call.process != Process.TWO_SIDES and not call.sides.exists():
        del about["sides"]
    return [
        Task(label, _page_of(call, part), words, *_state(part, points))
        for part, (label, words) in about.items()
    ]


def _state(part: str, points: list[Point]) -> tuple[str, str]:
    mine = [point for point in points if point.part == part]
    grave = sum(point.severity is Severity.STOP for point in mine)
    if grave:
        return "not-met", ngettext("%(count)s to settle", "%(count)s to settle", grave) % {"count": grave}
    if mine:
        text = ngettext("%(count)s to look at", "%(count)s to look at", len(mine))
        return "attention", text % {"count": len(mine)}
    return "done", _("Ready")


def _dates(call: Call) -> str:
    opens = word_instant(call.opens_at, call.zone)
    if call.closes_at is None:
        return _("opens %(opens)s, no deadline") % {"opens": opens}
    about = {"opens": opens, "closes": word_instant(call.closes_at, call.zone)}
    return _("opens %(opens)s; closes %(closes)s") % about


def _texts(call: Call) -> str:
    there = {text.language for text in call.texts.all()}
    names = [
        str(language_name(code))
        if code in there
        else _("%(language)s missing") % {"language": language_name(code)}
        for code in languages_of(call)
    ]
    return ", ".join(names)


def _rules(call: Call, at: Any) -> str:
    count = call.rules.count()
    rules = ngettext("%(count)s rule", "%(count)s rules", count) % {"count": count}
    try:
        found = eligible_cities(call, call.day_of(at)).count()
    except (KeyError, ValueError):
        return rules  # an unsound rule: the preflight names it
    about = {"found": grouped(found), "all": grouped(City.objects.count())}
    can_apply = _("%(found)s of %(all)s cities can apply") % about
    return f"{rules}; {can_apply}"


def _form(call: Call) -> str:
    count = Question.objects.filter(section__call=call, section__version=call.form_version).count()
    return ngettext("%(count)s question", "%(count)s questions", count) % {"count": count}


def _counted(count: int) -> str:
    return str(count) if count else _("none")


def _reviews(call: Call) -> str:
    count = call.reviews_wanted
    text = ngettext("%(count)s review for each application", "%(count)s reviews for each application", count)
    return text % {"count": count}


def _reminders(call: Call) -> str:
    count = call.reminders.filter(active=True).count()
    if not count:
        return _("nobody is reminded of anything")
    return ngettext("%(count)s reminder", "%(count)s reminders", count) % {"count": count}


def _pairing(call: Call) -> str:
    try:
        kept = pairing_settings(call)
    except SettingsUnreadableError as fault:
        return str(fault)
    if kept.shape == RunShape.SIDES:
        return _("two sides, answers within %(days)s days") % {"days": kept.answer_days}
    about = {"least": kept.smallest, "most": kept.largest, "days": kept.answer_days}
    return _("one pool, groups of %(least)s to %(most)s, answers within %(days)s days") % about


def _letters(call: Call) -> str:
    written = [outcome.label for outcome in Outcome if call.letters.get(outcome.value)]
    return ", ".join(map(str, written)) or _("the usual words only")
