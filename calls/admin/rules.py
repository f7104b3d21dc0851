"""The rules of a call: a draft's are changed freely, a published call's corrected with a reason."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from calls.access import NotAllowed, require
from calls.admin.pages import person, sets_up_calls, staff_page, status_of
from calls.admin.ranking import load_call
from calls.admin.rule_trial import trial_of
from calls.admin.setup.common import differences
from calls.eligibility import KINDS, check_parameters
from calls.forms.rules import RemovalReasons, RuleCorrection, RuleParameters
from calls.models import Call, EligibilityRule
from calls.models.call import Editorial
from calls.operations import rules as operations
from calls.operations.setting_up import ChangedMeanwhile
from calls.operations.status import NotPossible
from calls.queries.clock import database_now
from calls.queries.eligibility import rules_of
from calls.queries.eligibility_terms import Vocabulary, spoken
from calls.queries.eligibility_wording import word_rule
from calls.queries.set_up import fingerprint, row_fields

LIST = "admin:calls_call_rules"


@require_safe
def rules(request: HttpRequest, pk: int) -> HttpResponse:
    """Every rule in words, with what can be done with it."""
    return _list(request, load_call(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """A rule of the kind that the address names."""
    call = load_call(request, pk)
    kind = request.GET.get("kind", "")
    if kind not in KINDS:
        raise Http404
    return _edit(request, call, None, kind)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int, rule_pk: int) -> HttpResponse:
    """One rule: changed in a draft, corrected in a published call."""
    call = load_call(request, pk)
    rule = _rule(call, rule_pk)
    if rule.kind not in KINDS:
        raise Http404
    return _edit(request, call, rule, rule.kind)


def _edit(request: HttpRequest, call: Call, rule: EligibilityRule | None, kind: str) -> HttpResponse:
    posted = request.method == "POST"
    form_class = RuleParameters if _is_draft(call) else RuleCorrection
    form = form_class(request.POST if posted else None, kind=kind, call=call, rule=rule)
    more = posted and request.POST.get("more") in form.tables
    refusal: Exception | None = None
    if posted and not more and form.is_valid():
        try:
            _keep(request, call, rule, form)
        except (NotPossible, NotAllowed) as error:
            refusal = error
        else:
            return redirect(LIST, call.pk)
    status = status_of(refusal) if refusal else 422 if posted and not more else 200
    if more:
        form.errors.clear()
    context: dict[str, Any] = {"form": form, "rule": rule, "kind": spoken(kind).capitalize()}
    context["refusal"] = refusal
    context["seen"] = request.POST.get("seen", "") if posted else _seen(rule)
    if rule and isinstance(refusal, ChangedMeanwhile):
        rule.refresh_from_db()
        stands = form_class(None, kind=kind, call=call, rule=rule)
        context |= {"now": differences(stands, form), "seen": _seen(rule)}
    return _page(request, call, "admin/calls/call/rule.html", context, status)


def _seen(rule: EligibilityRule | None) -> str:
    """What travels with a rule's page, so that nobody overwrites what changed in between."""
    return fingerprint(row_fields(rule)) if rule else ""


def _keep(request: HttpRequest, call: Call, rule: EligibilityRule | None, form: RuleParameters) -> None:
    _require_setting_up(request)
    by, fields = person(request), form.fields_of_rule
    if isinstance(form, RuleCorrection):
        amendment = operations.correct_rule(
            call=call, rule=rule, fields=fields, reasons=form.reasons, by=by, at=database_now()
        )
        sentence = _("The rule is corrected: amendment %(number)s. Everybody who is writing is told.")
        messages.success(request, sentence % {"number": amendment.number})
    elif rule is None:
        operations.add_rule(call=call, fields=fields, by=by)
        messages.success(request, _("The rule is added."))
    else:
        operations.change_rule(rule=rule, fields=fields, seen=request.POST.get("seen", ""), by=by)
        messages.success(request, _("The rule is changed."))


@require_POST
def move(request: HttpRequest, pk: int, rule_pk: int) -> HttpResponse:
    """One place up or down."""
    call = load_call(request, pk)
    rule = _rule(call, rule_pk)
    try:
        _require_setting_up(request)
        operations.move_rule(rule=rule, up=request.POST.get("to") == "up", by=person(request))
    except (NotPossible, NotAllowed) as refusal:
        return _list(request, call, refusal)
    return redirect(LIST, call.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, pk: int, rule_pk: int) -> HttpResponse:
    """Asks first; a published rule ends with a reason."""
    call = load_call(request, pk)
    rule = _rule(call, rule_pk)
    form = (
        None
        if _is_draft(call)
        else RemovalReasons(request.POST if request.method == "POST" else None, call=call)
    )
    context: dict[str, Any] = {"rule": rule, "words": _words(call, rule), "form": form}
    status = 200
    if request.method == "POST":
        status = 422
        if form is None or form.is_valid():
            try:
                _require_setting_up(request)
                _end(request, call, rule, form)
            except (NotPossible, NotAllowed) as refusal:
                context["refusal"], status = refusal, status_of(refusal)
            else:
                messages.success(request, _("The rule no longer holds."))
                return redirect(LIST, call.pk)
    return _page(request, call, "admin/calls/call/rule_remove.html", context, status)


def _end(request: HttpRequest, call: Call, rule: EligibilityRule, form: RemovalReasons | None) -> None:
    if form is None:
        operations.remove_rule(rule=rule, by=person(request))
    else:
        operations.correct_rule(
            call=call, rule=rule, fields=None, reasons=form.reasons, by=person(request), at=database_now()
        )


def _list(request: HttpRequest, call: Call, refusal: Exception | None = None) -> HttpResponse:
    names = Vocabulary.current()
    rows = list(call.rules.all())
    words = [word_rule(rule, names) for rule in rules_of(call, rows)]
    sound = all(row.kind in KINDS and not check_parameters(row.kind, row.parameters) for row in rows)
    context = {
        **trial_of(request, call, sound=sound),
        "rows": list(zip(rows, words, strict=True)),
        "kinds": sorted(((name, spoken(name).capitalize()) for name in KINDS), key=lambda row: row[1]),
        "superseded": EligibilityRule.every.filter(call=call, superseded_at__isnull=False).order_by(
            "-superseded_at", "-id"
        ),
        "refusal": refusal,
    }
    status = status_of(refusal) if refusal else 200
    return _page(request, call, "admin/calls/call/rules.html", context, status)


def _page(
    request: HttpRequest, call: Call, template: str, context: dict[str, Any], status: int
) -> HttpResponse:
    shared = {
        "call": call,
        "title": _("Rules: %(call)s") % {"call": call.title},
        "staff_place": "calls",
        "draft": _is_draft(call),
        "may_change": sets_up_calls(request),
    }
    return staff_page(request, template, {**shared, **context}, status=status)


def _rule(call: Call, rule_pk: int) -> EligibilityRule:
    """The rule as it holds now; otherwise 404."""
    rule = call.rules.filter(pk=rule_pk).first()
    if rule is None:
        raise Http404
    return rule


def _words(call: Call, rule: EligibilityRule) -> str:
    return word_rule(rules_of(call, [rule])[0], Vocabulary.current())


def _is_draft(call: Call) -> bool:
    return call.editorial == Editorial.DRAFT


def _require_setting_up(request: HttpRequest) -> None:
    require(sets_up_calls(request), _("Only staff who set up calls can change their rules."))
