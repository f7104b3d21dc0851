"""Public pages: home, a call, its questions, a programme."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views import View
from django.views.decorators.http import require_safe

from calls.models import Call, Programme
from calls.models.call import Admission
from calls.queries.answers import form_of
from calls.queries.call_page import (
    anchors_of,
    cap_tables,
    deadline_clocks,
    group_of,
    partner_countries,
    readable_calls,
    rule_rows,
    timeline_events,
)
from calls.queries.catalogue import catalogue, in_order, status_counts
from calls.queries.cities import FoundCity, find_city
from calls.queries.clock import database_now
from calls.queries.cut_offs import next_cut_offs
from calls.queries.deadlines import leaf_of, word_left
from calls.queries.eligibility_terms import Vocabulary
from calls.queries.enquiries import asked_until, takes_questions
from calls.queries.invitations import is_invited, stages_of
from calls.queries.programmes import led_to
from calls.queries.texts import authoritative_text
from calls.views.readers import reader_place
from partnerships.models import City, Partnership

SOON = 4  # rows on the home page
MOST_OF_A_PROGRAMME = 60  # calls on a programme's page; the catalogue has them all


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What is open now, what the portal is for, where to begin."""
    at = database_now()
    calls = catalogue(at)
    takes_applications = in_order(calls.filter(group__in=["closing", "open"], closes_at__isnull=False))
    reader = reader_place(request.user)
    soon = takes_applications.select_related("programme").prefetch_related("texts")[:SOON]
    context = {
        "city": FoundCity(""),
        "rows": [{"call": call, "leaf": leaf_of(call, at, reader)} for call in soon],
        "statuses": status_counts(calls),
        "programmes": Programme.objects.all(),
        "cities": City.objects.count(),
        "partnerships": Partnership.objects.count(),
    }
    return render(request, "calls/home.html", context)


class CallPage(View):
    """One call: everything to decide whether to apply. A draft is there for staff only."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        at = database_now()
        call = get_object_or_404(
            readable_calls(Call.objects.visible_to(request.user), request.user), slug=slug
        )
        words = request.GET.get("city", "")
        city = find_city(words) if words else FoundCity("")
        names = Vocabulary.current()
        context = {
            "call": call,
            "text": call.text,
            "authoritative": authoritative_text(call),
            "group": group_of(call, at),
            "left": word_left(call.closes_at, at) if call.closes_at else "",
            "today": at.astimezone(call.zone_info),
            "clocks": deadline_clocks(call, reader_place(request.user, city.city), at),
            "cut_offs": next_cut_offs(call, at),
            "stages": stages_of(call, at),
            "invited_only": call.admits == Admission.INVITED,
            "invited": call.admits == Admission.INVITED and is_invited(request.user, call),
            "answers": call.enquiries.published().count(),
            "questions_open": takes_questions(call, at),
            "questions_until": asked_until(call),
            "rules": rule_rows(call, names),
            "milestones": timeline_events(call, at),
            "caps": cap_tables(call),
            "countries": partner_countries(call),
            "criteria": [(row, anchors_of(row)) for row in call.criteria.all()],
            "city": city,
        }
        return render(request, "calls/call.html", context)


class CallQuestions(View):
    """Every question and criterion before logging in, to read with colleagues or on paper."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        calls = Call.objects.visible_to(request.user).select_related("programme")
        call = get_object_or_404(calls.prefetch_related("texts", "criteria"), slug=slug)
        sections = form_of(call)
        context = {
            "call": call,
            "text": call.text,
            "sections": sections,
            "questions_open": takes_questions(call, database_now()),
            "number": sum(len(section.questions.all()) for section in sections),
            "criteria": [(row, anchors_of(row)) for row in call.criteria.all()],
        }
        return render(request, "calls/questions.html", context)


class ProgrammePage(View):
    """What a programme is for, and its calls."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        at = database_now()
        programme = get_object_or_404(Programme.objects.prefetch_related("themes"), slug=slug)
        calls = in_order(catalogue(at).filter(programme=programme)).prefetch_related("texts")
        calls = calls.select_related("programme")[:MOST_OF_A_PROGRAMME]
        reader = reader_place(request.user)
        rows = [{"call": call, "leaf": leaf_of(call, at, reader), "status": call.group} for call in calls]
        context = {"programme": programme, "groups": _by_time(rows), "partnerships": led_to(programme)}
        return render(request, "calls/programme.html", context)


def _by_time(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Rows now, later and past."""
    when = {"closing": "now", "open": "now", "later": "later", "closed": "past"}
    found: dict[str, list[dict[str, Any]]] = {"now": [], "later": [], "past": []}
    for row in rows:
        found[when[row["status"]]].append(row)
    return found
