"""A draft as the preflight reads it: each part fetched once."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self

from calls.models import (
    Call,
    CallText,
    Criterion,
    CutOff,
    EligibilityRule,
    Milestone,
    Question,
    Quota,
    ReminderRule,
    Section,
)
from calls.models.decision import Side
from calls.queries.answers import form_of


class Severity(StrEnum):
    """A stop keeps the call from being published; the rest is for a person to judge."""

    STOP = "stop"
    LOOK = "look"


@dataclass(frozen=True)
class Point:
    """One thing to settle: how grave, in a sentence, and the part of the set-up that settles it.

    `which` names one page of that part: a language, the id of a row, the key of a question.
    """

    severity: Severity
    part: str
    sentence: str
    which: str = ""


@dataclass(frozen=True)
class Material:
    """Everything that the checks look at. Eleven queries."""

    call: Call
    at: datetime
    texts: list[CallText]
    rules: list[EligibilityRule]
    sections: list[Section]
    criteria: list[Criterion]
    quotas: list[Quota]
    milestones: list[Milestone]
    cut_offs: list[CutOff]
    sides: list[Side]
    reminders: list[ReminderRule]

    @classmethod
    def of(cls, call: Call, at: datetime) -> Self:
        return cls(
            call,
            at,
            list(call.texts.all()),
            list(call.rules.all()),
            form_of(call),
            list(call.criteria.all()),
            list(call.quotas.all()),
            list(call.milestones.all()),
            list(call.cut_offs.all()),
            list(Side.objects.filter(call=call).prefetch_related("members")),
            list(call.reminders.filter(active=True)),
        )

    @property
    def questions(self) -> list[Question]:
        return [question for section in self.sections for question in section.questions.all()]

    @property
    def decides(self) -> str:
        """The language of the authoritative text."""
        return next((text.language for text in self.texts if text.authoritative), "")

    @property
    def languages(self) -> list[str]:
        """The languages in which everything is wanted, the one that decides first."""
        first = [self.decides] if self.decides else []
        return list(dict.fromkeys([*first, *self.call.languages]))


def stop(part: str, sentence: str, which: object = "") -> Point:
    return Point(Severity.STOP, part, sentence, str(which))


def look(part: str, sentence: str, which: object = "") -> Point:
    return Point(Severity.LOOK, part, sentence, str(which))
