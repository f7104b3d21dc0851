"""The facts that an application's answers feed: what the rules look at."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from calls.eligibility.facts import Activity, TeamPerson
from calls.models import Application, Question, Section
from calls.models.form import QuestionType
from calls.queries.budget import GRANT, amount_in, sums_of
from calls.queries.numbers import number_in
from calls.queries.parties import parties_of
from calls.queries.table_columns import TABLES, Parties, Row, columns_of, rows_of
from calls.queries.tables import day_in

DECLARED = "declared:"
EVIDENCE = "evidence:"  # what shows a declared fact, in a few words
STEP = "prior_steps:"  # the day on which an earlier step was done
WHOLE = frozenset({"duration_months", "extension_months"})
DAYS = frozenset({"starts_on"})


def answered_facts(application: Application, sections: Sequence[Section]) -> dict[str, Any]:
    """Arguments of Facts, as far as answers give them. A blank answer feeds nothing."""
    found: dict[str, Any] = {"declared": {}}
    questions = [row for section in sections for row in section.questions.all()]
    tables = [row for row in questions if row.type in TABLES and rows_of(application.answers.get(row.key))]
    parties = parties_of(application) if tables else {}
    for question in questions:
        answer = application.answers.get(question.key)
        if question.fact and answer not in (None, "", []):
            _feed(found, question.fact, answer)
    for question in tables:
        found |= _of_table(question, rows_of(application.answers[question.key]), parties)
    return found


def stated_amount(questions: Iterable[Question], answers: Mapping[str, Any]) -> Decimal | None:
    """How much money some answers ask for; None where no question asks that, or nothing is written."""
    found: dict[str, Any] = {}
    for question in questions:
        answer = answers.get(question.key)
        if question.type == QuestionType.BUDGET:
            found |= _of_budget(question, rows_of(answer))
        elif question.fact == "amount" and answer not in (None, "", []):
            _feed(found, "amount", answer)
    return found.get("amount")


def _feed(found: dict[str, Any], fact: str, answer: Any) -> None:
    if fact.startswith(DECLARED):
        found["declared"][fact.removeprefix(DECLARED)] = answer == "yes" or answer is True
    elif fact == "themes":
        found["themes"] = frozenset(answer if isinstance(answer, list) else [answer])
    elif fact.startswith(EVIDENCE):
        found["evidence"] = {**found.get("evidence", {}), fact.removeprefix(EVIDENCE): str(answer)}
    elif fact.startswith(STEP):
        found["prior_steps"] = {**found.get("prior_steps", {}), fact.removeprefix(STEP): day_in(str(answer))}
    elif fact in DAYS:
        if day := day_in(str(answer)):
            found[fact] = day
    elif (number := number_in(answer)) is not None:
        found[fact] = int(number) if fact in WHOLE else number


def _of_table(question: Question, rows: Sequence[Row], parties: Parties) -> Mapping[str, Any]:
    if question.type == QuestionType.BUDGET:
        return _of_budget(question, rows)
    if question.type == QuestionType.ACTIVITIES:
        return {"activities": tuple(_activity(row) for row in rows)}
    return {"team": tuple(_person(row, parties) for row in rows)}


def _of_budget(question: Question, rows: Sequence[Row]) -> dict[str, Any]:
    """Nothing is fed before an amount is written: an empty budget is not a budget of nothing."""
    columns = columns_of(question, {})
    sums = sums_of(columns, rows)
    if not sums.total:
        return {}
    roles = {column.role for column in columns if column.source}
    facts = {"total_cost": sums.total, "costs": {key: sum_ for key, sum_ in sums.by_category.items() if key}}
    if GRANT in roles:
        facts["amount"] = sums.grant
    if roles - {GRANT}:
        facts["local_contribution"] = sums.local
    passing = {
        option["value"] for option in question.settings.get("categories", ()) if option.get("passed_on")
    }
    if passing:
        facts["passed_on"] = sum(
            (
                amount_in(row.get(column.key))
                for row in rows
                if row.get("category") in passing
                for column in columns
                if column.role == GRANT
            ),
            Decimal(0),
        )
    return facts


def _activity(row: Row) -> Activity:
    return Activity(str(row.get("kind", "")), day_in(row.get("from")), day_in(row.get("to")))


def _person(row: Row, parties: Parties) -> TeamPerson:
    side = str(row.get("side", ""))
    years, age = number_in(row.get("years_experience")), number_in(row.get("age"))
    return TeamPerson(
        side=parties.get(side, side),
        role=str(row.get("role", "")),
        years_experience=None if years is None else int(years),
        age=None if age is None else int(age),
    )
