"""What changed between the text a partner agreed to and the text as it is now, question by question."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from calls.models import Application, Consent, Question, Section
from calls.models.application import PartnerRole
from calls.queries.answers import sections_of, shown
from calls.queries.eligibility_terms import country
from calls.queries.parties import LEAD
from calls.queries.statement import statement_of
from calls.queries.table_columns import Parties
from partnerships.models import City
from partnerships.models.wording import localise

Statement = Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """One answer, or the list of parties, as it was agreed to and as it is now; empty where there is none."""

    label: str
    before: str
    now: str


def changes_between(
    before: Statement, now: Statement, questions: Mapping[str, Question], themes: Mapping[str, str]
) -> list[Change]:
    """Parties first, then answers in the order of the form; what was taken out comes last."""
    found = []
    if (_parties(before), before["lead"]) != (_parties(now), now["lead"]):
        found.append(Change(_("Who takes part"), word_parties(before), word_parties(now)))
    old = {row["question"]: row for row in before["answers"]}
    new = {row["question"]: row for row in now["answers"]}
    for key in dict.fromkeys([*new, *old]):
        was, is_now = old.get(key), new.get(key)
        if (was and was["answer"]) != (is_now and is_now["answer"]):
            label = localise((is_now or was or {})["asked"])
            words = [
                word_answer(row, questions, themes, named_in(text)) if row else ""
                for row, text in ((was, before), (is_now, now))
            ]
            found.append(Change(label, *words))
    return found


def changed_labels(application: Application, city: City) -> list[str]:
    """The questions whose answers changed since the city agreed, if that is its newest answer."""
    newest = application.consents.filter(city=city).order_by("-at", "-id").first()
    if newest is None or newest.answer != "agreed":
        return []
    now = statement_of(application)
    return [change.label for change in changes_between(json.loads(newest.text), now, {}, {})]


def labels_by_city(
    application: Application, reopened: Iterable[Consent], sections: Sequence[Section] | None = None
) -> dict[int, list[str]]:
    """For each consent to an earlier text, by its city: the questions that changed. One query for all."""
    pks = [row.pk for row in reopened]
    if not pks:
        return {}
    now = statement_of(application, sections)
    rows = Consent.objects.filter(pk__in=pks).values_list("city_id", "text")
    return {
        city: [change.label for change in changes_between(json.loads(text), now, {}, {})]
        for city, text in rows
    }


def questions_of(application: Application, sections: Sequence[Section] | None = None) -> dict[str, Question]:
    """The form's questions by key."""
    found = sections_of(application) if sections is None else sections
    return {question.key: question for section in found for question in section.questions.all()}


def word_answer(
    row: Statement, questions: Mapping[str, Question], themes: Mapping[str, str], parties: Parties
) -> str:
    """An answer of a statement in the reader's words; as it is where the form no longer asks it."""
    question = questions.get(row["question"])
    return shown(question, row["answer"], themes, parties) if question else str(row["answer"])


def named_in(statement: Statement) -> Parties:
    """Who takes part by the key that tables name them by, as the text itself says."""
    return {LEAD: statement["lead"]["name"], **{row["city"]: row["name"] for row in statement["partners"]}}


def word_parties(statement: Statement) -> str:
    """ "Ale (Sweden), leads", then each partner with its role, a line each."""
    roles = dict(PartnerRole.choices)
    lead = statement["lead"]
    lines = [_("%(name)s (%(country)s), leads") % _place(lead)]
    lines += [
        f"{row['name']} ({country(row['country'])}), {roles[row['role']]}" for row in statement["partners"]
    ]
    return "\n".join(lines)


def _place(row: Statement) -> dict[str, str]:
    return {"name": row["name"], "country": country(row["country"])}


def _parties(statement: Statement) -> list[tuple[str, str, str]]:
    return sorted((row["name"], row["country"], row["role"]) for row in statement["partners"])
