"""The search for partners: the board of ideas, an idea's page, and writing one."""

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views import View

from cooperation.accounts.access import NotAllowed
from cooperation.accounts.models import User
from partnerships.filters import IdeaFilter
from partnerships.forms.ideas import AnswerForm, IdeaForm, InterestForm, idea_initial
from partnerships.models import Idea, Interest
from partnerships.operations import ideas, interests
from partnerships.operations.refusals import ChangedMeanwhile, NotPossible
from partnerships.queries.ideas import standing_interests, suggested_to, with_city, written_by

IDEAS_A_PAGE = 20


def _board() -> tuple[str, str]:
    """The way back to the board."""
    return _("Partner search"), reverse("partnerships:search")


class Board(View):
    """Ideas that seek partners, the newest first; everything chosen is in the address."""

    def get(self, request: HttpRequest) -> HttpResponse:
        today = timezone.localdate()
        search = IdeaFilter(request.GET, queryset=Idea.objects.published(), today=today)
        valid = search.is_valid()
        found = with_city(search.qs) if valid else Idea.objects.none()
        own = written_by(request.user) if request.user.is_authenticated else []
        searched = any(request.GET.get(name) for name in search.form.fields)
        context = {
            "form": search.form,
            "page": Paginator(found, IDEAS_A_PAGE).get_page(request.GET.get("page")),
            "searched": searched,
            "writes": own,
            "suggested": [] if searched else suggested_to(own, today),
            "today": today,
        }
        return render(request, "partnerships/search/board.html", context, status=200 if valid else 422)


class IdeaPage(View):
    """An idea: its interested cities for its own people, the way to tell interest for others."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.at = timezone.now()
        self.user = cast(User, request.user)
        visible = Idea.objects.visible_to(request.user).filter(slug=kwargs["slug"])
        found = with_city(visible).first()
        if found is None:
            raise Http404
        self.idea = found
        self.own = written_by(self.user) if self.user.is_authenticated else []
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return self._page()

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        if not self.user.is_authenticated:
            raise Http404
        steps: dict[str, Callable[[], HttpResponse]] = {
            "interest": self._interest,
            "take_back": self._take_back,
            "mutual": lambda: self._answer(True),
            "not_mutual": lambda: self._answer(False),
            "complete": lambda: self._step(
                ideas.complete_idea, _("The idea is complete. It stays readable.")
            ),
            "renew": lambda: self._step(ideas.renew_idea, _("The idea seeks partners for another year.")),
            "take_down": self._take_down,
            "put_back": lambda: self._step(ideas.put_back_idea, _("The idea is shown again.")),
            "withdraw": lambda: self._step(ideas.withdraw_idea, _("The idea is off the board.")),
        }
        step = steps.get(request.POST.get("step", ""))
        try:
            return step() if step else self._page(status=422, refusal=_("Press one of the buttons."))
        except NotAllowed as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        except NotPossible as refusal:
            self.idea.refresh_from_db()
            return self._page(status=409, refusal=str(refusal))

    def _interest(self) -> HttpResponse:
        form = InterestForm(self.request.POST, organisations=self.own)
        if not form.is_valid():
            return self._page(form=form, status=422)
        try:
            interests.express_interest(
                idea=self.idea,
                organisation=form.cleaned_data["organisation"],
                message=form.cleaned_data["message"],
                by=self.user,
                at=self.at,
            )
        except NotPossible as refusal:
            return self._page(form=form, status=409, refusal=str(refusal))
        return self._done(
            _("%(city)s reads your interest. The answer comes by mail.") % {"city": self.idea.city}
        )

    def _take_back(self) -> HttpResponse:
        interests.withdraw_interest(interest=self._chosen(), by=self.user, at=self.at)
        return self._done(_("Your interest is taken back."))

    def _answer(self, mutual: bool) -> HttpResponse:
        interest = self._chosen()
        form = AnswerForm(self.request.POST, prefix=f"answer-{interest.pk}")
        if not form.is_valid():
            return self._page(answering=(interest.pk, form), status=422)
        interests.answer_interest(
            interest=interest, mutual=mutual, answer=form.cleaned_data["answer"], by=self.user, at=self.at
        )
        named = {"name": interest.organisation}
        if mutual:
            return self._done(_("You and %(name)s have each other’s names and addresses now.") % named)
        return self._done(_("%(name)s reads your answer.") % named)

    def _take_down(self) -> HttpResponse:
        reason = self.request.POST.get("reason", "").replace("\x00", "")[:300]
        ideas.take_down_idea(idea=self.idea, reason=reason, by=self.user, at=self.at)
        return self._done(_("The idea is taken down. Its city reads the reason."))

    def _step(self, act: Callable[..., Idea], done: str) -> HttpResponse:
        act(idea=self.idea, by=self.user, at=self.at)
        return self._done(done)

    def _chosen(self) -> Interest:
        """The interest a button names: one's own, or one in one's own idea; everything else is not there."""
        given = self.request.POST.get("interest", "")
        number = int(given) if given.isascii() and given.isdigit() and len(given) <= 18 else 0
        found = next((row for row in self._visible(standing_interests(self.idea)) if row.pk == number), None)
        if found is None:
            raise Http404
        return found

    def _visible(self, rows: list[Interest]) -> list[Interest]:
        """The idea's own people see every interest, others only that of their organisations."""
        own = {row.pk for row in self.own}
        return (
            rows if self.idea.organisation_id in own else [row for row in rows if row.organisation_id in own]
        )

    def _done(self, sentence: str) -> HttpResponse:
        messages.success(self.request, sentence)
        return redirect("partnerships:search" if self.idea.withdrawn_at else self.idea)

    def _page(
        self,
        *,
        status: int = 200,
        refusal: str = "",
        form: forms.Form | None = None,
        answering: tuple[int, forms.Form] | None = None,
    ) -> HttpResponse:
        owner = self.idea.organisation_id in {row.pk for row in self.own}
        shown = self._visible(standing_interests(self.idea)) if self.own else []
        answered = {row.organisation_id for row in shown}
        may_join = [
            row
            for row in self.own
            if row.city_id != self.idea.organisation.city_id and row.pk not in answered
        ]
        seeking = self.idea.is_seeking(timezone.localdate(self.at))
        context = {
            "idea": self.idea,
            "city": self.idea.city,
            "crumbs": [_board(), (self.idea.title, "")],
            "seeking": seeking,
            "owner": owner,
            "interests": [(row, self._answer_form(row, answering)) for row in shown],
            "may_join": may_join,
            "form": form or (InterestForm(organisations=may_join) if may_join and seeking else None),
            "refusal": refusal,
            "has_errors": status != 200,
        }
        return render(self.request, "partnerships/search/idea.html", context, status=status)

    def _answer_form(self, row: Interest, answering: tuple[int, forms.Form] | None) -> forms.Form | None:
        if row.answered_at:
            return None
        return answering[1] if answering and answering[0] == row.pk else AnswerForm(prefix=f"answer-{row.pk}")


