"""The columns that a list of applications can show and an export can write.

A column gives a value with its type: text, a number, a day. How that is set is the page's or the file's.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, TextField
from django.db.models.fields.json import KeyTextTransform
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from calls.eligibility import Verdict
from calls.models import Call, Question
from calls.models.form import QuestionType
from calls.models.review import Recommendation
from calls.queries import application_lists as lists
from calls.queries.answered_facts import stated_amount
from calls.queries.answers import is_blank, shown
from calls.queries.application_lines import CONTENT, PEOPLE, SHEETS, Line
from calls.queries.eligibility_terms import country
from calls.queries.numbers import number_in
from calls.queries.staff import against_assessment
from calls.queries.tables import day_in
from cooperation.accounts.models import User
from cooperation.web.languages import language_name

Value = str | int | float | Decimal | date | datetime | None
QUESTION = "q-"  # begins the key of a column of answers; the question's key follows
DEFAULT = ("reference", "lead", "title", "call", "status", "received", "verdict", "reviews", "mean")
VERDICTS = {
    Verdict.ELIGIBLE: _("Meets the rules"),
    Verdict.ELIGIBLE_WITH_CAUTION: _("Meets the rules, with caution"),
    Verdict.INCOMPLETE: _("Something is open"),
    Verdict.NOT_ELIGIBLE: _("Does not meet the rules"),
}


@dataclass(frozen=True)
class Column:
    """One column: its head, its value in a line, by what the database orders it (None: it cannot)."""

    key: str
    label: str | Promise
    value: Callable[[Line], Value]
    order: Callable[[User], Any] | None = None
    needs: frozenset[str] = frozenset()
    numeric: bool = False


def _by(path: str) -> Callable[[User], Any]:
    return lambda user: F(path)


def _received(line: Line) -> Value:
    """On the clock of the call, without a zone: a spreadsheet knows none."""
    row = line.application
    return row.submitted_at and row.submitted_at.astimezone(row.call.zone_info).replace(tzinfo=None)


def _partners(line: Line) -> str:
    return "; ".join(f"{row['name']} ({country(row['country'])})" for row in line.content.get("partners", ()))


def _verdict(line: Line) -> str:
    return str(VERDICTS[Verdict(line.verdict)]) if line.verdict in VERDICTS else line.verdict


def _against(line: Line) -> str:
    return str(_("Yes")) if getattr(line.application, "against", None) else ""


def _recommended(line: Line) -> str:
    """How often each recommendation was given: "2 Select, 1 Do not select"."""
    given = [sheet.recommendation for sheet in line.sheets]
    counts = [(given.count(value), label) for value, label in Recommendation.choices]
    return ", ".join(f"{count} {label}" for count, label in counts if count)


def decision_of(line: Line) -> Any:
    return getattr(line.application, "decision", None)


def _decision(line: Line) -> str:
    found = decision_of(line)
    if found is None:
        return ""
    how_far = (
        _("published") if found.published_at else _("approved") if found.approved_at else _("recommended")
    )
    return f"{found.get_outcome_display()}, {how_far}"


def _themes(line: Line) -> str:
    slugs: list[str] = []
    for question in line.form.values():
        answer = line.answers.get(question.key)
        if answer and (question.type == QuestionType.THEMES or question.fact == "themes"):
            slugs += answer if isinstance(answer, list) else [str(answer)]
    return "; ".join(line.names.themes.get(slug, slug) for slug in slugs)


def _reviews(line: Line) -> str:
    return f"{line.finished} / {line.application.call.reviews_wanted}"


def _amount(line: Line) -> Value:
    return stated_amount(line.form.values(), line.answers)


def _text(of: Callable[[Line], Any]) -> Callable[[Line], Value]:
    return lambda line: str(of(line))


BASE: Sequence[Column] = (
    Column("reference", _("Reference"), lambda line: line.application.reference, _by("reference")),
    Column("lead", _("Lead"), lambda line: line.application.lead.name, _by("lead__name")),
    Column(
        "country",
        _("Country or territory"),
        lambda line: country(str(line.application.lead.country)),
        _by("lead__country"),
    ),
    Column("partners", _("Partners"), _partners, lambda user: lists.partners_counted(), frozenset({CONTENT})),
    Column("title", _("Title"), lambda line: line.application.title, _by("title")),
    Column(
        "programme",
        _("Programme"),
        lambda line: line.application.call.programme.code,
        _by("call__programme__code"),
    ),
    Column("call", _("Call"), lambda line: line.application.call.title, _by("call_id")),
    Column(
        "status",
        _("Status"),
        lambda line: line.application.get_status_display(),
        lambda user: lists.in_life_order(),
    ),
    Column("received", _("Submitted"), _received, _by("submitted_at")),
    Column("verdict", _("Rules at submission"), _verdict, lambda user: lists.frozen_verdict()),
    Column("against", _("Screened against the rules"), _against, lambda user: against_assessment()),
    Column(
        "reviews",
        _("Reviews"),
        _reviews,
        lambda user: lists.sheets_that(),
        frozenset({SHEETS}),
        numeric=True,
    ),
    Column(
        "mean", _("Mean score"), lambda line: line.mean, lists.mean_seen, frozenset({SHEETS}), numeric=True
    ),
    Column(
        "spread",
        _("Spread of scores"),
        lambda line: line.spread,
        lists.spread_seen,
        frozenset({SHEETS}),
        True,
    ),
    Column(
        "recommendation", _("Reviewers recommend"), _recommended, lists.recommended_seen, frozenset({SHEETS})
    ),
    Column("decision", _("Decision"), _decision, _by("decision__outcome")),
    Column("amount", _("Amount asked for"), _amount, None, frozenset({CONTENT}), numeric=True),
    Column("themes", _("Themes"), _themes, None, frozenset({CONTENT})),
    Column("reviewers", _("Assigned to"), lambda line: "; ".join(line.reviewers), None, frozenset({PEOPLE})),
    Column("language", _("Language"), lambda line: language_name(line.application.language), _by("language")),
)
BY_KEY: Mapping[str, Column] = {column.key: column for column in BASE}


def columns_for(call: Call | None) -> dict[str, Column]:
    """Every column that can be chosen: the usual ones, and the questions of the chosen call's form."""
    found = dict(BY_KEY)
    if call is not None:
        asked = questions_of([call])
        amounts = [row for row in asked if row.type == QuestionType.BUDGET or row.fact == "amount"]
        found["amount"] = _ordered_amount(amounts)
        found |= {column.key: column for column in map(question_column, asked)}
    return found


