"""Answers of an application: which keep it from being submitted, how far each section is, how each is shown.

How answers are kept, by question type: texts and choices as text; several choices and themes as a list of
text; months as a whole number; numbers and money as text such as "450000" or "1.5", so that nothing is
rounded; dates as "2027-03-15"; yes or no as "yes" or "no".
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from calls.models import Application, Call, Question, Section
from calls.models.form import QuestionType
from calls.queries.deadlines import word_day
from partnerships.models.wording import localise


@dataclass(frozen=True)
class Problem:
    """One answer that keeps the application from being submitted: where it is and what to do."""

    section: str
    field: str
    sentence: str
    anchor: str = ""
    place: str = "section"  # or the page that settles it: "partners", "documents", "eligibility"


@dataclass(frozen=True)
class SectionProgress:
    """A section in the task list: answered and asked questions, and its state word."""

    section: Section
    answered: int
    asked: int
    problems: int
    over_limit: int = 0

    @property
    def state(self) -> str:
        """`complete`, `incomplete` or `not_started`."""
        if not self.answered:
            return "not_started"
        return "incomplete" if self.problems else "complete"


def is_blank(answer: Any) -> bool:
    return answer is None or answer == "" or answer == []


def over_limit(question: Question, answer: Any) -> str | None:
    """The sentence for a text that is longer than the question allows; nothing is ever cut off."""
    if question.limit and isinstance(answer, str) and (over := len(answer) - question.limit) > 0:
        return ngettext(
            "Shorten “%(question)s” by %(count)d character. Nothing was cut off.",
            "Shorten “%(question)s” by %(count)d characters. Nothing was cut off.",
            over,
        ) % {"question": question.label, "count": over}
    return None


def problem_of(question: Question, answer: Any) -> str | None:
    """The sentence that names the way out, or None when the answer can be submitted."""
    if is_blank(answer):
        return _("Answer “%(question)s”.") % {"question": question.label} if question.required else None
    return over_limit(question, answer)


def sections_of(application: Application) -> list[Section]:
    """The sections of the form the application is answered on, with their questions."""
    sections = application.call.sections.filter(version=application.form_version)
    return list(sections.prefetch_related("questions"))


def form_of(call: Call) -> list[Section]:
    """The newest form of a call."""
    return list(call.sections.filter(version=call.form_version).prefetch_related("questions"))


def problems_of(application: Application, sections: Iterable[Section] | None = None) -> list[Problem]:
    """Every answer that keeps the application from being submitted, in the order of the form."""
    return [
        Problem(section.key, question.key, sentence, anchor_of(question))
        for section in (sections_of(application) if sections is None else sections)
        for question in section.questions.all()
        if (sentence := problem_of(question, application.answers.get(question.key)))
    ]


GROUPED = frozenset({QuestionType.CHOICE, QuestionType.CHOICES, QuestionType.THEMES, QuestionType.YES_NO})
PREFIX = "answer"


def anchor_of(question: Question) -> str:
    """The id of the question's field, or of its first choice, in the section's form."""
    anchor = f"id_{PREFIX}-{question.key}"
    return f"{anchor}_0" if question.type in GROUPED else anchor


def progress_of(application: Application, sections: Iterable[Section] | None = None) -> list[SectionProgress]:
    """How far each section is, in the order of the form."""
    found = sections_of(application) if sections is None else sections
    return [_progress(section, application.answers) for section in found]


def _progress(section: Section, answers: dict[str, Any]) -> SectionProgress:
    questions = list(section.questions.all())
    return SectionProgress(
        section=section,
        answered=sum(not is_blank(answers.get(question.key)) for question in questions),
        asked=len(questions),
        problems=sum(problem_of(question, answers.get(question.key)) is not None for question in questions),
        over_limit=sum(over_limit(question, answers.get(question.key)) is not None for question in questions),
    )


def fingerprint(answers: Mapping[str, Any], keys: Iterable[str]) -> str:
    """A short hash of some answers: tells whether they are still those that a writer saw."""
    seen = {key: answers.get(key) for key in keys if not is_blank(answers.get(key))}
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()[:24]


def shown(question: Question, answer: Any, themes: Mapping[str, str]) -> str:
    """The answer in the reader's words; `themes` names themes by slug. Empty when there is none."""
    if is_blank(answer):
        return ""
    if question.type in (QuestionType.NUMBER, QuestionType.MONEY):
        return _number(answer)
    if question.type == QuestionType.MONTHS:
        return _months(answer)
    if question.type == QuestionType.DATE:
        return _date(answer)
    if question.type == QuestionType.YES_NO:
        return pgettext("answer", "Yes") if answer in ("yes", True) else pgettext("answer", "No")
    if question.type == QuestionType.THEMES:
        return ", ".join(themes.get(slug, slug) for slug in _listed(answer))
    if question.type in (QuestionType.CHOICE, QuestionType.CHOICES):
        labels = {option["value"]: localise(option["label"]) for option in question.options}
        return ", ".join(labels.get(value, value) for value in _listed(answer))
    return str(answer)


def _listed(answer: Any) -> list[str]:
    return [str(value) for value in answer] if isinstance(answer, list) else [str(answer)]


def _number(answer: Any) -> str:
    try:
        value = Decimal(str(answer))
    except InvalidOperation:
        return str(answer)
    return number_format(value, use_l10n=True, force_grouping=True)


def _months(answer: Any) -> str:
    try:
        count = int(answer)
    except (TypeError, ValueError):
        return str(answer)
    return ngettext("%(count)s month", "%(count)s months", count) % {"count": count}


def _date(answer: Any) -> str:
    try:
        return word_day(date.fromisoformat(str(answer)))
    except ValueError:
        return str(answer)
