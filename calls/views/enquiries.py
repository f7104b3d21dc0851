"""Public questions and answers about a call, and asking one."""

from datetime import datetime
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from calls.access import NotAllowed
from calls.forms.enquiry import AskForm
from calls.models import Call
from calls.operations.enquiries import ask
from calls.operations.status import NotPossible
from calls.queries.answers import form_of
from calls.queries.clock import received_at
from calls.queries.deadlines import UTC, clocks
from calls.queries.eligibility_terms import Vocabulary
from calls.queries.enquiries import QUESTION, RULE, Subjects, asked_until, grouped, narrowed, takes_questions
from calls.views.readers import reader_place
from cooperation.accounts.models import User

LONGEST_SEARCH = 200  # characters


class CallWithQuestions(View):
    """A page about one call, what can be asked about it, and until when."""

    call: Call
    at: datetime

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.at = received_at(request)
        rows = Call.objects.visible_to(request.user).select_related("programme")
        self.call = get_object_or_404(rows.prefetch_related("texts", "rules"), slug=kwargs["slug"])
        return super().dispatch(request, *args, **kwargs)

    def subjects(self) -> Subjects:
        return Subjects(self.call, form_of(self.call), Vocabulary.current())

    def common(self) -> dict[str, Any]:
        """What both pages show: the call and its window on the clocks that matter."""
        until, reader = asked_until(self.call), reader_place(self.request.user)
        zones = [(self.call.zone, ""), *([reader] if reader else []), (UTC, UTC)]
        return {
            "call": self.call,
            "text": self.call.text,
            "open": takes_questions(self.call, self.at),
            "until": until,
            "clocks": clocks(until, zones) if until else [],
        }


class QuestionsAndAnswers(CallWithQuestions):
    """What was asked and answered, by what it is about; searched in every language."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        words, about = request.GET.get("q", "").strip(), request.GET.get("about", "")
        too_long = len(words) > LONGEST_SEARCH
        everything = grouped(self.call, self.subjects())
        groups = everything if too_long else narrowed(everything, words=words, about=about)
        context = {
            **self.common(),
            "groups": groups,
            "subjects": everything,
            "number": sum(len(group.rows) for group in everything),
            "found": sum(len(group.rows) for group in groups),
            "q": words,
            "about": about,
            "too_long": too_long,
            "has_errors": too_long,
            "crumbs": _crumbs(self.call),
        }
        return render(request, "calls/qa.html", context, status=400 if too_long else 200)


class Ask(LoginRequiredMixin, CallWithQuestions):
    """Ask about the call, or about the rule or question that the address names."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        subjects = self.subjects()
        return self._page(
            AskForm(initial={"about": self._named(subjects)}, subjects=subjects, call=self.call)
        )

    def _named(self, subjects: Subjects) -> str:
        """What `?rule=` or `?question=` names, when the call has it."""
        for kind in (RULE, QUESTION):
            if (key := f"{kind}:{self.request.GET.get(kind, '')}") in subjects.titles:
                return key
        return ""

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        form = AskForm(request.POST, subjects=self.subjects(), call=self.call)
        if not form.is_valid():
            return self._page(form, 422)
        kind, _sign, key = form.cleaned_data["about"].partition(":")
        try:
            enquiry = ask(
                call=self.call,
                text=form.cleaned_data["text"],
                language=form.cleaned_data["language"],
                rule=self.call.rules.get(pk=key) if kind == RULE else None,
                question=key if kind == QUESTION else "",
                by=cast(User, request.user),
                at=self.at,
            )
        except NotAllowed as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        except NotPossible as refusal:
            return self._page(form, 409, str(refusal))
        sentence = _("Question %(number)s is received. You get the answer by mail, and it is published here.")
        messages.success(request, sentence % {"number": enquiry.number})
        return redirect("calls:qa", self.call.slug)

    def _page(self, form: AskForm, status: int = 200, refusal: str = "") -> HttpResponse:
        mine = self.call.enquiries.filter(asked_by=cast(User, self.request.user)).order_by("-number")[:10]
        context = {
            **self.common(),
            "form": form,
            "refusal": refusal,
            "has_errors": bool(refusal),
            "mine": mine,
            "crumbs": [*_crumbs(self.call, here=False), (_("Ask a question"), "")],
        }
        return render(self.request, "calls/ask.html", context, status=status)


def _crumbs(call: Call, *, here: bool = True) -> list[tuple[str, str]]:
    """Calls / the call / questions and answers."""
    return [
        (_("Calls"), reverse("calls:list")),
        (call.title, call.get_absolute_url()),
        (_("Questions and answers"), "" if here else reverse("calls:qa", args=[call.slug])),
    ]
