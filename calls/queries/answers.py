"""Answers of an application: which keep it from being submitted, how far each section is, how each is shown.

How answers are kept, by question type: texts and choices as text; several choices and themes as a list of
text; months as a whole number; numbers and money as text such as "450000" or "1.5", so that nothing is
rounded; dates as "2027-03-15"; yes or no as "yes" or "no"; a city as its slug.

Tables are lists of rows, each an object of texts without its empty cells (calls.queries.table_columns):
- budget: {"category": "travel", "what": "Two visits", "party": "lead", "amount-grant": "45000.50"}, with one
  amount for each source of the form; a party is "lead" or the slug of a partner city.
- activities: {"what": ..., "kind": ..., "where": a party, "online" or "elsewhere", "from": "2027-03-15",
  "to": "2027-03-19"}.
- team: {"name": ..., "function": ..., "side": a party, "role": ..., "email": ...}.
A document is no answer: the files themselves are kept (calls.models.document).
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from calls.models import Application, Call, Question, Section
from calls.models.form import QuestionType, option_label
from calls.queries.cities import full_name
from calls.queries.deadlines import word_day
from calls.queries.numbers import number_in
from calls.queries.parties import parties_of
from calls.queries.table_columns import TABLES, Parties, columns_of
from calls.queries.table_problems import table_problems
from calls.queries.tables import lines_of
from partnerships.models import City


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


def problem_of(question: Question, answer: Any, parties: Parties | None = None) -> str | None:
    """The first sentence that names the way out, or None when the answer can be submitted."""
    return next((sentence for _anchor, sentence in _points(question, answer, parties)), None)


def _points(question: Question, answer: Any, parties: Parties | None) -> list[tuple[str, str]]:
    """Everything that keeps an answer from being submitted: where, and the way out."""
    anchor = anchor_of(question)
    if question.type == QuestionType.FILE:
        return []  # what is attached is no answer: see calls.queries.documents
    if is_blank(answer):
        return [(anchor, _("Answer “%(question)s”.") % {"question": question.label})] * question.required
    if question.type in TABLES:
        found = table_problems(question, answer, parties)
        return [(cell_id(question.key, row.line, row.column), row.sentence) for row in found]
    return [(anchor, sentence)] if (sentence := over_limit(question, answer)) else []


def sections_of(application: Application) -> list[Section]:
    """The sections of the form the application is answered on, with their questions."""
    sections = application.call.sections.filter(version=application.form_version)
    return list(sections.prefetch_related("questions"))


def form_of(call: Call) -> list[Section]:
    """The newest form of a call."""
    return list(call.sections.filter(version=call.form_version).prefetch_related("questions"))


def problems_of(application: Application, sections: Iterable[Section] | None = None) -> list[Problem]:
    """Every answer that keeps the application from being submitted, in the order of the form."""
    found = sections_of(application) if sections is None else list(sections)
    parties = parties_in(application, found)
    return [
        Problem(section.key, question.key, sentence, anchor)
        for section in found
        for question in section.questions.all()
        for anchor, sentence in _points(question, application.answers.get(question.key), parties)
    ]


def parties_in(application: Application, sections: Iterable[Section]) -> dict[str, str]:
    """Who takes part, where the form has a table that names them; asks nothing otherwise."""
    asked = {question.type for section in sections for question in section.questions.all()}
    return parties_of(application) if asked & TABLES else {}


GROUPED = frozenset({QuestionType.CHOICE, QuestionType.CHOICES, QuestionType.THEMES, QuestionType.YES_NO})
PREFIX = "answer"


def anchor_of(question: Question) -> str:
    """The id of the question's field, or of its first choice, in the section's form."""
    if columns := columns_of(question, {}):
        return cell_id(question.key, 0, columns[0].key)
    anchor = f"id_{PREFIX}-{question.key}"
    return f"{anchor}_0" if question.type in GROUPED else anchor


def cell_id(key: str, line: int, column: str) -> str:
    """The id of one cell of a table question's field."""
    return f"id_{PREFIX}-{key}-{line}-{column}"


def progress_of(
    application: Application,
    sections: Iterable[Section] | None = None,
    attached: Mapping[str, bool] | None = None,
) -> list[SectionProgress]:
    """How far each section is, in the order of the form.

    `attached` tells of a question for documents whether all are there (calls.queries.documents.attached_to).
    """
    found = sections_of(application) if sections is None else list(sections)
    parties = parties_in(application, found)
    return [_progress(section, application.answers, parties, attached or {}) for section in found]


def _progress(
    section: Section, answers: dict[str, Any], parties: Parties, attached: Mapping[str, bool]
) -> SectionProgress:
    questions = list(section.questions.all())
    keys = {question.key for question in questions}
    return SectionProgress(
        section=section,
        answered=sum(not is_blank(answers.get(key)) or attached.get(key, False) for key in keys),
        asked=len(questions),
        problems=sum(
            problem_of(question, answers.get(question.key), parties) is not None for question in questions
        )
        + sum(attached.get(key) is False for key in keys),
        over_limit=sum(over_limit(question, answers.get(question.key)) is not None for question in questions),
    )


def fingerprint(answers: Mapping[str, Any], keys: Iterable[str]) -> str:
    """A short hash of some answers: tells whether they are still those that a writer saw."""
    seen = {key: answers.get(key) for key in keys if not is_blank(answers.get(key))}
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()[:24]


def shown(question: Question, answer: Any, themes: Mapping[str, str], parties: Parties | None = None) -> str:
    """The answer in the reader's words; empty when there is none.

    `themes` names themes by slug, `parties` those who take part by key. A table is one line a row here;
    `calls.queries.tables.table_of` gives it whole.
    """
    if is_blank(answer):
        return ""
    if question.type in TABLES:
        return lines_of(question, answer, parties) or str(answer)
    wording = WORDINGS.get(QuestionType(question.type))
    return wording(question, answer, themes) if wording else str(answer)


def _listed(answer: Any) -> list[str]:
    return [str(value) for value in answer] if isinstance(answer, list) else [str(answer)]


def _number(answer: Any) -> str:
    value = number_in(answer)
    return str(answer) if value is None else number_format(value, use_l10n=True, force_grouping=True)


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


def _yes_no(answer: Any) -> str:
    return pgettext("answer", "Yes") if answer in ("yes", True) else pgettext("answer", "No")


def _themes(answer: Any, themes: Mapping[str, str]) -> str:
    return ", ".join(themes.get(slug, slug) for slug in _listed(answer))


def _options(question: Question, answer: Any) -> str:
    labels = {option["value"]: option_label(option) for option in question.options}
    return ", ".join(labels.get(value, value) for value in _listed(answer))


def _city(answer: Any) -> str:
    found = City.objects.filter(slug=str(answer)).first()
    return full_name(found) if found else str(answer)


WORDINGS: Mapping[QuestionType, Callable[[Question, Any, Mapping[str, str]], str]] = {
    QuestionType.NUMBER: lambda question, answer, themes: _number(answer),
    QuestionType.MONEY: lambda question, answer, themes: _number(answer),
    QuestionType.MONTHS: lambda question, answer, themes: _months(answer),
    QuestionType.DATE: lambda question, answer, themes: _date(answer),
    QuestionType.YES_NO: lambda question, answer, themes: _yes_no(answer),
    QuestionType.THEMES: lambda question, answer, themes: _themes(answer, themes),
    QuestionType.CHOICE: lambda question, answer, themes: _options(question, answer),
    QuestionType.CHOICES: lambda question, answer, themes: _options(question, answer),
    QuestionType.CITY: lambda question, answer, themes: _city(answer),
}
