"""What happens to one fictitious application after it was written: each step by those who would do it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from calls.demo.consents import agree
from calls.demo.letters import attach_letters
from calls.demo.people import APPROVES, RECOMMENDS, People
from calls.demo.reviews import review
from calls.models import Application
from calls.models.decision import Outcome
from calls.operations.answering import accept_place, decline_place
from calls.operations.applications import withdraw
from calls.operations.deciding import approve, recommend
from calls.operations.results import publish_results
from calls.operations.reviewing import finish_review
from calls.operations.screening import screen
from calls.operations.submission import submit
from calls.workflow import Status
from cooperation.accounts.models import User
from cooperation.history.actor import acting

Row = Mapping[str, Any]
REASON = "Demonstration text. The scores of two reviewers and the number of places led to this outcome."
PUBLISHED = {Status.ACCEPTED: Outcome.SELECTED, Status.DECLINED: Outcome.SELECTED}


class Steps:
    """What happens to one application after it was written; each step takes its instant."""

    def __init__(self, application: Application, row: Row, officer: User, people: People) -> None:
        self.application, self.row, self.officer, self.people = application, row, officer, people
        self.staff, self.approver = people[RECOMMENDS], people[APPROVES]

    def submit(self, at: datetime) -> None:
        with acting(self.officer):
            if self.row.get("letters"):
                attach_letters(self.application, by=self.officer, at=at - timedelta(hours=5))
            if self.application.call.consent_required:
                agree(self.application, by=self.officer, at=at - timedelta(hours=3))
            submit(application=self.application, version=None, by=self.officer, at=at)

    def withdraw(self, at: datetime) -> None:
        note = "Demonstration: the partner has no time this year."
        with acting(self.officer):
            withdraw(application=self.application, by=self.officer, at=at, note=note)

    def screen(self, at: datetime) -> None:
        with acting(self.staff):
            screen(
                application=self.application,
                eligible=self.row["status"] != Status.INELIGIBLE,
                note=self.row.get("note", ""),
                by=self.staff,
                at=at,
            )

    def review(self, at: datetime) -> None:
        review(self.application, self.row, by=self.staff, people=self.people, at=at)

    def finish(self, at: datetime) -> None:
        with acting(self.staff):
            finish_review(application=self.application, by=self.staff, at=at)

    def recommend(self, at: datetime) -> None:
        status = Status(self.row["status"])
        with acting(self.staff):
            recommend(
                application=self.application,
                outcome=PUBLISHED.get(status) or Outcome(status),
                reason=self.row.get("reason", REASON),
                reserve_place=self.row.get("reserve_place"),
                by=self.staff,
                at=at,
            )

    def approve(self, at: datetime) -> None:
        with acting(self.approver):
            approve(application=self.application, by=self.approver, at=at)
            publish_results(call=self.application.call, by=self.approver, at=at)

    def accept(self, at: datetime) -> None:
        with acting(self.officer):
            accept_place(application=self.application, by=self.officer, at=at)

    def decline(self, at: datetime) -> None:
        with acting(self.officer):
            decline_place(
                application=self.application,
                note="Demonstration text. The colleague who would have led it has left.",
                by=self.officer,
                at=at,
            )
