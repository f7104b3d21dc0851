"""Fictitious applications, told through the same operations that people use, at past instants."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import override

from calls.demo.answers import Words, answers_for
from calls.demo.consents import agree, ask_partners, change_afterwards
from calls.demo.files import Register, read_toml
from calls.demo.letters import attach_letters
from calls.demo.people import APPROVES, RECOMMENDS, People
from calls.demo.reviews import review
from calls.models import Application, Call
from calls.models.decision import Outcome
from calls.operations.applications import add_partner, save_answers, start, withdraw
from calls.operations.deciding import approve, recommend
from calls.operations.results import publish_results
from calls.operations.reviewing import finish_review
from calls.operations.screening import screen
from calls.operations.submission import submit
from calls.workflow import Status
from cooperation.accounts.models import User
from partnerships.models import Partnership
from partnerships.operations.cities import state_interests
from partnerships.operations.recording import complete_partnership

Row = Mapping[str, Any]
# The steps that lead to each status; a draft has taken none.
SCREENED = ("submit", "screen")
DECIDED = (*SCREENED, "review", "finish", "recommend", "approve")
PATHS: dict[str, tuple[str, ...]] = {
    Status.DRAFT: (),
    Status.SUBMITTED: ("submit",),
    Status.ELIGIBLE: SCREENED,
    Status.INELIGIBLE: SCREENED,
    Status.REVIEWED: (*SCREENED, "review", "finish"),
    Status.SELECTED: DECIDED,
    Status.RESERVE: DECIDED,
    Status.REJECTED: DECIDED,
    Status.WITHDRAWN: ("submit", "withdraw"),
}
ROOM_TO_DECIDE = timedelta(days=12)
REASON = "Demonstration text. The scores of two reviewers and the number of places led to this outcome."


class Storyteller:
    """Tells each application of the file, step by step, from its start to its status."""

    def __init__(self, register: Register, people: People, at: datetime) -> None:
        self.register, self.people, self.at = register, people, at
        self.calls = {call.slug: call for call in Call.objects.select_related("programme")}
        content = read_toml("applications.toml")
        self.rows = content["application"]
        self.words = {
            language: Words(answers, content["lines"][language], content["choices"])
            for language, answers in content["answers"].items()
        }

    def tell(self) -> int:
        """Tell all; return how many applications there are."""
        for number, row in enumerate(self.rows):
            with override(row.get("language", "en")):
                self._tell(row, number)
        return len(self.rows)

    def _tell(self, row: Row, number: int) -> None:
        call = self.calls[row["call"]]
        moments = Moments(call, self.at, number)
        officer = self.people.officer_of(row["lead"])
        application = self._write(call, row, officer, moments)
        self._ask(application, row, officer, moments)
        path = PATHS[row["status"]]
        if row["status"] == Status.ELIGIBLE and ("scores" in row or "reviews" in row):
            path = (*path, "review")
        steps = Steps(application, row, officer, self.people)
        for place, step in enumerate(path):
            getattr(steps, step)(moments.submitted if step == "submit" else moments.after(place))
        if "completed_in" in row:
            founded = Partnership.objects.get(decisions__application=application)
            complete_partnership(
                partnership=founded, end_year=row["completed_in"], by=self.people[RECOMMENDS]
            )

    def _ask(self, application: Application, row: Row, officer: User, moments: "Moments") -> None:
        """What became of the consents of a draft: `asked`, or `reopened` by a later edit."""
        at = moments.started + timedelta(hours=3)
        if row.get("consent") == "asked":
            ask_partners(application, by=officer, at=at)
        elif row.get("consent") == "reopened":
            agree(application, by=officer, at=at)
            change_afterwards(application, by=officer, at=at + timedelta(hours=2))

    def _write(self, call: Call, row: Row, officer: User, moments: "Moments") -> Application:
        lead = self.register.city(row["lead"])
        partners = [self.register.city(key) for key in row.get("partners", ())]
        if "learn" in row:
            state_interests(city=lead, learn=row["learn"], teach=row["teach"])
        application = start(
            call=call, lead=self.people.organisation(row["lead"]), by=officer, at=moments.started
        )
        for key in row.get("partners", ()):
            self.people.organisation(key)
        for partner in partners:
            application = add_partner(
                application=application, city=partner, by=officer, at=moments.started + timedelta(minutes=9)
            )
        answers = answers_for(
            call,
            row,
            self.words[row.get("language", "en")],
            lead=lead,
            partners=partners,
            register=self.register,
            today=self.at.date(),
        )
        return save_answers(
            application=application,
            answers=answers,
            version=application.version,
            by=officer,
            at=moments.started + timedelta(hours=2),
        )


class Steps:
    """What happens to one application after it was written; each step takes its instant."""

    def __init__(self, application: Application, row: Row, officer: User, people: People) -> None:
        self.application, self.row, self.officer, self.people = application, row, officer, people

    @property
    def staff(self) -> User:
        return self.people[RECOMMENDS]

    def submit(self, at: datetime) -> None:
        if self.row.get("letters"):
            attach_letters(self.application, by=self.officer, at=at - timedelta(hours=5))
        if self.application.call.consent_required:
            agree(self.application, by=self.officer, at=at - timedelta(hours=3))
        submit(application=self.application, version=None, by=self.officer, at=at)

    def withdraw(self, at: datetime) -> None:
        withdraw(
            application=self.application,
            by=self.officer,
            at=at,
            note="Demonstration: the partner has no time this year.",
        )

    def screen(self, at: datetime) -> None:
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
        finish_review(application=self.application, by=self.staff, at=at)

    def recommend(self, at: datetime) -> None:
        recommend(
            application=self.application,
            outcome=Outcome(self.row["status"]),
            reason=self.row.get("reason", REASON),
            by=self.staff,
            at=at,
        )

    def approve(self, at: datetime) -> None:
        approve(application=self.application, by=self.people[APPROVES], at=at)
        publish_results(call=self.application.call, by=self.people[APPROVES], at=at)


class Moments:
    """When the steps of an application happened: within the call's window, and always before the load.

    Instants are spread by the application's number, at hours when offices work in the call's zone.
    """

    def __init__(self, call: Call, at: datetime, number: int) -> None:
        self.at, self.number, self.zone = at, number, call.zone_info
        decided_from = _decided_from(call, at)
        end = decided_from or at
        window = end - call.opens_at
        share = number * 37 % 100 / 100
        self.started = self._in_office(call.opens_at + window * (0.2 + 0.25 * share))
        # Before a deadline most come in the last weeks.
        early, spread = (0.75, 0.22) if decided_from else (0.55, 0.1)
        self.submitted = self._in_office(call.opens_at + window * (early + spread * share))
        self._base = decided_from or self.submitted
        self._pace = min(timedelta(days=9), (at - self._base) / 8)

    def after(self, place: int) -> datetime:
        """The instant of the step at `place` in the path, spread evenly after submission or closing."""
        moment = self._base + self._pace * place + timedelta(minutes=self.number)
        return self._in_office(moment) if self._pace > timedelta(days=1) else moment

    def _in_office(self, moment: datetime) -> datetime:
        hour, minute, second = 9 + self.number % 8, self.number * 17 % 60, self.number * 23 % 60
        return moment.astimezone(self.zone).replace(hour=hour, minute=minute, second=second)


def _decided_from(call: Call, at: datetime) -> datetime | None:
    """The deadline that has passed, or the last cut-off that did so long enough ago for every step."""
    if call.closes_at is not None:
        return call.closes_at if call.closes_at <= at else None
    passed = call.cut_offs.filter(at__gt=call.opens_at, at__lte=at - ROOM_TO_DECIDE)
    return passed.order_by("at").values_list("at", flat=True).last()
