"""Fictitious questions about the open calls, told through the same operations that people use."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from calls.demo.files import read_toml
from calls.demo.people import RECOMMENDS, People
from calls.models import Call
from calls.operations.enquiries import answer, ask


def load_enquiries(people: People, *, at: datetime) -> int:
    """Ask and answer every question of the file; return how many there are."""
    rows = read_toml("enquiries.toml")["enquiry"]
    for row in rows:
        _tell(row, people, at)
    return len(rows)


def _tell(row: Mapping[str, Any], people: People, at: datetime) -> None:
    call = Call.objects.get(slug=row["call"])
    asked_at = at - timedelta(days=row["days_ago"])
    enquiry = ask(
        call=call,
        text=row["asked"],
        language=row["language"],
        rule=call.rules.get(kind=row["rule"]) if "rule" in row else None,
        question=row.get("question", ""),
        by=people.officer_of(row["by"]),
        at=asked_at,
    )
    if "answer" in row:
        answer(
            enquiry=enquiry,
            texts=row["text"],
            answers=row["answer"],
            by=people[RECOMMENDS],
            at=asked_at + timedelta(days=row["answered_after"]),
        )
