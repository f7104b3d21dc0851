"""Reports of a partnership: which are due, and the page on which one is written and filed."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from partnerships.forms.partnership_life import PlanReportForm, ReportForm
from partnerships.models import DueReport
from partnerships.models.follow_up import DueKind
from partnerships.operations import reporting
from partnerships.operations.refusals import ChangedMeanwhile, NotPossible
from partnerships.queries.report_sums import asks_for_lines, said_in, sum_lines, totals
from partnerships.views.partnership_base import MembersPage, number_in


class Reports(MembersPage):
    """What is due and when, the budget, and a form for the next report."""

    name = "work_reports"
    template_name = "partnerships/partnership_reports.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return self._page(PlanReportForm(partnership=self.partnership))

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        form = PlanReportForm(request.POST, partnership=self.partnership)
        if not form.is_valid():
            return self._page(form, 422)
        said = form.cleaned_data
        try:
            reporting.plan_report(
                partnership=self.partnership,
                kind=DueKind(said["kind"]),
                due_on=said["due_on"],
                responsible=said["responsible"],
                **self.about,
            )
        except NotPossible as refusal:
            form.add_error("due_on", str(refusal))
            return self._page(form, 409)
        return self.done(
            _("The report is planned. Reminders go out 30 and 7 days before, and the day after.")
        )

    def _page(self, form: PlanReportForm, status: int = 200) -> HttpResponse:
        lines = list(self.partnership.budget_lines.all())
        reports = self.partnership.due_reports.select_related(
            "responsible__city", "responsible__organisation"
        )
        sums = totals(sum_lines(lines, {}))
        return self.page(form=form, reports=list(reports), lines=lines, totals=sums, status=status)


class ReportPage(MembersPage):
    """One report: written in steps, filed at once or later; read only from then on."""

    name = "work_reports"
    template_name = "partnerships/partnership_report.html"

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        self._load(pk)
        return self._page(ReportForm(report=self.report, lines=self.lines, said=said_in(self.report)))

    def post(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        self._load(pk)
        form = ReportForm(request.POST, report=self.report, lines=self.lines, said={})
        if not form.is_valid():
            return self._page(form, version=request.POST.get("version"), status=422)
        filing = request.POST.get("do") == "file"
        step = reporting.file_report if filing else reporting.write_report
        try:
            step(
                report=self.report,
                text=form.cleaned_data["text"],
                said=form.said,
                version=number_in(request.POST.get("version")),
                **self.about,
            )
        except reporting.ReportIncomplete as incomplete:
            for field, sentence in incomplete.points.items():
                form.add_error(field, sentence)
            return self._page(form, version=request.POST.get("version"), status=422)
        except ChangedMeanwhile as stale:
            self._load(pk)
            return self._page(form, refusal=str(stale), beside=form.beside(self.report), status=409)
        except NotPossible as refusal:
            return self._page(form, refusal=str(refusal), status=409)
        if filing:
            return self.done(_("The report is filed. Staff read it and answer."))
        return self.done(_("The report is kept. File it when it is ready."), "work_report", self.report.pk)

    def _load(self, pk: int) -> None:
        rows = self.partnership.due_reports.select_related(
            "responsible__city", "responsible__organisation", "changed_by"
        )
        rows = rows.prefetch_related("spent_lines", "events__by")
        found = rows.filter(pk=pk).first() if pk < 2**31 else None
        if found is None:
            raise Http404
        self.report: DueReport = found
        self.lines = list(self.partnership.budget_lines.all())

    def _page(self, form: ReportForm, *, version: str | None = None, **context: Any) -> HttpResponse:
        said = form.said if form.is_bound else said_in(self.report)
        sums = sum_lines(self.lines, said) if asks_for_lines(self.report) else []
        shown = [(row, form[f"spent-{row.line.pk}"], form[f"why-{row.line.pk}"]) for row in sums]
        return self.page(
            report=self.report,
            form=form,
            sums=shown,
            totals=totals(sums),
            version=number_in(version) if version else self.report.version,
            events=list(self.report.events.all()),
            **context,
        )
