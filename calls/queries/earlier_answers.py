"""What the lead answered before to the same questions, in earlier applications, ready to be used again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from calls.models import Application, Question
from calls.models.form import QuestionType
from calls.queries.answers import is_blank, shown
from calls.queries.deadlines import word_day
from cooperation.accounts.models import User

# How many earlier applications are looked through.
LATEST = 5
# What belongs to one application alone: its files, its days, and who takes part in it.
NEVER_COPIED = frozenset(
    {
        QuestionType.FILE,
        QuestionType.BUDGET,
        QuestionType.ACTIVITIES,
        QuestionType.TEAM,
        QuestionType.CITY,
        QuestionType.DATE,
    }
)


@dataclass(frozen=True)
class EarlierAnswer:
    """One question that is not answered here and was answered there."""

    question: Question
    application: Application
    answer: Any
    text: str

    @property
    def value(self) -> str:
        """What a button sends to use it: the question and the application."""
        return f"{self.question.key}:{self.application.reference}"

    @property
    def sentence(self) -> str:
        """ "You answered this in ICLD-2025-0007, submitted on 3 May 2025."."""
        about = {"reference": self.application.reference, "day": self._submitted_on}
        return _("You answered this in %(reference)s, submitted on %(day)s.") % about

    @property
    def _submitted_on(self) -> str:
        moment = self.application.submitted_at
        return word_day(moment.astimezone(self.application.call.zone_info)) if moment else ""


def earlier_answers(
    application: Application,
    questions: Sequence[Question],
    user: User,
    themes: Mapping[str, str],
    reference: str = "",
) -> list[EarlierAnswer]:
    """For each question without an answer, the newest earlier one of the same lead that the reader may see.

    `reference` asks for one application's alone. Two queries, whatever the number of questions; none where
    every question is answered.
    """
    open_questions = [row for row in questions if is_blank(application.answers.get(row.key))]
    if not any(row.type not in NEVER_COPIED for row in open_questions):
        return []
    earlier = [row for row in _submitted_by_lead(application, user) if reference in ("", row.reference)]
    found: dict[str, EarlierAnswer] = {}
    answers = copyable(open_questions, earlier)
    for there in earlier:
        for question, answer in answers[there.pk]:
            text = shown(question, answer, themes)
            found.setdefault(question.key, EarlierAnswer(question, there, answer, text))
    return [found[row.key] for row in open_questions if row.key in found]


def copyable(
    questions: Iterable[Question], earlier: Sequence[Application]
) -> dict[int, list[tuple[Question, Any]]]:
    """By application: the questions it answered under the same key and type, with its answer."""
    types: dict[int, dict[str, str]] = {row.pk: {} for row in earlier}
    asked = [row for row in questions if row.type not in NEVER_COPIED]
    if earlier and asked:
        rows = Question.objects.filter(
            key__in=[row.key for row in asked],
            section__call__applications__in=earlier,
            section__version=F("section__call__applications__form_version"),
        ).order_by()
        for pk, key, kind in rows.values_list("section__call__applications", "key", "type"):
            if pk in types:
                types[pk][key] = kind
    return {
        row.pk: [
            (question, answer)
            for question in asked
            if types[row.pk].get(question.key) == question.type
            and not is_blank(answer := _still_offered(question, row.answers.get(question.key)))
        ]
        for row in earlier
    }


def _submitted_by_lead(application: Application, user: User) -> Iterable[Application]:
    rows = Application.objects.visible_to(user).filter(
        lead_id=application.lead_id, submitted_at__isnull=False
    )
    return rows.exclude(pk=application.pk).select_related("call").order_by("-submitted_at", "-pk")[:LATEST]


def _still_offered(question: Question, answer: Any) -> Any:
    """An answer that chose among options, without those that this question does not offer."""
    if question.type not in (QuestionType.CHOICE, QuestionType.CHOICES):
        return answer
    offered = {str(option.get("value", "")) for option in question.options}
    if isinstance(answer, list):
        return [value for value in answer if value in offered]
    return answer if answer in offered else None
