"""Answers of fictitious applications: every question of a call's form, filled from an application's topic."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from calls.demo.files import Register
from calls.demo.tables import Cast, cast, table_rows
from calls.models import Call, Question
from calls.models.form import QuestionType
from calls.queries.answered_facts import STEP
from calls.queries.table_columns import TABLES
from partnerships.models import City

Row = Mapping[str, Any]
LONGEST_PROJECT = 18  # months, where the call sets no lower limit that is longer
BEGINS_AFTER = timedelta(days=150)  # from the end of the call to the first day of a project
STEP_BEFORE = timedelta(days=5)  # before the call opened
SECTOR = "sector"  # the one theme of an action plan


@dataclass(frozen=True)
class Words:
    """The file's texts in one language: answers with places for names, lines of tables by category."""

    answers: Mapping[str, str]
    lines: Mapping[str, str]
    choices: Mapping[str, list[str]]


@dataclass(frozen=True)
class Telling:
    """All that the answers of one application are made of."""

    call: Call
    row: Row
    words: Words
    names: Mapping[str, str]
    lead: City
    told: Cast
    register: Register


def answers_for(
    call: Call, row: Row, words: Words, *, lead: City, partners: list[City], register: Register, today: date
) -> dict[str, Any]:
    """Question key -> answer for the whole form, or for the questions in `only` of a half-written draft."""
    names = {
        "city": lead.name,
        "slug": lead.slug,
        "partners": ", ".join(city.name for city in partners) or "the partner",
        "with_partners": _together(partners, row.get("language", "en")),
        "topic": row["topic"],
        "offer": row["offer"],
    }
    ends = call.closes_at.date() if call.closes_at else today
    told = cast(lead, partners, row, ends + BEGINS_AFTER, words.lines)
    telling = Telling(call, row, words, names, lead, told, register)
    questions = Question.objects.filter(
        section__call=call, section__version=call.form_version
    ).select_related("section__call")
    answers = {question.key: _answer(question, telling) for question in questions}
    # The form of a pairing call asks for no title; the lists show one all the same.
    answers |= {"title": row["title"]}
    only = row.get("only")
    return {
        key: answer
        for key, answer in answers.items()
        if answer not in (None, "", []) and (only is None or key in only)
    }


def _together(partners: list[City], language: str) -> str:
    if not partners:
        return ""
    joined = ", ".join(city.name for city in partners)
    return f" junto con {joined}" if language == "es" else f" together with {joined}"


def _answer(question: Question, telling: Telling) -> Any:
    if question.type in TABLES:
        return table_rows(question, telling.told)
    return ANSWERS.get(QuestionType(question.type), _text)(question, telling)


def _text(question: Question, telling: Telling) -> str:
    return telling.words.answers.get(question.key, "").format_map(telling.names)


def _themes(question: Question, telling: Telling) -> list[str]:
    themes = list(telling.row["themes"])
    return themes[:1] if question.key == SECTOR else themes


def _months(question: Question, telling: Telling) -> int:
    shortest = telling.call.duration_minimum or 0
    return int(telling.row.get("months", max(shortest, LONGEST_PROJECT)))


def _number(question: Question, telling: Telling) -> Any:
    known = telling.lead.population if question.prefill == "city.population" else None
    found = telling.row.get(question.key, known)
    return None if found is None else str(found)


def _day(question: Question, telling: Telling) -> str:
    if question.fact.startswith(STEP):
        return (telling.call.opens_at.date() - STEP_BEFORE).isoformat()
    return telling.told.begins.isoformat()


def _choices(question: Question, telling: Telling) -> list[str]:
    return telling.words.choices.get(question.key, [option["value"] for option in question.options[:2]])


def _city(question: Question, telling: Telling) -> str:
    key = telling.row.get(question.key)
    return telling.register.city(key).slug if key else ""


ANSWERS: Mapping[QuestionType, Callable[[Question, Telling], Any]] = {
    QuestionType.THEMES: _themes,
    QuestionType.YES_NO: lambda question, telling: telling.row.get(question.key, "yes"),
    QuestionType.MONTHS: _months,
    QuestionType.MONEY: _number,
    QuestionType.NUMBER: _number,
    QuestionType.DATE: _day,
    QuestionType.CHOICE: lambda question, telling: question.options[0]["value"],
    QuestionType.CHOICES: _choices,
    QuestionType.CITY: _city,
    QuestionType.FILE: lambda question, telling: None,
}
