"""Fictitious applications, told through the same operations that people use, at past instants."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import override

from calls.demo.answers import Words, answers_for
from calls.demo.consents import agree, ask_partners, change_afterwards
from calls.demo.corrections import ask_for_correction
from calls.demo.files import Register, read_toml
from calls.demo.people import RECOMMENDS, People
from calls.demo.steps import Steps
from calls.models import Application, Call
from calls.operations.applications import add_partner, save_answers, start
from calls.workflow import Status
from cooperation.accounts.models import User
from cooperation.history.actor import acting
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
    Status.ACCEPTED: (*DECIDED, "accept"),
    Status.DECLINED: (*DECIDED, "decline"),
    Status.WITHDRAWN: ("submit", "withdraw"),
}
ROOM_TO_DECIDE = timedelta(days=12)


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
        with acting(officer):
            application = self._write(call, row, officer, moments)
            self._ask(application, row, officer, moments)
        path = PATHS[row["status"]]
        if row["status"] == Status.ELIGIBLE and ("scores" in row or "reviews" in row):
            path = (*path, "review")
        steps = Steps(application, row, officer, self.people)
        for place, step in enumerate(path):
            getattr(steps, step)(moments.submitted if step == "submit" else moments.after(place))
        if "correction" in row:
            ask_for_correction(
                application, row["correction"], officer=officer, by=self.people[RECOMMENDS], at=self.at
            )
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
