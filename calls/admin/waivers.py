"""Waiving a rule for one application, and assessing a submission again."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from calls.access import NotAllowed, require_call_staff
from calls.admin.application_page import PAGE as APPLICATION
from calls.admin.application_page import load
from calls.admin.pages import person, staff_page, status_of
from calls.forms.waivers import ReassessForm, WaiverForm
from calls.models import Application, Waiver
from calls.operations.assessing import reassess
from calls.operations.status import NotPossible
from calls.operations.waivers import end_waiver, waive
from calls.queries.clock import database_now
from calls.queries.eligibility import rules_of
from calls.queries.eligibility_terms import Vocabulary
from calls.queries.eligibility_wording import word_rule

PAGE = "admin:calls_application_waivers"


@require_http_methods(["GET", "HEAD", "POST"])
def waivers(request: HttpRequest, pk: int) -> HttpResponse:
    """The waivers of one application, and a new one. A draft's answers are not shown here."""
    try:
        require_call_staff(person(request))
    except NotAllowed as error:
        return _page(request, None, {"refusal": error}, 403)
    application = _load(pk)
    words = _rules_in_words(application)
    rows = list(application.waivers.select_related("rule", "by", "ended_by"))
    waived = {row.rule_id for row in rows if row.ended_at is None}
    open_rules = {rule: text for rule, text in words.items() if rule not in waived}
    form = WaiverForm(
        request.POST if request.method == "POST" else None, call=application.call, words=open_rules
    )
    refusal: Exception | None = None
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            _waive(request, application, form)
        except (NotPossible, NotAllowed) as error:
            refusal, status = error, status_of(error)
        else:
            return redirect(PAGE, pk)
    context = {"form": form, "rows": _in_words(application, rows), "open": open_rules, "refusal": refusal}
    return _page(request, application, context, status)


def _waive(request: HttpRequest, application: Application, form: WaiverForm) -> None:
    waive(
        application=application,
        rule=form.rule,
        reason=form.cleaned_data["reason"],
        by=person(request),
        at=database_now(),
    )
    messages.success(
        request, _("The rule is waived for %(reference)s.") % {"reference": application.reference}
    )


@require_POST
def end(request: HttpRequest, pk: int, waiver_pk: int) -> HttpResponse:
    """The rule counts again."""
    try:
        require_call_staff(person(request))
        waiver = _load(pk).waivers.filter(pk=waiver_pk).first()
        if waiver is None:
            raise Http404
        end_waiver(waiver=waiver, by=person(request), at=database_now())
    except NotAllowed as refusal:
        return _page(request, None, {"refusal": refusal}, 403)
    messages.success(request, _("The waiver has ended: the rule counts again."))
    return redirect(PAGE, pk)


@require_POST
def assess_again(request: HttpRequest, pk: int) -> HttpResponse:
    """A later assessment of the newest submission, beside the frozen one."""
    application, at = load(request, pk), database_now()
    form = ReassessForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write the day as 2027-03-15, or leave it empty for today."))
        return redirect(APPLICATION, pk)
    on = form.cleaned_data["on"] or application.call.day_of(at)
    try:
        reassess(application=application, on=on, by=person(request), at=at)
    except (NotPossible, NotAllowed) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Assessed again. What was frozen at submission stays beside it."))
    return redirect(APPLICATION, pk)


def _rules_in_words(application: Application) -> dict[int, str]:
    names, rows = Vocabulary.current(), list(application.call.rules.all())
    words = [word_rule(rule, names) for rule in rules_of(application.call, rows)]
    return {row.pk: text for row, text in zip(rows, words, strict=True)}


def _in_words(application: Application, rows: list[Waiver]) -> list[tuple[Waiver, str]]:
    """Each waiver with its rule, which may have been superseded since."""
    names = Vocabulary.current()
    rules = rules_of(application.call, [row.rule for row in rows])
    return [(row, word_rule(rule, names)) for row, rule in zip(rows, rules, strict=True)]


def _load(pk: int) -> Application:
    rows = Application.objects.select_related("call__programme", "lead").prefetch_related("call__texts")
    found = rows.defer("answers").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest, application: Application | None, context: dict[str, Any], status: int
) -> HttpResponse:
    readable = application and Application.objects.for_staff(request.user).filter(pk=application.pk).exists()
    shared = {
        "application": application,
        "title": _("Waivers"),
        "staff_place": "applications",
        "readable": readable,
    }
    return staff_page(request, "admin/calls/application/waivers.html", {**shared, **context}, status=status)
