"""Where members begin: what waits for them. And the stage of their partnership with its public facts."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.access import coordinates
from partnerships.forms.partnership_life import AboutForm, ExtendForm, ReasonForm
from partnerships.operations import stages
from partnerships.operations.refusals import ChangedMeanwhile, NotPossible
from partnerships.queries.waiting import waiting_for
from partnerships.views.partnership_base import MembersPage, number_in
from partnerships.workflow import TRANSITIONS, Actor

# operation -> the words of its button
STEPS = {
    "propose": gettext_lazy("Propose the partnership"),
    "begin": gettext_lazy("Say that the work has begun"),
    "extend": gettext_lazy("Extend the partnership"),
    "complete": gettext_lazy("Complete the partnership"),
    "end_early": gettext_lazy("End the partnership early"),
}


class Work(MembersPage):
    """What waits for the members, most urgent first, and how each part stands."""

    name = "work"
    template_name = "partnerships/partnership_work.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return self.page(waiting=waiting_for(self.partnership, self.seats, self.at))


class StagePage(MembersPage):
    """The steps that can be taken now, the facts of the public page, and what happened so far."""

    name = "work_stage"
    template_name = "partnerships/partnership_stage.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        step = request.GET.get("step", "")
        return self._page(step=step if step in self._possible() else "")

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        step = request.POST.get("step", "")
        return self._step(step) if step in STEPS else self._describe()

    def _describe(self) -> HttpResponse:
        form = AboutForm(self.request.POST, partnership=self.partnership, row=self.partnership)
        version = number_in(self.request.POST.get("version"))
        if not form.is_valid():
            return self._page(about_form=form, version=version, status=422)
        try:
            stages.describe(partnership=self.partnership, facts=form.facts, version=version, **self.about)
        except ChangedMeanwhile as stale:
            beside, newest = form.beside(stale.current), stale.current.version  # type: ignore[attr-defined]
            return self._page(about_form=form, version=newest, beside=beside, refusal=str(stale), status=409)
        return self.done(_("The public page says so now."))

    def _step(self, step: str) -> HttpResponse:
        form = _form_of(step, self.request.POST)
        if not form.is_valid():
            return self._page(step=step, step_form=form, status=422)
        said: dict[str, Any] = dict(form.cleaned_data)
        if step in ("propose", "begin", "complete"):
            said = {}
        try:
            change = getattr(stages, step)(partnership=self.partnership, **said, **self.about)
        except stages.ReasonMissing as refusal:
            form.add_error("reason", str(refusal))
            return self._page(step=step, step_form=form, status=422)
        except NotPossible as refusal:
            return self._page(step=step, step_form=form, refusal=str(refusal), status=409)
        return self.done(_("The partnership is now: %(stage)s.") % {"stage": change.get_target_display()})

    def _possible(self) -> list[str]:
        """Steps that the stage allows and that this person may take."""
        actors = {Actor.MEMBER} if self.seats else set()
        if coordinates(self.seats, self.partnership):
            actors.add(Actor.COORDINATOR)
        steps = [
            row.operation
            for row in TRANSITIONS
            if row.source == self.partnership.stage and row.actor in actors
        ]
        return [step for step in STEPS if step in steps]

    def _page(
        self,
        *,
        step: str = "",
        step_form: ReasonForm | None = None,
        about_form: AboutForm | None = None,
        version: int = 0,
        **context: Any,
    ) -> HttpResponse:
        form = step_form or (_form_of(step) if step else None)
        about = about_form or AboutForm(partnership=self.partnership, row=self.partnership)
        return self.page(
            step=step,
            step_words=STEPS.get(step, ""),
            step_form=form,
            asks_reason=step in ("extend", "end_early"),
            steps=[(name, STEPS[name]) for name in self._possible()],
            about_form=about,
            form=form if form and form.is_bound else about,
            version=version or self.partnership.version,
            changes=self.partnership.stage_changes.select_related("by"),
            **context,
        )


def _form_of(step: str, data: Any = None) -> ReasonForm:
    if step == "extend":
        return ExtendForm(data, needed=True)
    return ReasonForm(data, needed=step == "end_early")
