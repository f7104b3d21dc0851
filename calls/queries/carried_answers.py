"""What the quick check was told, as answers of a new draft, so that nobody is asked twice (WCAG 3.3.7)."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from calls.models import Question, Section
from calls.models.form import QuestionType
from calls.queries.answered_facts import DECLARED, STEP
from partnerships.models import Theme


def carried_answers(sections: Iterable[Section], facts: Mapping[str, Any]) -> dict[str, Any]:
    """Question key -> answer, for the questions that feed a known fact in a shape their type can keep."""
    known = {
        **facts,
        **{f"{DECLARED}{name}": answer for name, answer in facts.get("declared", {}).items()},
        **{f"{STEP}{name}": day for name, day in facts.get("prior_steps", {}).items()},
    }
    found = {}
    for section in sections:
        for question in section.questions.all():
            shape = SHAPES.get(QuestionType(question.type))
            if shape and question.fact in known:
                answer = shape(question, known[question.fact])
                if answer not in (None, "", []):
                    found[question.key] = answer
    return found


def _number(question: Question, value: Any) -> str | None:
    return format(value, "f") if isinstance(value, Decimal) else None


def _months(question: Question, value: Any) -> int | None:
    return value if isinstance(value, int) else None


def _day(question: Question, value: Any) -> str | None:
    return value.isoformat() if isinstance(value, date) else None


def _yes_no(question: Question, value: Any) -> str | None:
    return {True: "yes", False: "no"}.get(value) if isinstance(value, bool) else None


def _themes(question: Question, value: Any) -> list[str]:
    """Those that exist, in the order of the register."""
    return list(Theme.objects.filter(slug__in=value).values_list("slug", flat=True))


def _options(question: Question, value: Any) -> list[str]:
    given = {value} if isinstance(value, str) else set(value) if isinstance(value, frozenset) else set()
    return [key for option in question.options if (key := str(option.get("value", ""))) in given]


def _option(question: Question, value: Any) -> str | None:
    given = _options(question, value)
    return given[0] if len(given) == 1 else None


SHAPES: Mapping[QuestionType, Callable[[Question, Any], Any]] = {
    QuestionType.NUMBER: _number,
    QuestionType.MONEY: _number,
    QuestionType.MONTHS: _months,
    QuestionType.DATE: _day,
    QuestionType.YES_NO: _yes_no,
    QuestionType.THEMES: _themes,
    QuestionType.CHOICES: _options,
    QuestionType.CHOICE: _option,
}
