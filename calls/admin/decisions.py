"""The decisions of a round: recommend a list, approve it, send back, publish, fill a declined place."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from calls.access import NotAllowed
from calls.admin.pages import person, staff_page, status_of
from calls.admin.round_lists import lists_of
from calls.forms.decisions import LapseForm, ReplaceForm, SeenForm, SendBackForm
from calls.forms.staff import StepForm
from calls.models import Application, Call, SelectionRun
from calls.operations.answering import lapse_place
from calls.operations.deciding import approve, send_back
from calls.operations.deciding_lists import approve_list, approved_sentence, recommend_list
from calls.operations.replacing import recommend_next
from calls.operations.status import NotPossible
from calls.queries.clock import database_now
from calls.queries.decision_page import round_of, sentence_of
from calls.queries.decisions import freed_places

PAGE = "admin:calls_call_decisions"
TEMPLATE = "admin/calls/call/decisions.html"


def load(pk: int) -> Call:
    found = Call.objects.select_related("programme").prefetch_related("texts", "quotas").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_safe
def decisions(request: HttpRequest, pk: int) -> HttpResponse:
    return page_of(request, load(pk))


def page_of(
    request: HttpRequest,
    call: Call,
    *,
    refusal: Exception | None = None,
    bound: forms.Form | None = None,
    about: int = 0,
) -> HttpResponse:
    """The round, with a refusal in words; `bound` is what was typed, about the application `about`."""
    found = round_of(call, person(request), database_now())
    context = {
        **shared(request, call),
        "round": found,
        "sentence": sentence_of(found),
        "refusal": refusal,
        "bound": bound,
        "about": about,
        "send_back": SendBackForm,
        **lists_of(request, found, about),
    }
    status = status_of(refusal) if refusal else 422 if bound is not None else 200
    return staff_page(request, TEMPLATE, context, status=status)


def shared(request: HttpRequest, call: Call) -> dict[str, Any]:
    return {
        "call": call,
        "title": _("Decisions"),
        "staff_place": "decisions",
        "decides": request.user.has_perm("calls.decide_application"),
    }


def _press(
    request: HttpRequest,
    call: Call,
    form: forms.Form,
    act: Callable[[dict[str, Any]], str],
    about: int = 0,
) -> HttpResponse:
    """One operation for one press; a refusal comes back as the page with its reason and what was typed."""
    if not form.is_valid():
        return page_of(request, call, bound=form, about=about)
    try:
        sentence = act(form.cleaned_data)
    except (NotPossible, NotAllowed) as refusal:
        return page_of(request, load(call.pk), refusal=refusal, bound=form, about=about)
    messages.success(request, sentence)
    return redirect(PAGE, call.pk)


@require_POST
def recommend_run(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Every outcome of a computed selection becomes a recommendation of whoever presses."""
    call, at = load(pk), database_now()
    run = SelectionRun.objects.filter(call=call, number=number).first()
    if run is None:
        raise Http404

    def act(_data: dict[str, Any]) -> str:
        count = len(recommend_list(run=run, by=person(request), at=at))
        return ngettext(
            "%(count)d outcome is recommended. A second person approves it.",
            "%(count)d outcomes are recommended. A second person approves them.",
            count,
        ) % {"count": count}

    return _press(request, call, forms.Form(request.POST), act)


@require_POST
def approve_all(request: HttpRequest, pk: int) -> HttpResponse:
    call, at = load(pk), database_now()

    def act(data: dict[str, Any]) -> str:
        approved = approve_list(call=call, seen=data["seen"], by=person(request), at=at)
        found = round_of(call, person(request), at)
        return approved_sentence(approved, len(found.open))

    return _press(request, call, SeenForm(request.POST), act)


@require_POST
def approve_one(request: HttpRequest, pk: int, application_pk: int) -> HttpResponse:
    application, at = _application(pk, application_pk), database_now()

    def act(data: dict[str, Any]) -> str:
        approve(application=application, version=data["version"], by=person(request), at=at)
        return _("%(reference)s is approved. The city hears of it when the results are published.") % {
            "reference": application.reference
        }

    return _press(request, load(pk), StepForm(request.POST), act, application.pk)


@require_POST
def send_one_back(request: HttpRequest, pk: int, application_pk: int) -> HttpResponse:
    application, at = _application(pk, application_pk), database_now()

    def act(data: dict[str, Any]) -> str:
        send_back(
            application=application, reason=data["reason"], version=data["version"], by=person(request), at=at
        )
        return _("%(reference)s went back. Somebody recommends it anew.") % {
            "reference": application.reference
        }

    return _press(request, load(pk), SendBackForm(request.POST), act, application.pk)


@require_POST
def lapse(request: HttpRequest, pk: int, application_pk: int) -> HttpResponse:
    application, at = _application(pk, application_pk), database_now()

    def act(data: dict[str, Any]) -> str:
        lapse_place(
            application=application, reason=data["reason"], version=data["version"], by=person(request), at=at
        )
        return _("The place of %(reference)s is free.") % {"reference": application.reference}

    return _press(request, load(pk), LapseForm(request.POST), act, application.pk)


@require_POST
def replace(request: HttpRequest, pk: int, application_pk: int) -> HttpResponse:
    """The next on the reserve list is recommended for the declined place of an application."""
    call, at = load(pk), database_now()
    declined = freed_places(call).filter(application_id=application_pk).first()
    if declined is None:
        raise Http404

    def act(data: dict[str, Any]) -> str:
        expected = _application(pk, data["application"])
        recommend_next(declined=declined, expected=expected, by=person(request), at=at)
        return _("%(reference)s is recommended for the place. A second person approves it.") % {
            "reference": expected.reference
        }

    return _press(request, call, ReplaceForm(request.POST), act)


def _application(call_pk: int, pk: int) -> Application:
    rows = Application.objects.received().select_related("call", "lead").filter(call=call_pk, pk=pk)
    found = rows.defer("answers").first()
    if found is None:
        raise Http404
    return found
