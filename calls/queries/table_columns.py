"""The columns of questions that are tables: a budget, a plan of activities, a team.

What a form may set (Question.settings), every label being {language: text}:
- budget: `categories` and `sources`, lists of {value, label}. A source has a `role`: grant, own, partner or
  other. A category may say `passed_on = true`: what it costs goes on to third parties.
- activities: `kinds`, a list of {value, label}.
- team: `roles`, a list of {value, label}; `minimum` and `maximum` people of each side; `asks`, a list of
  further facts about a person, of "years_experience" and "age".
- all three: `rows`, the empty lines a new form begins with.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from calls.models import Question
from calls.models.form import QuestionType, option_label

TABLES = frozenset({QuestionType.BUDGET, QuestionType.ACTIVITIES, QuestionType.TEAM})
MOST_ROWS = 60
AMOUNT = "amount-"  # begins the key of a column of money; the source's value follows
ONLINE, ELSEWHERE = "online", "elsewhere"

Row = Mapping[str, str]
Parties = Mapping[str, str]


class Cells(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"
    CHOICE = "choice"
    MONEY = "money"
    DATE = "date"
    EMAIL = "email"
    COUNT = "count"


@dataclass(frozen=True)
class Column:
    """One column: its key in a kept row, its head, what it holds, and what may be chosen in it.

    `role` is that of a source of money. A row may leave a column empty that is not `required`.
    """

    key: str
    label: str
    cells: Cells = Cells.TEXT
    choices: Mapping[str, str] = field(default_factory=dict)
    required: bool = True
    role: str = ""

    @property
    def numeric(self) -> bool:
        return self.cells in (Cells.MONEY, Cells.COUNT)

    @property
    def source(self) -> str:
        """The source of money this column is for; empty in any other column."""
        return self.key.removeprefix(AMOUNT) if self.cells == Cells.MONEY else ""


def columns_of(question: Question, parties: Parties) -> list[Column]:
    """The columns of a table question; none of any other. `parties` names who can be chosen."""
    if question.type == QuestionType.BUDGET:
        return _of_budget(question.settings, parties)
    if question.type == QuestionType.ACTIVITIES:
        return _of_activities(question.settings, parties)
    return _of_team(question.settings, parties) if question.type == QuestionType.TEAM else []


def rows_of(answer: Any) -> list[Row]:
    """The rows of a kept answer; none where the answer was given to a question of another type."""
    return [row for row in answer if isinstance(row, dict)] if isinstance(answer, list) else []


def _of_budget(settings: Mapping[str, Any], parties: Parties) -> list[Column]:
    categories = _options(settings.get("categories", ()))
    kind = Cells.CHOICE if categories else Cells.TEXT
    return [
        Column("category", _("Category"), kind, categories),
        Column("what", _("What for")),
        Column("party", _("Party"), Cells.CHOICE, parties),
        *(
            Column(
                AMOUNT + source["value"],
                option_label(source),
                Cells.MONEY,
                required=False,
                role=source.get("role", "other"),
            )
            for source in settings.get("sources", ())
        ),
    ]


def _of_activities(settings: Mapping[str, Any], parties: Parties) -> list[Column]:
    kinds = _options(settings.get("kinds", ()))
    places = {**parties, ONLINE: pgettext("place", "Online"), ELSEWHERE: pgettext("place", "Elsewhere")}
    return [
        Column("what", _("Activity")),
        *([Column("kind", _("Kind"), Cells.CHOICE, kinds)] if kinds else []),
        Column("where", _("Where"), Cells.CHOICE, places),
        Column("from", _("First day"), Cells.DATE),
        Column("to", _("Last day"), Cells.DATE),
    ]


def _of_team(settings: Mapping[str, Any], parties: Parties) -> list[Column]:
    roles = _options(settings.get("roles", ()))
    asked = {"years_experience": _("Years of experience"), "age": _("Age")}
    return [
        Column("name", _("Name")),
        Column("function", _("Function")),
        Column("side", _("Side"), Cells.CHOICE, parties),
        *([Column("role", _("Role"), Cells.CHOICE, roles)] if roles else []),
        Column("email", _("E-mail"), Cells.EMAIL, required=False),
        *(Column(key, asked[key], Cells.COUNT) for key in settings.get("asks", ()) if key in asked),
    ]


def _options(options: Any) -> dict[str, str]:
    return {option["value"]: option_label(option) for option in options}
