"""Correcting the form of a published call: choose a question, change it, preview, publish."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from calls.access import NotAllowed, require
from calls.admin.pages import person, sets_up_calls, staff_page, status_of
from calls.admin.ranking import load_call
from calls.forms.correcting import CorrectionForm
from calls.models import Call
from calls.models.call import Editorial
from calls.operations.correcting import correct_form
from calls.operations.status import NotPossible
from calls.queries.answers import form_of
from calls.queries.clock import database_now
from calls.queries.form_versions import Form, as_data, differences, reach_of

TEMPLATE = "admin/calls/call/correct.html"


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole form to choose from, or one question: `?question=` its key, `?section=` for a new one."""
    call = load_call(request, pk)
    sections = form_of(call)
    context: dict[str, Any] = {
        "call": call,
        "title": _("Correct the form: %(call)s") % {"call": call.title},
        "staff_place": "calls",
        "published": call.editorial != Editorial.DRAFT,
        "sections": sections,
    }
    if not (request.GET.get("question") or request.GET.get("section")):
        return staff_page(request, TEMPLATE, context)
    form = _form_for(request, call, before := as_data(sections))
    context["form"] = form
    if request.method != "POST":
        return staff_page(request, TEMPLATE, context)
    if not form.is_valid():
        return staff_page(request, TEMPLATE, context, status=422)
    after = form.corrected(before)
    context["fingerprint"] = form.fingerprint
    if not request.POST.get("publish") or request.POST.get("previewed") != form.fingerprint:
        return staff_page(request, TEMPLATE, context | _preview(call, before, after))
    try:
        amendment = _publish(request, call, form, after)
    except (NotPossible, NotAllowed) as refusal:
        context |= {"refusal": refusal, **_preview(call, before, after)}
        return staff_page(request, TEMPLATE, context, status=status_of(refusal))
    sentence = _("The form is corrected: version %(version)s, amendment %(number)s. Writers are told.")
    messages.success(request, sentence % {"version": amendment.form_version, "number": amendment.number})
    return redirect("admin:calls_call_correct", pk)


def _form_for(request: HttpRequest, call: Call, form: Form) -> CorrectionForm:
    """The form for the question or section that the address names; otherwise 404."""
    data = request.POST if request.method == "POST" else None
    if key := request.GET.get("question"):
        for section in form:
            for question in section["questions"]:
                if question["key"] == key:
                    return CorrectionForm(data, call=call, section=section["key"], question=question)
    elif (key := request.GET.get("section")) in [section["key"] for section in form]:
        return CorrectionForm(data, call=call, section=str(key))
    raise Http404


def _preview(call: Call, before: Form, after: Form) -> dict[str, Any]:
    return {"differences": differences(before, after), "reach": reach_of(call, before, after)}


def _publish(request: HttpRequest, call: Call, form: CorrectionForm, after: Form) -> Any:
    require(sets_up_calls(request), _("Only staff who set up calls can correct them."))
    return correct_form(
        call=call,
        sections=after,
        reasons=form.reasons,
        by=person(request),
        at=database_now(),
        seen=form.cleaned_data["version"],
    )