class WriteIdea(LoginRequiredMixin, View):
    """A new idea, or one's own to be changed; what is typed is never lost."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.at = timezone.now()
        self.idea: Idea | None = None
        if request.user.is_authenticated:
            self.own = written_by(request.user)
            if "slug" in kwargs:
                mine = Idea.objects.filter(slug=kwargs["slug"], organisation__in=self.own)
                self.idea = with_city(mine).first()
                if self.idea is None:
                    raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, slug: str = "") -> HttpResponse:
        known = idea_initial(self.idea) if self.idea else {"language": get_language(), "languages": ["en"]}
        return self._page(self._form(initial=known))

    def post(self, request: HttpRequest, slug: str = "") -> HttpResponse:
        form = self._form(request.POST)
        if not form.is_valid():
            return self._page(form, status=422)
        try:
            saved = self._save(form)
        except NotAllowed as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        except ChangedMeanwhile as clash:
            current = cast(Idea, clash.current)
            form.data = typed = request.POST.copy()
            typed["version"] = str(current.version)
            return self._page(form, status=409, refusal=str(clash), kept=current)
        except NotPossible as refusal:
            return self._page(form, status=409, refusal=str(refusal))
        messages.success(request, _("Your idea is on the board."))
        return redirect(saved)

    def _save(self, form: IdeaForm) -> Idea:
        by = cast(User, self.request.user)
        if self.idea is None:
            return ideas.publish_idea(
                organisation=form.cleaned_data["organisation"], text=form.text(), by=by, at=self.at
            )
        version = form.cleaned_data["version"] or 0
        return ideas.change_idea(idea=self.idea, text=form.text(), version=version, by=by, at=self.at)

    def _form(self, *args: Any, **kwargs: Any) -> IdeaForm:
        own = [self.idea.organisation] if self.idea else self.own
        return IdeaForm(*args, organisations=own, **kwargs)

    def _page(
        self, form: IdeaForm, *, status: int = 200, refusal: str = "", kept: Idea | None = None
    ) -> HttpResponse:
        here = _("Change") if self.idea else _("Publish an idea")
        above = [(self.idea.title, self.idea.get_absolute_url())] if self.idea else []
        context = {
            "crumbs": [_board(), *above, (here, "")],
            "form": form,
            "idea": self.idea,
            "writes": self.own,
            "refusal": refusal,
            "kept": kept,
            "has_errors": status != 200,
        }
        return render(self.request, "partnerships/search/write.html", context, status=status)
