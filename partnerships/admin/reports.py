"""Reports of partnerships: the list of those that wait, and the page that accepts or returns one."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cooperation.history.stale_forms import Unhurried
from cooperation.web.admin import Errand, register_errands
from cooperation.web.clock import database_now
from partnerships.admin.pages import person, staff_page
from partnerships.admin.permanent import Permanent
from partnerships.forms.partnership_life import ReasonForm
from partnerships.models import DueReport
from partnerships.operations.refusals import NotPossible
from partnerships.operations.reporting import accept_report, return_report
from partnerships.queries.report_sums import asks_for_lines, said_in, sum_lines, totals
from partnerships.templatetags.partnership_tags import due_state

LIST = "admin:partnerships_duereport_changelist"


class WaitingFilter(admin.SimpleListFilter):
    """Reports that wait for staff, so that the work queue can link to them; and those that are late."""

    title = gettext_lazy("what to do")
    parameter_name = "todo"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("accept", _("Filed, to be accepted")), ("late", _("Late"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[DueReport]:
        if self.value() == "accept":
            return queryset.to_accept()
        if self.value() == "late":
            return queryset.to_write().filter(due_on__lt=database_now().date())
        return queryset


@admin.register(DueReport)
class DueReportAdmin(Unhurried, Permanent, admin.ModelAdmin):
    """Read only: a report is answered on its own page."""

    list_display = ["report", "partnership", "due_on", "state_shown"]
    list_display_links = ["report"]
    list_filter = [WaitingFilter, "kind"]
    list_select_related = ["partnership"]
    list_per_page = 50
    ordering = ["due_on", "pk"]
    search_fields = ["partnership__titles", "partnership__slug"]
    actions = None

    @admin.display(description=gettext_lazy("report"), ordering="kind")
    def report(self, row: DueReport) -> str:
        return str(row)

    @admin.display(description=gettext_lazy("state"), ordering="step")
    def state_shown(self, row: DueReport) -> SafeString:
        return due_state(row, timezone.now().date())  # the database's clock would be asked for each row

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """All staff read reports, as they read applications' records."""
        return request.user.is_active and request.user.is_staff

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        """The list, and our own page in place of Django's form."""
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name="partnerships_duereport_changelist"),
            path("<int:pk>/", wrap(report_page), name="partnerships_duereport_change"),
        ]


@require_http_methods(["GET", "HEAD", "POST"])
def report_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept a report, or return it with a reason."""
    rows = DueReport.objects.select_related("partnership", "responsible__city", "responsible__organisation")
    report = get_object_or_404(rows.prefetch_related("spent_lines", "events__by"), pk=pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _page(request, report, form)
    if not form.is_valid():
        return _page(request, report, form, status=422)
    try:
        sentence = _answer(request, report, form.cleaned_data["reason"])
    except NotPossible as refusal:
        form.add_error("reason", str(refusal))
        return _page(request, report, form, status=409)
    messages.success(request, sentence)
    return redirect(LIST)


def _answer(request: HttpRequest, report: DueReport, reason: str) -> str:
    who, at = person(request), database_now()
    if "return" in request.POST:
        return_report(report=report, reason=reason, by=who, at=at)
        return _("The report is returned. The members get your reason by mail.")
    accept_report(report=report, by=who, at=at)
    return _("The report is accepted. The members are told.")


def _page(request: HttpRequest, report: DueReport, form: ReasonForm, status: int = 200) -> HttpResponse:
    lines = list(report.partnership.budget_lines.all()) if asks_for_lines(report) else []
    sums = sum_lines(lines, said_in(report))
    context = {
        "title": _("%(report)s: %(partnership)s") % {"report": report, "partnership": report.partnership},
        "report": report,
        "partnership": report.partnership,
        "sums": [(row, None, None) for row in sums],
        "totals": totals(sums),
        "events": list(report.events.all()),
        "form": form,
        "today": database_now().date(),
    }
    return staff_page(request, "admin/partnerships/report.html", context, status=status)


def reports_waiting(request: HttpRequest) -> Iterator[Errand]:
    """Reports that members filed and nobody has answered, and those that are late."""
    late = DueReport.objects.to_write().filter(due_on__lt=database_now().date()).count()
    yield Errand(
        _("Reports to accept"), DueReport.objects.to_accept().count(), f"{reverse(LIST)}?todo=accept"
    )
    yield Errand(_("Reports that are late"), late, f"{reverse(LIST)}?todo=late")


register_errands("partnerships", gettext_lazy("Partnerships"), reports_waiting, order=22)
