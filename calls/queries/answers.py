"""Which answers are missing or over their limit, and how far each section is."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls.models import Application, Question, Section


@dataclass(frozen=True)
class Problem:
    """One answer that keeps the application from being submitted: where it is and what to do."""

    section: str
    field: str
    sentence: str


@dataclass(frozen=True)
class SectionProgress:
    """A section in the task list: answered and asked questions, and its state word."""

    section: Section
    answered: int
    asked: int
    problems: int

    @property
    def state(self) -> str:
        """`complete`, `incomplete` or `not_started`."""
        if not self.answered:
            return "not_started"
        return "incomplete" if self.problems else "complete"


def is_blank(answer: Any) -> bool:
    return answer is None or answer == "" or answer == []


def problem_of(question: Question, answer: Any) -> str | None:
    """The sentence that names the way out, or None when the answer can be submitted."""
    if is_blank(answer):
        return _("Answer “%(question)s”.") % {"question": question.label} if question.required else None
    if question.limit and isinstance(answer, str) and (over := len(answer) - question.limit) > 0:
        return ngettext(
            "Shorten “%(question)s” by %(count)d character. Nothing was cut off.",
            "Shorten “%(question)s” by %(count)d characters. Nothing was cut off.",
            over,
        ) % {"question": question.label, "count": over}
    return None


def sections_of(application: Application) -> list[Section]:
    return list(application.call.sections.prefetch_related("questions"))


def problems_of(application: Application) -> list[Problem]:
    """Every answer that keeps the application from being submitted, in the order of the form."""
    return [
        Problem(section.key, question.key, sentence)
        for section in sections_of(application)
        for question in section.questions.all()
        if (sentence := problem_of(question, application.answers.get(question.key)))
    ]


def progress_of(application: Application) -> list[SectionProgress]:
    """How far each section is, in the order of the form."""
    return [_progress(section, application.answers) for section in sections_of(application)]


def _progress(section: Section, answers: dict[str, Any]) -> SectionProgress:
    questions = list(section.questions.all())
    return SectionProgress(
        section=section,
        answered=sum(not is_blank(answers.get(question.key)) for question in questions),
        asked=len(questions),
        problems=sum(problem_of(question, answers.get(question.key)) is not None for question in questions),
    )
