"""The answers as the check page lists them: in words, with what is wrong and where to change it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from calls.models import Application, Question, Section
from calls.models.form import QuestionType
from calls.queries.answers import anchor_of, parties_in, problem_of, shown
from calls.queries.document_rows import QuestionRows, question_rows
from calls.queries.eligibility_wording import Vocabulary
from calls.queries.readiness import Readiness
from calls.queries.table_columns import Parties
from calls.queries.tables import Table, table_of


@dataclass(frozen=True)
class CheckedRow:
    """One question: the answer as text, table or documents, what keeps it from being submitted, its field."""

    label: str
    answer: str
    table: Table | None
    documents: QuestionRows | None
    problem: str | None
    url: str


def checked_sections(
    application: Application, readiness: Readiness, names: Vocabulary, at: datetime
) -> list[tuple[Section, list[CheckedRow]]]:
    """Every question of the form in its order; nothing that was typed is left out or cut off."""
    parties = parties_in(application, readiness.sections)
    documents = _documents(application, readiness, at)
    return [
        (
            section,
            [
                _row(application, section, question, names, parties, documents.get(question.key))
                for question in section.questions.all()
            ],
        )
        for section in readiness.sections
    ]


def _documents(application: Application, readiness: Readiness, at: datetime) -> dict[str, QuestionRows]:
    found: Sequence[QuestionRows] = question_rows(application, readiness.slots, at) if readiness.slots else ()
    return {rows.rows[0].slot.asked.question.key: rows for rows in found}


def _row(
    application: Application,
    section: Section,
    question: Question,
    names: Vocabulary,
    parties: Parties,
    documents: QuestionRows | None,
) -> CheckedRow:
    answer = application.answers.get(question.key)
    return CheckedRow(
        label=question.label,
        answer=shown(question, answer, names.themes, parties),
        table=table_of(question, answer, parties),
        documents=documents,
        problem=problem_of(question, answer, parties),
        url=_url(application, section, question),
    )


def _url(application: Application, section: Section, question: Question) -> str:
    if question.type == QuestionType.FILE:
        return reverse("calls:documents", args=[application.reference]) + f"#{question.key}"
    page = reverse("calls:section", args=[application.reference, section.key])
    return f"{page}#{anchor_of(question)}"
