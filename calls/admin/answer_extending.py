"""The page where staff give a city more time to answer whether it takes its place."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from calls.access import NotAllowed
from calls.admin.decisions import PAGE, load, shared
from calls.admin.pages import person, staff_page, status_of
from calls.forms.answer_extending import AnswerExtensionForm
from calls.models import Decision
from calls.operations.answer_extending import extend_acceptance
from calls.operations.status import NotPossible
from calls.queries.clock import database_now
from calls.queries.deadlines import word_instant
from calls.queries.working_days import day_off

TEMPLATE = "admin/calls/call/answer_extend.html"


@require_http_methods(["GET", "HEAD", "POST"])
def extend_answer(request: HttpRequest, pk: int, application_pk: int) -> HttpResponse:
    """404 where no answer was ever asked for; one that came meanwhile is said in words."""
    call, posted = load(pk), request.method == "POST"
    decision = _asked(pk, application_pk)
    due = decision.acceptance_due_at
    assert due is not None  # noqa: S101 said to mypy; `_asked` looks only for those
    form = AnswerExtensionForm(request.POST if posted else None, call=call, due_at=due)
    refusal: NotPossible | NotAllowed | None = None
    if posted and form.is_valid():
        try:
            extension = extend_acceptance(
                application=decision.application,
                due_at=form.cleaned_data["due"],
                reason=form.cleaned_data["reason"],
                by=person(request),
                at=database_now(),
            )
        except (NotPossible, NotAllowed) as error:
            refusal = error
        else:
            until = word_instant(extension.due_to, call.zone)
            about = {"reference": decision.application.reference, "until": until}
            said = _("%(reference)s can be answered until %(until)s. The city is told.") % about
            messages.success(request, f"{said} {day_off(extension.due_to, call)}".strip())
            return redirect(PAGE, pk)
    context = {
        **shared(request, call),
        "title": _("More time to answer"),
        "application": decision.application,
        "decision": decision,
        "form": form,
        "day_off": day_off(due, call),
        "extensions": decision.application.answer_extensions.select_related("by"),
        "refusal": refusal,
    }
    status = status_of(refusal) if refusal else 422 if posted else 200
    return staff_page(request, TEMPLATE, context, status=status)


def _asked(call_pk: int, application_pk: int) -> Decision:
    rows = Decision.objects.published().filter(acceptance_due_at__isnull=False)
    rows = rows.select_related("application__lead", "application__call").defer("application__answers")
    found = rows.filter(application=application_pk, application__call=call_pk).first()
    if found is None:
        raise Http404
    return found
