"""The readable record of one partnership for staff, and the steps that only staff take."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cooperation.web.clock import database_now
from partnerships.admin.pages import person, staff_page
from partnerships.forms.partnership_life import ReasonForm
from partnerships.models import Partnership
from partnerships.models.partnership import Stage
from partnerships.operations.refusals import NotPossible
from partnerships.operations.stages import ReasonMissing, settle
from partnerships.queries.agreement import agreement_of
from partnerships.workflow import steps_from


class SettleForm(ReasonForm):
    """Where the partnership really is, and why staff say so."""

    stage = forms.ChoiceField(label=gettext_lazy("The partnership is"))
    field_order = ("stage", "reason")

    def __init__(self, data: Any = None, *, partnership: Partnership) -> None:
        super().__init__(data)
        targets = [Stage(step.target) for step in steps_from(partnership.stage, "settle")]
        self.fields["stage"].choices = [(stage.value, stage.label) for stage in targets]  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
def record_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Members of all times, the agreement with its signatures, reports, stages; and `settle`."""
    partnership = get_object_or_404(Partnership, pk=pk)
    form = SettleForm(request.POST if request.method == "POST" else None, partnership=partnership)
    if request.method != "POST":
        return _page(request, partnership, form)
    if not form.is_valid():
        return _page(request, partnership, form, 422)
    said = form.cleaned_data
    try:
        change = settle(
            partnership=partnership,
            target=Stage(said["stage"]),
            reason=said["reason"],
            by=person(request),
            at=database_now(),
        )
    except ReasonMissing as refusal:
        form.add_error("reason", str(refusal))
        return _page(request, partnership, form, 422)
    except NotPossible as refusal:
        form.add_error("stage", str(refusal))
        return _page(request, partnership, form, 409)
    about = {"stage": change.get_target_display()}
    messages.success(request, _("The partnership is now: %(stage)s.") % about)
    return redirect("admin:partnerships_partnership_record", pk)


def _page(
    request: HttpRequest, partnership: Partnership, form: SettleForm, status: int = 200
) -> HttpResponse:
    members = partnership.members.select_related(
        "city", "organisation__city", "replaces__city", "replaces__organisation"
    )
    context = {
        "title": partnership.title,
        "partnership": partnership,
        "members": list(members),
        "agreement": agreement_of(partnership),
        "reports": list(partnership.due_reports.all()),
        "changes": list(partnership.stage_changes.select_related("by")),
        "requests": list(partnership.joining_requests.select_related("city", "organisation", "asked_by")),
        "form": form,
        "settles": bool(form.fields["stage"].choices),  # type: ignore[attr-defined]
        "today": database_now().date(),
    }
    return staff_page(request, "admin/partnerships/record.html", context, status=status)
