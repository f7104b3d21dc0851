"""What is signed: an agreement's text, days, file and parties as canonical JSON, and its hash."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from partnerships.models import AgreementVersion, Member, Partnership


def statement_of(
    partnership: Partnership,
    *,
    number: int,
    text: str,
    file_sha256: str,
    renewal_on: date | None,
    parties: Iterable[Member],
) -> dict[str, Any]:
    """Everything a signature consents to."""
    return {
        "partnership": partnership.slug,
        "version": number,
        "text": text,
        "file": file_sha256,
        "renewal_on": renewal_on.isoformat() if renewal_on else None,
        "parties": [{"member": row.pk, "name": row.name, "role": row.role} for row in parties],
    }


def canonical(statement: Mapping[str, Any]) -> str:
    """The bytes hashed: keys in order, no spaces, letters as they are."""
    return json.dumps(statement, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha256_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def parties_of(partnership: Partnership) -> list[Member]:
    """The members that sign, in their order."""
    rows = partnership.members.present().select_related("city", "organisation")
    return [row for row in rows if row.signs]


def names_parties(version: AgreementVersion, parties: Iterable[Member]) -> bool:
    """Whether a version was drafted between exactly these members, in these roles."""
    named = {(row["member"], row["role"]) for row in json.loads(version.statement)["parties"]}
    return named == {(row.pk, row.role) for row in parties}


def differences(before: str, after: str) -> list[tuple[str, str]]:
    """The two texts as lines: ("same" | "out" | "in", line), in reading order."""
    old, new = before.splitlines(), after.splitlines()
    found: list[tuple[str, str]] = []
    for kind, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, False).get_opcodes():
        if kind == "equal":
            found += [("same", line) for line in old[old_from:old_to]]
            continue
        found += [("out", line) for line in old[old_from:old_to]]
        found += [("in", line) for line in new[new_from:new_to]]
    return found
