"""An application as it was submitted: the frozen snapshot in the reader's words. Later edits do not show.

The same reading of the same content is what reviewers see, what the PDF prints and what a draft's preview
shows: nothing is said in one place that is not said in the others.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from calls.eligibility import Assessment
from calls.models import Application, Call, Question, Section, Snapshot
from calls.models.application import PartnerRole
from calls.queries.answers import shown
from calls.queries.deadlines import word_instant
from calls.queries.eligibility_terms import country, document
from calls.queries.eligibility_wording import FindingText, Vocabulary, word_finding, word_verdict
from calls.queries.submission_content import parties_said
from calls.queries.table_columns import Parties
from calls.queries.tables import Table, table_of
from partnerships.models.wording import localise

TITLE = "title"  # the key of the question that names the application
LONG = 80  # characters; a longer answer is set as a text to read


@dataclass(frozen=True)
class Answered:
    """One question as it was asked, and the answer in words; a table is given whole beside them."""

    asked: str
    answer: str
    long: bool
    table: Table | None = None


@dataclass(frozen=True)
class AnsweredSection:
    key: str
    title: str
    answers: list[Answered]


@dataclass(frozen=True)
class PartnerLine:
    """A partner city, its role, and the evidence of its consent in one sentence."""

    name: str
    role: str
    consent: str
    consent_sha256: str = ""


@dataclass(frozen=True)
class DocumentLine:
    """A document that belongs to the submission."""

    id: str
    name: str
    sort: str
    source: str
    signed: str
    sha256: str


@dataclass(frozen=True)
class Said:
    """What an application says: parties, answers by section, documents, and what the rules find in it."""

    title: str
    lead: str
    partners: list[str]
    sections: list[AnsweredSection]
    verdict: str
    verdict_code: str
    findings: list[FindingText]
    partner_lines: list[PartnerLine] = field(default_factory=list)
    documents: list[DocumentLine] = field(default_factory=list)


@dataclass(frozen=True)
class Submitted(Said):
    """What the city sent, as it was when it arrived."""

    snapshot: Snapshot = field(kw_only=True)


def latest_submission(application: Application, names: Vocabulary | None = None) -> Submitted | None:
    """The newest snapshot, read; None for an application without one. Pass `names` to save their queries."""
    snapshot = application.snapshots.order_by("-number").first()
    return read_submission(application, snapshot, names) if snapshot else None


def read_submission(
    application: Application, snapshot: Snapshot, names: Vocabulary | None = None
) -> Submitted:
    """One snapshot in the reader's words."""
    said = read(application, json.loads(snapshot.content), names)
    return Submitted(**{name: getattr(said, name) for name in Said.__dataclass_fields__}, snapshot=snapshot)


def title_of(snapshot: Snapshot) -> str:
    """What the application was called in one submission."""
    return _title(json.loads(snapshot.content))


def answers_in(snapshot: Snapshot) -> dict[str, Any]:
    """The answers of one submission, as an application keeps them."""
    return {row["question"]: row["answer"] for row in json.loads(snapshot.content)["answers"]}


def _title(content: Mapping[str, Any]) -> str:
    return next((str(row["answer"]) for row in content["answers"] if row["question"] == TITLE), "")


def read(application: Application, content: Mapping[str, Any], names: Vocabulary | None = None) -> Said:
    """A snapshot's content, or a draft's put in the same form, in the reader's words."""
    names = names or Vocabulary.current()
    partners = [partner["name"] for partner in content["partners"]]
    parties = parties_said(content)
    assessment = Assessment.from_dict(content["assessment"])
    form = _form(application, content["form_version"])
    return Said(
        title=_title(content),
        lead=_party(content["lead"]),
        partners=[_party(partner) for partner in content["partners"]],
        sections=_sections(form, content["answers"], names, parties),
        verdict=word_verdict(assessment, content["lead"]["city"], partners),
        verdict_code=assessment.verdict.value,
        findings=[word_finding(finding, names) for finding in assessment.findings],
        partner_lines=[_partner(row, application.call) for row in content["partners"]],
        documents=[_document(row) for row in content["documents"]],
    )


def _form(application: Application, version: int) -> list[Section]:
    """The form that asked, whatever corrections followed."""
    return list(application.call.sections.filter(version=version).prefetch_related("questions"))


def _party(row: Mapping[str, str]) -> str:
    return f"{row['name']} ({country(row['country'])})"


def _partner(row: Mapping[str, Any], call: Call) -> PartnerLine:
    consent = row["consent"]
    words = {
        "agreed": _("Agreed to exactly this text"),
        "reopened": _("Agreed to an earlier text"),
        "declined": _("Declined"),
        "change": _("Proposed a change"),
        "invited": _("Asked, not answered yet"),
        "not_invited": _("Not asked")
        if call.consent_required
        else _("Not asked: the call requires no consent"),
    }
    sentence = words[consent["state"]]
    if "at" in consent:
        about = {
            "sentence": sentence,
            "person": consent["signatory"],
            "function": consent["function"],
            "when": word_instant(datetime.fromisoformat(consent["at"]), call.zone),
        }
        sentence = _("%(sentence)s: %(person)s, %(function)s, %(when)s") % about
    role = str(PartnerRole(row["role"]).label)
    return PartnerLine(_party(row), role, sentence, consent.get("sha256", ""))


def _document(row: Mapping[str, Any]) -> DocumentLine:
    signed = ", ".join(part for part in (row["signatory"], row["function"]) if part)
    return DocumentLine(
        row["id"], row["name"], document(row["sort"]), row["from"] or _("the lead"), signed, row["sha256"]
    )


def _sections(
    form: Sequence[Section], rows: Sequence[Mapping[str, Any]], names: Vocabulary, parties: Parties
) -> list[AnsweredSection]:
    """Answers grouped as they were frozen; titles and option labels come from the form that asked."""
    known = {section.key: section for section in form}
    found: dict[str, AnsweredSection] = {}
    for row in rows:
        section = known.get(row["section"])
        title = str(section) if section else row["section"]
        group = found.setdefault(row["section"], AnsweredSection(row["section"], title, []))
        group.answers.append(_answered(_question(section, row["question"]), row, names, parties))
    return list(found.values())


def _question(section: Section | None, key: str) -> Question | None:
    questions = section.questions.all() if section else []
    return next((question for question in questions if question.key == key), None)


def _answered(
    question: Question | None, row: Mapping[str, Any], names: Vocabulary, parties: Parties
) -> Answered:
    asked, answer = localise(row["asked"]), row["answer"]
    if question is None:
        return Answered(asked, str(answer), long=len(str(answer)) > LONG)
    text = shown(question, answer, names.themes, parties)
    return Answered(asked, text, long=len(text) > LONG, table=table_of(question, answer, parties))
