"""What staff ask two fictitious cities to correct, and what one of them answered."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from calls.demo.consents import agree
from calls.models import Application
from calls.operations.applications import save_answers
from calls.operations.correcting_submissions import request_correction
from calls.operations.submission import submit
from cooperation.accounts.models import User
from cooperation.history.actor import acting

ASKED = timedelta(days=4)
LEFT = timedelta(days=5)


def ask_for_correction(
    application: Application, said: Mapping[str, Any], *, officer: User, by: User, at: datetime
) -> None:
    """Ask some days before `at`, due some days after it; with `answers` the city has sent it again since."""
    asked_at = at - ASKED
    with acting(by):
        request_correction(
            application=application,
            reasons=said["reasons"],
            note=said.get("note", ""),
            due_at=at + LEFT,
            by=by,
            at=asked_at,
        )
    if "answers" in said:
        with acting(officer):
            application.refresh_from_db()
            changed = save_answers(
                application=application,
                answers={**application.answers, **said["answers"]},
                version=application.version,
                by=officer,
                at=asked_at + timedelta(days=1),
            )
            if changed.call.consent_required:
                agree(changed, by=officer, at=asked_at + timedelta(days=1, minutes=30))
            submit(application=changed, version=None, by=officer, at=asked_at + timedelta(days=1, hours=1))
