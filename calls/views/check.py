"""Can these cities apply? One question a page, everything in the address: nothing is kept, all can be shared.

`step` shows a question; `after` says that one was just answered, and leads on; with neither, an address that
names a city is answered with the verdict. `then=result` comes back to it after a change.
"""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views import View

from calls.forms.check import CheckForm
from calls.models import Call
from calls.queries.call_page import group_of
from calls.queries.check_page import check_result
from calls.queries.check_questions import (
    CITY,
    PARTNERS,
    CheckQuestion,
    questions_of,
    word_answer,
    word_profile,
)
from calls.queries.cities import full_name
from calls.queries.clock import database_now
from calls.queries.deadlines import word_instant
from calls.queries.eligibility import cities_facts
from calls.queries.eligibility_terms import Vocabulary
from calls.views.check_cities import Cities, own_city
from partnerships.models import City

Pairs = list[tuple[str, str]]


class EligibilityCheck(View):
    """A question, the cities to choose from, or the verdict; 422 for what cannot be understood."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        self.at = database_now()
        calls = Call.objects.visible_to(request.user).select_related("programme")
        related = ("texts", "rules", "themes", "successors__texts")
        self.call = get_object_or_404(calls.prefetch_related(*related), slug=slug)
        self.names = Vocabulary.current()
        self.questions = questions_of(self.call, self.names)
        self.own = "" if "lead" in request.GET else own_city(request.user)
        self.cities = Cities.read(request.GET, self.own)
        self.form = CheckForm(request.GET, questions=self.questions)
        self.form.is_valid()
        question = self._here()
        return self._result() if question is None else self._page(question)

    def _here(self) -> CheckQuestion | None:
        """The question to show; None when the verdict is due."""
        query, until = self.request.GET, self._until()
        wanted = next((each for each in self.questions if each.key == query.get("step")), None)
        if wanted:
            return wanted
        unsettled = next((each for each in self.questions[:until] if not self._settled(each)), None)
        if unsettled is None and until and query.get("then") == "result":
            return None
        return unsettled or next(iter(self.questions[until:]), None)

    def _until(self) -> int:
        """How many of the questions have been put to the reader, as far as the address tells."""
        query, keys = self.request.GET, [question.key for question in self.questions]
        if query.get("after") in keys:
            return keys.index(query["after"]) + 1
        if "lead" in query or "partner" in query:
            return len(keys)
        return 1 if self.own else 0

    def _settled(self, question: CheckQuestion) -> bool:
        if question.key == CITY:
            return self.cities.lead.settled
        if question.key == PARTNERS:
            return all(field.settled for field in self.cities.partners)
        return question.key not in self.form.errors

    def _page(self, question: CheckQuestion) -> HttpResponse:
        place = self.questions.index(question)
        fields = {CITY: [self.cities.lead], PARTNERS: self.cities.partner_fields}.get(question.key, [])
        asked = self._until() > 0 and self.request.GET.get("step") != question.key
        errors = [field for field in fields if field.error and (asked or field.value)]
        wrong = bool(errors) or question.key in self.form.errors
        lead = self.cities.lead.found.city
        context = {
            "question": question,
            "number": place + 1,
            "fields": fields,
            "errors": errors,
            "choosing": [field for field in fields if field.found.candidates],
            "has_errors": wrong,
            "field": None if fields else self.form[question.key],
            "form": self.form,
            "hidden": [*self._state(without=question.key), *self._onward(question)],
            "back": self._address(step=self.questions[place - 1].key) if place else "",
            "skip": self._address() if lead and place + 1 < len(self.questions) else "",
            "answers": self._answers() if lead else [],
            "profile": self._profile(lead) if lead and question.key != CITY else [],
            "from_profile": self.own,
        }
        return self._render("calls/check_question.html", context, status=422 if wrong else 200)

    def _result(self) -> HttpResponse:
        lead, partners = self.cities.lead.found.city, self.cities.chosen
        if lead is None:
            raise ValueError("a verdict is about a city")
        known = self.form.facts(self.call)
        context = {
            "lead": lead,
            "chosen_partners": partners,
            "result": check_result(self.call, lead, partners, self.at, known, self.names),
            "answers": self._answers(),
            "profile": self._profile(lead),
            "without": self._without(partners),
            "start_fields": self._state(without=CITY),
            "unanswered": self._first_unanswered(),
        }
        return self._render("calls/check.html", context)

    def _render(self, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        shared = {
            "call": self.call,
            "text": self.call.text,
            "group": group_of(self.call, self.at),
            "questions": self.questions,
            "checked": word_instant(self.at, self.call.zone),
        }
        return render(self.request, template, {**shared, **context}, status=status)

    def _state(self, without: str = "") -> Pairs:
        """Every answer as the address carries it, those of one question left out."""
        pairs: Pairs = []
        if without != CITY and (value := self.cities.lead.value):
            pairs.append(("lead", value))
        if without != PARTNERS:
            pairs += [("partner", field.value) for field in self.cities.partners]
        for key in self.form.fields:
            if key != without:
                pairs += [(key, value) for value in self.request.GET.getlist(key) if value]
        return pairs

    def _onward(self, question: CheckQuestion) -> Pairs:
        then = self.request.GET.get("then") == "result"
        return [("after", question.key), *([("then", "result")] if then else [])]

    def _address(self, **extra: str) -> str:
        return f"?{urlencode([*self._state(), *extra.items()])}"

    def _answers(self) -> list[tuple[str, str, str]]:
        """What was answered so far: the question, the answer in words, where to change it."""
        values = self.form.values()
        found = []
        for question in self.questions:
            if question.key == CITY:
                city = self.cities.lead.found.city
                words = full_name(city) if city else ""
            elif question.key == PARTNERS:
                words = "; ".join(full_name(city) for city in self.cities.chosen)
            else:
                words = (
                    word_answer(question, values[question.key], self.names) if question.key in values else ""
                )
            if words:
                found.append((question.title, words, self._address(step=question.key, then="result")))
        return found

    def _first_unanswered(self) -> str:
        """Where to go on answering; empty when every question has an answer."""
        values = self.form.values()
        for question in self.questions[1:]:
            if question.key not in values and not (question.key == PARTNERS and self.cities.partners):
                return self._address(step=question.key)
        return ""

    def _profile(self, lead: City) -> list[str]:
        on = self.call.day_of(self.at)
        return word_profile(cities_facts([lead], on=on)[0], self.names)

    def _without(self, partners: list[City]) -> list[tuple[City, str]]:
        """Each of several partners, with the address of the same check without it."""
        rest = self._state(without=PARTNERS)
        return [
            (
                city,
                f"?{urlencode([*rest, *(('partner', other.slug) for other in partners if other != city)])}",
            )
            for city in (partners if len(partners) > 1 else [])
        ]
