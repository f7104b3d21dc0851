"""Milestones, indicators, people exchanged, stories, the budget: lists that members keep."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.forms.partnership_rows import (
    BudgetLineForm,
    ExchangeForm,
    IndicatorForm,
    MeasurementForm,
    MilestoneForm,
    StoryForm,
)
from partnerships.models import Measurement, Milestone
from partnerships.operations import planning, reporting, telling
from partnerships.operations.refusals import NotPossible
from partnerships.views.partnership_base import RowsPage


class Milestones(RowsPage):
    name = "work_milestones"
    template_name = "partnerships/partnership_milestones.html"
    form_class = MilestoneForm
    saved = gettext_lazy("The milestone is kept.")

    def rows(self) -> models.QuerySet[Milestone]:
        return self.partnership.milestones.select_related("host__city", "host__organisation")

    def add(self, facts: dict[str, Any]) -> None:
        planning.plan_milestone(partnership=self.partnership, facts=facts, **self.about)

    def change(self, row: Any, facts: dict[str, Any], version: int) -> None:
        planning.change_milestone(milestone=row, facts=facts, version=version, **self.about)


class Indicators(RowsPage):
    """Also takes measurements: `measure` names the indicator."""

    name = "work_indicators"
    template_name = "partnerships/partnership_indicators.html"
    form_class = IndicatorForm
    saved = gettext_lazy("The indicator is kept.")

    def rows(self) -> models.QuerySet[Any]:
        values = Prefetch("measurements", Measurement.objects.select_related("by"))
        return self.partnership.indicators.prefetch_related(values)

    def add(self, facts: dict[str, Any]) -> None:
        telling.add_indicator(partnership=self.partnership, facts=facts, **self.about)

    def change(self, row: Any, facts: dict[str, Any], version: int) -> None:
        telling.change_indicator(indicator=row, facts=facts, version=version, **self.about)

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        if measured := self._row(request.GET.get("measure")):
            return self._measuring(MeasurementForm(initial={"on": self.at.date()}), measured)
        return super().get(request, slug)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        measured = self._row(request.POST.get("measure"))
        if measured is None:
            return super().post(request, slug)
        form = MeasurementForm(request.POST)
        if not form.is_valid():
            return self._measuring(form, measured, 422)
        try:
            telling.measure(indicator=measured, **form.cleaned_data, **self.about)
        except NotPossible as refusal:
            form.add_error("on", str(refusal))
            return self._measuring(form, measured, 409)
        return self.done(_("The value is kept."))

    def _measuring(self, form: MeasurementForm, measured: Any, status: int = 200) -> HttpResponse:
        return self.page(form=form, measured=measured, rows=list(self.rows()), status=status)


class People(RowsPage):
    name = "work_people"
    template_name = "partnerships/partnership_people.html"
    form_class = ExchangeForm
    saved = gettext_lazy("The people are kept.")
    steps: ClassVar[dict[str, str]] = {"remove": "remove"}

    def rows(self) -> models.QuerySet[Any]:
        return self.partnership.exchanges.select_related("city", "other_city")

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return self._page(self.form_class(partnership=self.partnership), None)

    def add(self, facts: dict[str, Any]) -> None:
        telling.add_exchange(partnership=self.partnership, facts=facts, **self.about)

    def change(self, row: Any, facts: dict[str, Any], version: int) -> None:
        raise NotPossible(_("Take these people out, and enter them anew."))

    def remove(self, row: Any) -> str:
        telling.remove_exchange(exchange=row, **self.about)
        return _("They are taken out.")


class Stories(RowsPage):
    name = "work_stories"
    template_name = "partnerships/partnership_stories.html"
    form_class = StoryForm
    saved = gettext_lazy("The story is kept.")
    steps: ClassVar[dict[str, str]] = {"publish": "publish", "hide": "hide"}

    def rows(self) -> models.QuerySet[Any]:
        return self.partnership.stories.select_related("changed_by")

    def add(self, facts: dict[str, Any]) -> None:
        telling.write_story(partnership=self.partnership, facts=facts, **self.about)

    def change(self, row: Any, facts: dict[str, Any], version: int) -> None:
        telling.change_story(story=row, facts=facts, version=version, **self.about)

    def publish(self, row: Any) -> str:
        telling.show_story(story=row, public=True, **self.about)
        return _("“%(title)s” is on the public page.") % {"title": row}

    def hide(self, row: Any) -> str:
        telling.show_story(story=row, public=False, **self.about)
        return _("Only members read “%(title)s” now.") % {"title": row}


class Budget(RowsPage):
    name = "work_budget"
    listed = "work_reports"
    template_name = "partnerships/partnership_budget.html"
    form_class = BudgetLineForm
    saved = gettext_lazy("The line is kept.")
    steps: ClassVar[dict[str, str]] = {"remove": "remove"}

    def rows(self) -> models.QuerySet[Any]:
        return self.partnership.budget_lines.all()

    def add(self, facts: dict[str, Any]) -> None:
        reporting.add_budget_line(partnership=self.partnership, facts=facts, **self.about)

    def change(self, row: Any, facts: dict[str, Any], version: int) -> None:
        reporting.change_budget_line(line=row, facts=facts, version=version, **self.about)

    def remove(self, row: Any) -> str:
        reporting.remove_budget_line(line=row, **self.about)
        return _("“%(line)s” is taken out.") % {"line": row}
