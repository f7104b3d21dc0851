"""What an application says, as JSON types with a hash: what partners agree to, and what is submitted.

The same content always gives the same bytes and the same hash, whatever language it is read in.
"""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from calls.models import Application, Section
from calls.queries.answers import is_blank, sections_of


def canonical(content: dict[str, Any]) -> str:
    """JSON with sorted keys and no spaces: the same content always gives the same bytes."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def sha256_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def statement_of(application: Application, sections: Sequence[Section] | None = None) -> dict[str, Any]:
    """What a partner city agrees to: who takes part, and every material answer that is given."""
    found = sections_of(application) if sections is None else sections
    return {
        "format": 1,
        "call": application.call.slug,
        "reference": application.reference,
        "lead": _lead(application),
        "partners": [
            {
                "city": row.city.slug,
                "name": row.city.name,
                "country": str(row.city.country),
                "role": row.role,
            }
            for row in sorted(application.partners.all(), key=lambda row: row.city_id)
        ],
        "answers": [
            {"section": section.key, "question": question.key, "asked": question.labels, "answer": answer}
            for section in found
            for question in section.questions.all()
            if question.material and not is_blank(answer := application.answers.get(question.key))
        ],
    }


def _lead(application: Application) -> dict[str, str]:
    lead = application.lead
    city = lead.city.name if lead.city else lead.name
    return {"name": lead.name, "city": city, "country": str(lead.country)}


def statement_sha256(application: Application, sections: Sequence[Section] | None = None) -> str:
    """The hash that a partner's consent is bound to."""
    return sha256_of(canonical(statement_of(application, sections)))
