"""Answers that are known before anybody writes: from the city's profile, the organisation, the person.

A question names in `prefill` what fills it. Nothing is asked twice that the portal knows (WCAG 3.3.7).
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from calls.models import Application, Question, Section
from calls.models.form import QuestionType
from calls.queries.answers import is_blank
from calls.queries.earlier_answers import copyable
from cooperation.accounts.models import User
from cooperation.web.languages import language_name
from partnerships.models import Organisation

# Where a known answer comes from; any other source is the reference of the application in the stage before.
CITY, ORGANISATION, PERSON, CHECK = "city", "organisation", "user", "check"

READERS: Mapping[str, Callable[[Organisation, User], Any]] = {
    "city.name": lambda lead, user: lead.city and lead.city.name,
    "city.population": lambda lead, user: lead.city and lead.city.population,
    "city.languages": lambda lead, user: lead.city and list(lead.city.languages),
    "organisation.name": lambda lead, user: lead.name,
    "organisation.kind": lambda lead, user: lead.kind,
    "user.name": lambda lead, user: user.name,
    "user.email": lambda lead, user: user.email,
}


def known_answers(
    sections: Iterable[Section], lead: Organisation, user: User, previous: Application | None = None
) -> dict[str, tuple[Any, str]]:
    """Question key -> (answer, source) of everything known at the start; the stage before goes first."""
    questions = [row for section in sections for row in section.questions.all()]
    found = {}
    for question in questions:
        if not is_blank(answer := _known(question, lead, user)):
            found[question.key] = (answer, question.prefill.partition(".")[0])
    if previous is not None:
        for question, answer in copyable(questions, [previous])[previous.pk]:
            found[question.key] = (answer, previous.reference)
    return found


def word_source(source: str) -> str:
    """What to say beside an answer that nobody has saved yet."""
    words = {
        CITY: _("From the city’s profile. Change it if it is wrong."),
        ORGANISATION: _("From what the portal knows of your organisation. Change it if it is wrong."),
        PERSON: _("From your account. Change it if somebody else is meant."),
        CHECK: _("From your eligibility check. Change it if it is different now."),
    }
    return words.get(source) or _("From %(reference)s. Change what is different now.") % {"reference": source}


def _known(question: Question, lead: Organisation, user: User) -> Any:
    """What fills the question, in the shape in which its type keeps answers; None when nothing does."""
    reader = READERS.get(question.prefill)
    value = reader(lead, user) if reader else None
    if is_blank(value):
        return None
    shape = SHAPES.get(QuestionType(question.type))
    return shape(question, value) if shape else None


def _text(question: Question, value: Any) -> str:
    if question.prefill == "city.languages":
        return ", ".join(language_name(code) for code in value)
    if question.prefill == "organisation.kind":
        return str(dict(Organisation._meta.get_field("kind").flatchoices).get(value, value))
    return str(value)


def _number(question: Question, value: Any) -> str | None:
    return str(value) if isinstance(value, int) else None


def _choice(question: Question, value: Any) -> str | None:
    return value if value in _values(question) else None


def _choices(question: Question, value: Any) -> list[str]:
    known = value if isinstance(value, list) else [value]
    return [option for option in _values(question) if option in known]


def _values(question: Question) -> list[str]:
    return [str(option.get("value", "")) for option in question.options]


SHAPES: Mapping[QuestionType, Callable[[Question, Any], Any]] = {
    QuestionType.TEXT: _text,
    QuestionType.LONG_TEXT: _text,
    QuestionType.NUMBER: _number,
    QuestionType.CHOICE: _choice,
    QuestionType.CHOICES: _choices,
}
