"""Writing one section. Whatever was typed is shown again; nothing a colleague saved is overwritten unseen."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BoundField
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from calls.access import NotAllowed, require_writer
from calls.forms.section import SectionForm as SectionAnswers
from calls.forms.section import posted_as, section_form
from calls.forms.tables import rearranged
from calls.models import Application, Question, Section
from calls.operations.applications import StaleVersion, save_answers
from calls.operations.status import NotPossible
from calls.queries.answers import PREFIX, fingerprint, is_blank, over_limit, sections_of, shown
from calls.queries.deadlines import word_instant
from calls.queries.receipts import deadline_clocks
from calls.views.application_page import ApplicationPage, version_in
from partnerships.models import Theme

THEIRS = "theirs"


@dataclass(frozen=True)
class Difference:
    """One question that two people answered differently."""

    question: Question
    mine: str
    theirs: str
    field: BoundField


class SectionForm(ApplicationPage):
    """The form of one section; what it shows without the right to write is the answers."""

    template_name = "calls/section.html"
    section: Section

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.key = kwargs["section"]
        return self._typed_without_session() or super().dispatch(request, *args, **kwargs)

    def _typed_without_session(self) -> HttpResponse | None:
        """A session that ended while somebody wrote: the text is shown again, for nobody else knows it."""
        texts = [text for name, text in self.request.POST.items() if name.startswith(PREFIX) and text]
        if self.request.user.is_authenticated or not texts:
            return None
        login = f"{reverse('account_login')}?{urlencode({'next': self.request.path})}"
        context = {"texts": texts, "login_url": login}
        return render(self.request, "calls/logged_out.html", context, status=403)

    def get(self, request: HttpRequest, reference: str, section: str) -> HttpResponse:
        self._find_section()
        return self._page(section_form(self.section, self.application))

    def post(self, request: HttpRequest, reference: str, section: str) -> HttpResponse:
        self._find_section()
        try:
            require_writer(self.user, self.application)
            if (data := rearranged(request.POST)) is not None:
                return self._page(section_form(self.section, self.application, data))
            form = section_form(self.section, self.application, self._chosen(request.POST))
            if not form.is_valid():
                return self._page(form, status=422)
            saved = self._save(form)
        except NotAllowed as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        except NotPossible as refusal:
            return self._page(form, status=409, refusal=str(refusal))
        except StaleVersion as stale:
            return self._conflict(form, stale.current)
        self._tell(saved)
        return redirect(self._next_page())

    def _find_section(self) -> None:
        self.sections = sections_of(self.application)
        found = [row for row in self.sections if row.key == self.key]
        if not found:
            raise Http404
        self.section = found[0]
        self.questions = list(self.section.questions.all())
        self.keys = [question.key for question in self.questions]

    def _chosen(self, data: QueryDict) -> QueryDict:
        """What was posted, with the answers a person decided to leave as their colleague saved them."""
        kept = [row for row in self.questions if data.get(f"take-{row.key}") == THEIRS]
        if not kept:
            return data
        data = data.copy()
        for question in kept:
            name = f"{PREFIX}-{question.key}"
            for posted in [posted for posted in data if posted == name or posted.startswith(f"{name}-")]:
                del data[posted]
            for name, value in posted_as(question, self.application.answers.get(question.key)):
                data.appendlist(name, value)
        return data

    def _save(self, form: SectionAnswers) -> Application:
        return save_answers(
            application=self.application,
            answers=form.answers,
            version=version_in(self.request.POST),
            seen=self.request.POST.get("seen", ""),
            by=self.user,
            at=self.at,
        )

    def _tell(self, saved: Application) -> None:
        time = word_instant(self.at, saved.call.zone)
        about = {"section": self.section, "version": saved.version, "time": time}
        messages.success(self.request, _("“%(section)s” is saved: version %(version)s, %(time)s.") % about)
        for question in self.questions:
            if warning := over_limit(question, saved.answers.get(question.key)):
                messages.warning(self.request, warning)

    def _next_page(self) -> Any:
        reference = self.application.reference
        if "stay" in self.request.POST:
            return self.request.path
        later = self.sections[self.sections.index(self.section) + 1 :]
        if later:
            return _address("section", reference, later[0].key)
        return _address("application", reference)

    def _base(self, form: SectionAnswers) -> dict[str, str]:
        """What the writer began from. Typed text keeps its own, or a colleague's save would go unseen."""
        if form.is_bound:
            return {name: self.request.POST.get(name, "").replace("\x00", "") for name in ("version", "seen")}
        seen = fingerprint(self.application.answers, self.keys)
        return {"version": str(self.application.version), "seen": seen}

    def _page(self, form: SectionAnswers, *, status: int = 200, **context: Any) -> HttpResponse:
        answers = self.application.answers
        themes = {theme.slug: str(theme) for theme in Theme.objects.all()} if not form.is_bound else {}
        return self.page(
            here=str(self.section),
            status=status,
            form=form,
            section=self.section,
            number=self.sections.index(self.section) + 1,
            total=len(self.sections),
            **self._base(form),
            warnings=[text for row in self.questions if (text := over_limit(row, answers.get(row.key)))],
            rows=[(row, shown(row, answers.get(row.key), themes)) for row in self.questions],
            clocks=deadline_clocks(self.application, self.user),
            **context,
        )

    def _conflict(self, form: SectionAnswers, current: Application) -> HttpResponse:
        """Both texts side by side, and a form that saves the reader's choice onto the newest version."""
        themes = {theme.slug: str(theme) for theme in Theme.objects.all()}
        differing, same = [], []
        for question in self.questions:
            mine, theirs = form.answers.get(question.key), current.answers.get(question.key)
            if mine == theirs or (is_blank(mine) and is_blank(theirs)):
                same.append(form[question.key])
                continue
            texts = [shown(question, answer, themes) for answer in (mine, theirs)]
            differing.append(Difference(question, texts[0], texts[1], form[question.key]))
        self.template_name = "calls/conflict.html"
        self.application = current
        return self.page(
            here=str(self.section),
            status=409,
            section=self.section,
            differences=differing,
            same=same,
            seen=fingerprint(current.answers, self.keys),
            saved_at=word_instant(current.changed_at, current.call.zone),
        )


def _address(name: str, *parts: str) -> str:
    return reverse(f"calls:{name}", args=parts)
