"""Complaints of cities about their outcome: the list of those that wait, and the page that answers one."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from calls.access import NotAllowed
from calls.admin.pages import StaffAdmin, person, staff_page, status_of
from calls.forms.decisions import AnswerComplaintForm
from calls.models import Complaint
from calls.operations.complaining import answer_complaint
from calls.operations.status import NotPossible
from calls.queries.blinding import decisions_for
from calls.queries.clock import database_now
from calls.queries.complaints import why_not_answer
from calls.queries.deadlines import word_day
from cooperation.web.templatetags.portal import state


class WaitingFilter(admin.SimpleListFilter):
    """Whether a complaint waits, so that the work queue can link to those that do."""

    title = gettext_lazy("state")
    parameter_name = "todo"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("answer", _("Waiting")), ("upheld", _("Upheld")), ("not_upheld", _("Not upheld"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Complaint]) -> QuerySet[Complaint]:
        wanted = {"answer": None, "upheld": True, "not_upheld": False}
        value = self.value()
        return queryset.filter(upheld=wanted[value]) if value in wanted else queryset


@admin.register(Complaint)
class ComplaintAdmin(StaffAdmin):
    """Read only: a complaint is answered on its own page, once."""

    staff_place = "decisions"
    list_display = ["reference", "text_shown", "received_shown", "state_shown"]
    list_filter = [WaitingFilter]
    search_fields = ["application__reference", "application__lead__name"]
    ordering = ["at", "pk"]
    list_per_page = 50
    list_max_show_all = 50
    show_full_result_count = False
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Complaint]:
        return super().get_queryset(request).select_related("application__lead", "application__call")

    @admin.display(description=gettext_lazy("application"), ordering="application__reference")
    def reference(self, row: Complaint) -> str:
        return f"{row.application.reference}, {row.application.lead.name}"

    @admin.display(description=gettext_lazy("complaint"))
    def text_shown(self, row: Complaint) -> str:
        return Truncator(row.text).chars(120)

    @admin.display(description=gettext_lazy("received"), ordering="at")
    def received_shown(self, row: Complaint) -> str:
        return word_day(row.at.astimezone(row.application.call.zone_info))

    @admin.display(description=gettext_lazy("state"), ordering="answered_at")
    def state_shown(self, row: Complaint) -> SafeString:
        if row.answered_at is None:
            return state("attention", _("Waiting"))
        return state("done", _("Upheld")) if row.upheld else state("closed", _("Not upheld"))

    def get_urls(self) -> list[URLPattern]:
        """The list, and our own page in place of Django's form."""
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name="calls_complaint_changelist"),
            path("<int:pk>/", wrap(answer_page), name="calls_complaint_change"),
        ]


@require_http_methods(["GET", "HEAD", "POST"])
def answer_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the complaint beside the decision, and answer it once."""
    rows = Complaint.objects.select_related("application__call__programme", "application__lead")
    rows = rows.select_related("by", "answered_by").prefetch_related("application__call__texts")
    complaint = get_object_or_404(rows, pk=pk)
    form = AnswerComplaintForm(request.POST if request.method == "POST" else None)
    status, refusal = (422 if form.is_bound else 200), None
    if form.is_bound and form.is_valid():
        try:
            _answer(request, complaint, form)
        except (NotPossible, NotAllowed) as error:
            status, refusal = status_of(error), error
            complaint.refresh_from_db(fields=["answer", "upheld", "answered_at", "answered_by"])
        else:
            messages.success(request, _("Answered. The city reads it by mail."))
            return redirect("admin:calls_complaint_changelist")
    return staff_page(
        request,
        "admin/calls/complaint/answer.html",
        {**_context(request, complaint), "form": form, "refusal": refusal},
        status=status,
    )


def _answer(request: HttpRequest, complaint: Complaint, form: AnswerComplaintForm) -> None:
    answer_complaint(
        complaint=complaint,
        answer=form.cleaned_data["answer"],
        upheld=form.cleaned_data["upheld"] == "yes",
        by=person(request),
        at=database_now(),
    )


def _context(request: HttpRequest, complaint: Complaint) -> dict[str, Any]:
    decisions = decisions_for(person(request)).select_related("recommended_by", "approved_by")
    decision = decisions.filter(application=complaint.application).first()
    return {
        "complaint": complaint,
        "application": complaint.application,
        "call": complaint.application.call,
        "decision": decision,
        "why_not": why_not_answer(person(request), complaint.application, decision),
        "title": _("Complaint about %(reference)s") % {"reference": complaint.application.reference},
        "staff_place": "decisions",
    }