def _ordered_amount(questions: Sequence[Question]) -> Column:
    usual = BY_KEY["amount"]
    return Column(
        usual.key, usual.label, usual.value, lambda user: lists.amount_asked(questions), usual.needs, True
    )


def questions_of(calls: Iterable[Call]) -> list[Question]:
    """The questions of the newest forms of some calls, in the order of the form; one of each key."""
    newest = {call.pk: call.form_version for call in calls}
    rows = Question.objects.filter(section__call__in=newest).select_related("section__call")
    rows = rows.order_by("section__call", "section__position", "section", "position", "pk")
    found: dict[str, Question] = {}
    for row in rows:
        if row.section.version == newest[row.section.call_id]:
            found.setdefault(row.key, row)
    return list(found.values())


def question_column(question: Question) -> Column:
    key = question.key
    return Column(
        QUESTION + key,
        question.label,
        lambda line: answer_in(line, key),
        _order_of(question),
        frozenset({CONTENT}),
        numeric=question.type in (QuestionType.NUMBER, QuestionType.MONEY, QuestionType.MONTHS),
    )


def _order_of(question: Question) -> Callable[[User], Any] | None:
    """By the newest answers, which are the submitted ones once the call is closed."""
    if question.type in (QuestionType.NUMBER, QuestionType.MONEY, QuestionType.MONTHS):
        return lambda user: lists.number_at(question.key)
    if question.type == QuestionType.BUDGET:
        return lambda user: lists.amount_asked([question])
    if question.type in (QuestionType.ACTIVITIES, QuestionType.TEAM, QuestionType.FILE):
        return None
    return lambda user: KeyTextTransform(question.key, "answers", output_field=TextField())


def answer_in(line: Line, key: str) -> Value:
    """One answer of the submission with its type: a number, a day, otherwise words; a table is one text."""
    question, answer = line.form.get(key), line.answers.get(key)
    if question is None:
        return "" if is_blank(answer) else str(answer)
    if question.type == QuestionType.FILE:
        return _documents(line, key)
    if is_blank(answer):
        return ""
    if question.type in (QuestionType.NUMBER, QuestionType.MONEY, QuestionType.MONTHS):
        number = number_in(answer)
        return str(answer) if number is None else number
    if question.type == QuestionType.DATE:
        return day_in(str(answer)) or str(answer)
    if question.type == QuestionType.CITY:
        return line.cities.get(str(answer), str(answer))
    return shown(question, answer, line.names.themes, line.parties)


def _documents(line: Line, question: str = "") -> str:
    rows = line.content.get("documents", ())
    return "; ".join(row["name"] for row in rows if not question or row["question"] == question)


def chosen_columns(known: Mapping[str, Column], keys: Sequence[str], call: Call | None) -> list[Column]:
    """The chosen columns in the chosen order; the usual ones when nothing that is known was chosen.

    In a list of one call its title would say the same in every row.
    """
    found = [known[key] for key in dict.fromkeys(keys) if key in known]
    return found or [known[key] for key in DEFAULT if key != "call" or call is None]


def reviews_in_words(line: Line) -> str:
    """How many of the wanted reviews are finished: "1 of 2"."""
    about = {"finished": line.finished, "wanted": line.application.call.reviews_wanted}
    return gettext("%(finished)d of %(wanted)d") % about
