"""The plan of a call's reminders: what was sent, what waits, and what will be sent if nothing changes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet

from calls.models import Application, Call, Question, ReminderRule
from calls.models.call import Editorial
from calls.models.form import QuestionType
from calls.models.reminder import Audience
from calls.queries.blinding import in_conflict
from calls.queries.reminder_audiences import SORT_OF, SORTS
from calls.queries.reminder_steps import Step, steps_to_come, to_come
from calls.queries.reminder_words import in_order
from cooperation.accounts.models import User
from cooperation.notifications.bulk import Leaving, leaving
from cooperation.notifications.models import Message, MessageState

Key = tuple[str, int, int]  # kind, due (seconds), offset
# What became of a message, in the words of the plan.
SENT = (MessageState.SENT, MessageState.DIGESTED, MessageState.PORTAL, MessageState.UNCERTAIN)
WAITS = (MessageState.WAITING, MessageState.SENDING)


@dataclass(frozen=True)
class Line:
    """One reminder at one instant: how many people will get it, and what became of those posted."""

    kind: str
    audiences: tuple[str, ...]
    days: int
    due: datetime
    at: datetime
    people: int = 0
    states: Mapping[str, int] = field(default_factory=dict)

    @property
    def posted(self) -> int:
        return sum(self.states.values())

    @property
    def seconds(self) -> int:
        """The due instant as addresses and keys name it."""
        return int(self.due.timestamp())


@dataclass(frozen=True)
class Plan:
    """Lines in the order of their instants, and rules that wait for nobody now."""

    past: list[Line]
    coming: list[Line]
    idle: list[ReminderRule]


def plan_of(call: Call, at: datetime) -> Plan:
    """Everything in a fixed number of queries, however many people are told."""
    rules = list(call.reminders.filter(active=True))
    coming = {_key(line): line for line in _nobody_yet(call, rules, at)}
    for sort in SORTS:
        for step in steps_to_come(sort, call, at=at):
            line = Line(sort.kind, step.audiences, step.days, step.due, step.at, step.people)
            coming[_key(line)] = line
    past = _posted(call)
    lines = sorted(coming.values(), key=lambda line: (line.at, line.kind))
    said = {audience for line in lines for audience in line.audiences}
    idle = in_order(rule for rule in rules if rule.audience not in said)
    return Plan(sorted(past, key=lambda line: (line.at, line.kind), reverse=True), lines, idle)


def _nobody_yet(call: Call, rules: Iterable[ReminderRule], at: datetime) -> list[Line]:
    """The steps of the call's own dates, with nobody to tell so far."""
    if call.editorial != Editorial.PUBLISHED:
        return []
    dates = {
        Audience.DRAFT: ("reminder", call.closes_at),
        Audience.REVIEW: ("review_reminder", call.review_due_at),
    }
    if call.consent_required:
        dates[Audience.CONSENT] = ("missing_reminder", call.closes_at)
    if _asks_for_documents(call):
        dates[Audience.DOCUMENT] = ("missing_reminder", call.closes_at)
    found = []
    for rule in rules:
        kind, due = dates.get(Audience(rule.audience), ("", None))
        if due and rule.instant(due) > at:
            days = -rule.days if rule.late else rule.days
            found.append(Line(kind, (rule.audience,), days, due, rule.instant(due)))
    return found


def _asks_for_documents(call: Call) -> bool:
    rows = Question.objects.filter(section__call=call, section__version=call.form_version)
    return rows.filter(type=QuestionType.FILE, required=True).exists()


def _posted(call: Call) -> list[Line]:
    rows = posted_in(call).order_by().values("kind", "about__due", "about__days", "about__asks", "state")
    states: dict[Key, dict[str, int]] = defaultdict(dict)
    asks: dict[Key, tuple[str, ...]] = {}
    for row in rows.annotate(number=Count("pk")):
        key = row["kind"], row["about__due"], row["about__days"]
        states[key][row["state"]] = states[key].get(row["state"], 0) + row["number"]
        asks[key] = tuple(sorted({*asks.get(key, ()), *row["about__asks"]}))
    return [
        Line(kind, asks[kind, due, days], days, _instant(due), _instant(due) - timedelta(days=days), 0, found)
        for (kind, due, days), found in states.items()
    ]


def posted_in(call: Call) -> QuerySet[Message]:
    """The reminders of a call that were posted, whatever became of them."""
    return Message.objects.filter(kind__in=list(SORT_OF), about__call=call.pk)


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)


def _key(line: Line) -> Key:
    return line.kind, line.seconds, line.days


# --- the people of one line ---------------------------------------------------------------------------------


def step_named(call: Call, kind: str, due: int, days: int, at: datetime) -> Step | None:
    """The step to come that an address names; None when there is none, or nobody to tell."""
    if kind not in SORT_OF:
        return None
    steps = steps_to_come(SORT_OF[kind], call, at=at)
    return next((row for row in steps if row.days == days and int(row.due.timestamp()) == due), None)


def people_to_come(call: Call, step: Step, *, at: datetime, first: int, most: int) -> list[Leaving]:
    """Who would get a step, with when it would leave for each: the quiet hours are counted in."""
    found = to_come(SORT_OF[step.kind], call, step, at=at)
    if found is None:
        return []
    return leaving(step.kind, found, at=at, posted_at=step.at, first=first, most=most)


def posted_to(call: Call, kind: str, due: int, days: int) -> QuerySet[Message]:
    """The messages of one line."""
    rows = posted_in(call).filter(kind=kind, about__due=due, about__days=days)
    return rows.select_related("reader").order_by("reader_id", "pk")


def references_for(user: User, abouts: Iterable[Mapping[str, Any]]) -> dict[int, tuple[str, bool]]:
    """Application -> its reference and whether a conflict closes it to this person; drafts are not there."""
    pks = {pk for about in abouts for pk in applications_of(about)}
    rows = Application.objects.for_staff(user).filter(pk__in=pks).annotate(closed=in_conflict(user))
    return {
        pk: (reference, closed) for pk, reference, closed in rows.values_list("pk", "reference", "closed")
    }


def applications_of(about: Mapping[str, Any]) -> list[int]:
    return about.get("applications") or ([about["application"]] if "application" in about else [])
