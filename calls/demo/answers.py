"""Answers of fictitious applications: every question of a call's form, filled from an application's topic."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from calls.models import Call, Question
from calls.models.form import QuestionType
from partnerships.models import City

Row = Mapping[str, Any]
LONGEST_PROJECT = 18  # months, where the call sets no lower limit that is longer


def answers_for(
    call: Call, row: Row, texts: Mapping[str, str], *, lead: City, partners: list[City], today: date
) -> dict[str, Any]:
    """Question key -> answer for the whole form, or for the questions in `only` of a half-written draft."""
    words = {
        "city": lead.name,
        "partners": ", ".join(city.name for city in partners) or "the partner",
        "with_partners": _together(partners, row.get("language", "en")),
        "topic": row["topic"],
        "offer": row["offer"],
    }
    questions = Question.objects.filter(
        section__call=call, section__version=call.form_version
    ).select_related("section__call")
    answers = {question.key: _answer(question, row, texts, words, today) for question in questions}
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


def _answer(
    question: Question, row: Row, texts: Mapping[str, str], words: Mapping[str, str], today: date
) -> Any:
    kind = question.type
    if kind == QuestionType.THEMES:
        return list(row["themes"])
    if kind == QuestionType.YES_NO:
        return row.get(question.key, "yes")
    if kind == QuestionType.MONTHS:
        return row.get("months", max(question.section.call.duration_minimum or 0, LONGEST_PROJECT))
    if kind in (QuestionType.MONEY, QuestionType.NUMBER):
        return row.get(question.key)
    if kind == QuestionType.DATE:
        return (today + timedelta(days=200)).isoformat()
    if kind == QuestionType.CHOICE:
        return question.options[0]["value"]
    if kind == QuestionType.CHOICES:
        return [option["value"] for option in question.options[:2]]
    return texts.get(question.key, "").format_map(words)
