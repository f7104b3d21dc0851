"""What a submission says, as JSON types: parties with their consents, answers, documents."""

from collections.abc import Mapping
from typing import Any

from calls.models import Application, Document
from calls.queries.answers import is_blank
from calls.queries.consents import Standing
from calls.queries.document_slots import kept_documents
from calls.queries.parties import LEAD
from calls.queries.readiness import Readiness
from calls.queries.statement import canonical, sha256_of, statement_of


def said_by(application: Application, readiness: Readiness) -> dict[str, Any]:
    """The statement partners agree to, with the answers they need not agree to, consents and documents."""
    consents = {row.partner.city_id: row for row in readiness.standings}
    statement = statement_of(application, readiness.sections)
    partners = sorted(application.partners.all(), key=lambda row: row.city_id)
    return {
        **statement,
        "statement_sha256": sha256_of(canonical(statement)),
        "partners": [
            {**row, "consent": _consent(consents[partner.city_id])}
            for row, partner in zip(statement["partners"], partners, strict=True)
        ],
        "answers": [
            {"section": section.key, "question": question.key, "asked": question.labels, "answer": answer}
            for section in readiness.sections
            for question in section.questions.all()
            if not is_blank(answer := application.answers.get(question.key))
        ],
        "documents": [_document(row) for row in kept_documents(application)],
    }


def parties_said(content: Mapping[str, Any]) -> dict[str, str]:
    """Names by the keys under which answers name those who take part (calls.queries.parties)."""
    lead = {LEAD: content["lead"]["city"]}
    return lead | {row["city"]: row["name"] for row in content["partners"]}


def _consent(standing: Standing) -> dict[str, Any]:
    consent = standing.consent
    if consent is None:
        return {"state": standing.state}
    return {
        "state": standing.state,
        "sha256": consent.sha256,
        "signatory": consent.signatory,
        "function": consent.function,
        "at": consent.at.isoformat(),
    }


def _document(row: Document) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "question": row.question,
        "sort": row.sort,
        "from": row.city.name if row.city else "",
        "name": row.name,
        "sha256": row.sha256,
        "signatory": row.signatory,
        "function": row.function,
    }
