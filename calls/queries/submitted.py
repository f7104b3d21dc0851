"""An application as it was submitted: the frozen snapshot in the reader's words. Later edits do not show."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from calls.eligibility import Assessment
from calls.models import Application, Question, Section, Snapshot
from calls.queries.answers import sections_of, shown
from calls.queries.eligibility_terms import country
from calls.queries.eligibility_wording import FindingText, Vocabulary, word_finding, word_verdict
from partnerships.models.wording import localise


@dataclass(frozen=True)
class Answered:
    """One question as it was asked, and the answer in words."""

    asked: str
    answer: str
    long: bool


@dataclass(frozen=True)
class AnsweredSection:
    key: str
    title: str
    answers: list[Answered]


@dataclass(frozen=True)
class Submitted:
    """What the city sent: parties, answers by section, and what the rules said at that instant."""

    snapshot: Snapshot
    lead: str
    partners: list[str]
    sections: list[AnsweredSection]
    verdict: str
    verdict_code: str
    findings: list[FindingText]


def latest_submission(application: Application, names: Vocabulary | None = None) -> Submitted | None:
    """The newest snapshot, read; None for an application without one. Pass `names` to save their queries."""
    snapshot = application.snapshots.order_by("-number").first()
    if snapshot is None:
        return None
    names = names or Vocabulary.current()
    content = json.loads(snapshot.content)
    partners = [partner["name"] for partner in content["partners"]]
    assessment = Assessment.from_dict(content["assessment"])
    return Submitted(
        snapshot=snapshot,
        lead=_party(content["lead"]),
        partners=[_party(partner) for partner in content["partners"]],
        sections=_sections(application, content["answers"], names),
        verdict=word_verdict(assessment, content["lead"]["name"], partners),
        verdict_code=assessment.verdict.value,
        findings=[word_finding(finding, names) for finding in assessment.findings],
    )


def _party(row: Mapping[str, str]) -> str:
    return f"{row['name']} ({country(row['country'])})"


def _sections(
    application: Application, rows: list[Mapping[str, Any]], names: Vocabulary
) -> list[AnsweredSection]:
    """Answers grouped as they were frozen; titles and option labels come from the form that asked."""
    known = {section.key: section for section in sections_of(application)}
    found: dict[str, AnsweredSection] = {}
    for row in rows:
        section = known.get(row["section"])
        title = str(section) if section else row["section"]
        group = found.setdefault(row["section"], AnsweredSection(row["section"], title, []))
        group.answers.append(_answered(_question(section, row["question"]), row, names))
    return list(found.values())


def _question(section: Section | None, key: str) -> Question | None:
    questions = section.questions.all() if section else []
    return next((question for question in questions if question.key == key), None)


def _answered(question: Question | None, row: Mapping[str, Any], names: Vocabulary) -> Answered:
    text = shown(question, row["answer"], names.themes) if question else str(row["answer"])
    return Answered(localise(row["asked"]), text, len(text) > 80)
