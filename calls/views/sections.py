"""Writing one section. Whatever was typed is shown again; nothing a colleague saved is overwritten unseen."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from calls.access import NotAllowed, require_writer
from calls.forms.section import SectionForm as SectionAnswers
from calls.forms.section import section_form
from calls.forms.tables import rearranged
from calls.models import Application
from calls.operations.applications import StaleVersion
from calls.operations.prefilling import use_earlier_answer
from calls.operations.status import NotPossible
from calls.queries.answers import PREFIX, fingerprint, over_limit, parties_in, shown
from calls.queries.deadlines import word_instant
from calls.queries.earlier_answers import earlier_answers
from calls.queries.enquiries import takes_questions
from calls.queries.receipts import deadline_clocks
from calls.views.section_page import SectionPage, address, login_url, theme_names


class SectionForm(SectionPage):
    """The form of one section; what it shows without the right to write is the answers."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self._typed_without_session(request) or super().dispatch(request, *args, **kwargs)

    def _typed_without_session(self, request: HttpRequest) -> HttpResponse | None:
        """A session that ended while somebody wrote: the text is shown again, for nobody else knows it."""
        texts = [text for name, text in request.POST.items() if name.startswith(PREFIX) and text]
        if request.user.is_authenticated or not texts:
            return None
        context = {"texts": texts, "login_url": login_url(request, request.path)}
        return render(request, "calls/logged_out.html", context, status=403)

    def get(self, request: HttpRequest, reference: str, section: str) -> HttpResponse:
        self.find_section()
        form = section_form(self.section, self.application)
        self.mark_prefilled(form)
        return self._page(form)

    def post(self, request: HttpRequest, reference: str, section: str) -> HttpResponse:
        self.find_section()
        try:
            form, data = self.posted_form(), rearranged(request.POST)
            if data is not None or form.errors.keys() & set(self.keys) - self.left_as_saved():
                require_writer(self.user, self.application)
                return self._ask_again(form, data)
            saved = self._use_earlier(self.save(form))
        except NotAllowed as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        except NotPossible as refusal:
            return self._page(form, status=409, refusal=str(refusal))
        except StaleVersion as stale:
            return self._conflict(form, stale.current)
        self._tell(saved)
        return redirect(self._next_page())

    def _ask_again(self, form: SectionAnswers, data: QueryDict | None) -> HttpResponse:
        """Nothing is saved: a row was added to a table, or something cannot be read.

        That is said where it was typed: on the page of the conflict, or of the section.
        """
        if data is not None:
            return self._page(section_form(self.section, self.application, data))
        if "only" in self.request.POST:
            return self._conflict(form, self.application, status=422)
        return self._page(form, status=422)

    def _use_earlier(self, saved: Application) -> Application:
        """A button beside an earlier answer: what was typed is saved first, then the answer is copied."""
        question, _colon, reference = self.request.POST.get("use", "").partition(":")
        if not reference or "\x00" in reference:
            return saved
        return use_earlier_answer(
            application=saved, question=question, reference=reference, by=self.user, at=self.at
        )

    def _tell(self, saved: Application) -> None:
        time = word_instant(self.at, saved.call.zone)
        about = {"section": self.section, "version": saved.version, "time": time}
        sentence = _("“%(section)s” is saved: version %(version)s, %(time)s.") % about
        # the tag tells the browser that its own copy of the text is no longer needed
        messages.success(self.request, sentence, extra_tags=self.place)
        for question in self.questions:
            if warning := over_limit(question, saved.answers.get(question.key)):
                messages.warning(self.request, warning)

    @property
    def place(self) -> str:
        """The name under which the reader's browser keeps what is not saved yet."""
        return f"kept:{self.user.pk}:{self.application.reference}:{self.key}"

    def _next_page(self) -> str:
        reference = self.application.reference
        if self.request.POST.keys() & {"stay", "settle", "use"}:
            return self.request.path
        later = self.sections[self.sections.index(self.section) + 1 :]
        if later:
            return address("section", reference, later[0].key)
        return address("application", reference)

    def _base(self, form: SectionAnswers) -> dict[str, str]:
        """What the writer began from. Typed text keeps its own, or a colleague's save would go unseen."""
        if form.is_bound:
            return {name: self.request.POST.get(name, "").replace("\x00", "") for name in ("version", "seen")}
        return self.base(self.application)

    def _page(self, form: SectionAnswers, *, status: int = 200, **context: Any) -> HttpResponse:
        answers, themes = self.application.answers, theme_names()
        parties = parties_in(self.application, [self.section])
        earlier = earlier_answers(self.application, self.questions, self.user, themes)
        return self.page(
            here=str(self.section),
            status=status,
            form=form,
            section=self.section,
            number=self.sections.index(self.section) + 1,
            total=len(self.sections),
            **self._base(form),
            place_kept=self.place,
            looked=self.application.visits.filter(section=self.key).exists(),
            saved_words=self.saved_words(self.application),
            findings=self.findings(),
            earlier=earlier,
            warnings=[text for row in self.questions if (text := over_limit(row, answers.get(row.key)))],
            rows=[(row, shown(row, answers.get(row.key), themes, parties)) for row in self.questions],
            clocks=deadline_clocks(self.application, self.user),
            questions_open=takes_questions(self.application.call, self.at),
            login_url=login_url(self.request, self.request.path),
            **context,
        )

    def _conflict(self, form: SectionAnswers, current: Application, status: int = 409) -> HttpResponse:
        """Both texts side by side, and a form that saves the reader's choice onto the newest version."""
        differences = self.differences(form, current)
        self.template_name = "calls/conflict.html"
        self.application = current
        return self.page(
            here=str(self.section),
            status=status,
            form=form if status == 422 else None,
            section=self.section,
            differences=differences,
            seen=fingerprint(current.answers, [row.question.key for row in differences]),
            saved_at=word_instant(current.changed_at, current.call.zone),
            place_kept=self.place,
        )
