"""Programmes and calls from their files. Dates relative to today keep the current editions current."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from calls.demo.files import DATA, read_toml
from calls.models import Call, Programme, Side
from calls.operations.amending import amend_call
from calls.operations.publishing import (
    create_call,
    create_programme,
    publish_call,
    set_details,
    set_form,
    set_rules,
)
from calls.operations.wall_clock import in_days, instant
from cooperation.accounts.models import User

Row = Mapping[str, Any]
AHEAD = timedelta(days=14)  # how long before opening a call was announced
AS_THEY_ARE = (
    *("slug", "kind", "process", "zone", "languages", "places", "duration_minimum", "duration_maximum"),
    *("currency", "maximum_amount", "grant_share_percent", "budget", "consent_required", "admits"),
    *("reviews_wanted", "pass_mark", "acceptance_days", "complaint_days", "tie_break", "waiting_list"),
)
QUESTION_FIELDS = ("key", "type", "required", "limit", "options", "fact", "prefill", "material")
TEXT_FIELDS = ("title", "summary", "body", "with_whom", "money", "duration")


def load_programmes(*, by: User, at: datetime) -> tuple[int, int]:
    """Create every programme with its calls; return how many of each."""
    programmes = calls = 0
    for path in sorted((DATA / "programmes").glob("*.toml")):
        content = read_toml(f"programmes/{path.name}")
        programme = _create_programme(content["programme"], by)
        loader = CallLoader(programme, content["calls"], by, at)
        programmes, calls = programmes + 1, calls + loader.load()
    return programmes, calls


def _create_programme(row: Row, by: User) -> Programme:
    fields = {
        key: row[key] for key in ("slug", "code", "organiser", "funders", "languages", "zone", "action_lines")
    }
    texts = {"names": row["name"], "summaries": row["summary"], "objectives": row["objectives"]}
    return create_programme(
        fields={**fields, **texts, "website": row.get("website", "")}, themes=row["themes"], by=by
    )


class CallLoader:
    """Creates the calls of one programme, each after those it refers to."""

    def __init__(self, programme: Programme, rows: Iterable[Row], by: User, at: datetime) -> None:
        self.programme, self.by, self.at = programme, by, at
        self.rows = {row["slug"]: row for row in rows}
        self.created: dict[str, Call] = {}

    def load(self) -> int:
        for slug in self.rows:
            self._call(slug)
        return len(self.created)

    def _call(self, slug: str | None) -> Call | None:
        if slug and slug not in self.created:
            self.created[slug] = self._create(self.rows[slug])
        return self.created[slug] if slug else None

    def _create(self, row: Row) -> Call:
        moments = Moments(row["zone"], self.at)
        opens_at = moments.of(row, "opens")
        if opens_at is None:
            raise ValueError(f"{row['slug']} has no opening date")
        fields = {key: row[key] for key in AS_THEY_ARE if key in row} | {
            "opens_at": opens_at,
            "closes_at": moments.of(row, "closes"),
            "questions_until": moments.of(row, "questions_until"),
            "review_due_at": moments.of(row, "review_due"),
            "discussion_at": moments.of(row, "discussion"),
            "predecessor": self._call(row.get("predecessor")),
            "promotes_to": self._call(row.get("promotes_to")),
            "pairing": {k: v for k, v in dict(self._part(row, "pairing")).items() if k != "demo_value"},
        }
        call = create_call(
            programme=self.programme, fields=fields, texts=_texts(row), themes=row["themes"], by=self.by
        )
        self._fill(call, row, moments)
        publish_call(call=call, by=self.by, at=min(opens_at - AHEAD, self.at - timedelta(days=3)))
        self._amend(call, row, moments)
        return call

    def _part(self, row: Row, name: str) -> Any:
        """A part of a call; an invented round has the rules, quotas and pairing of a real one."""
        return self.rows[row.get("parts_from", row["slug"])].get(name, ())

    def _fill(self, call: Call, row: Row, moments: "Moments") -> None:
        # A past call asked what its current edition asks, as far as is known.
        form = self.rows[row["sections_from"]] if "sections_from" in row else row
        set_rules(call=call, rules=[_rule(rule) for rule in self._part(row, "rules")], by=self.by)
        for side in row.get("sides", ()):
            Side.objects.create(call=call, key=side["key"], labels=side["label"])
        sections = [_section(section, moments.last_day(row)) for section in form["sections"]]
        set_form(call=call, sections=sections, by=self.by)
        set_details(
            call=call,
            quotas=[_quota(quota) for quota in self._part(row, "quotas")],
            milestones=[moments.milestone(milestone) for milestone in row.get("milestones", ())],
            criteria=[_criterion(criterion) for criterion in form.get("criteria", ())],
            cut_offs=[cut_off for row in row.get("cut_offs", ()) for cut_off in moments.cut_offs(row)],
            by=self.by,
        )

    def _amend(self, call: Call, row: Row, moments: "Moments") -> None:
        for amendment in row.get("amendments", ()):
            amend_call(
                call=call,
                reasons=amendment["reason"],
                published_on=date.fromisoformat(amendment["published_on"]),
                closes_to=moments.of(amendment, "closes_to"),
                closes_from=moments.of(amendment, "closes_from"),
                by=self.by,
                at=self.at,
            )


class Moments:
    """Reads a row's dates: "opens" as a local time, or "opens_in_days" with "opens_time"."""

    def __init__(self, zone: str, at: datetime) -> None:
        self.zone = zone
        self.today = at.astimezone(ZoneInfo(zone)).date()

    def of(self, row: Row, key: str) -> datetime | None:
        """The instant of `key`, or None when the row does not say."""
        if key in row:
            return instant(datetime.fromisoformat(row[key]), self.zone)
        if (days := row.get(f"{key}_in_days")) is None:
            return None
        hour = row.get(f"{key}_time") or ("09:00" if key == "opens" else "23:59")
        return instant(in_days(self.today, days, hour), self.zone)

    def last_day(self, row: Row) -> date | None:
        """The day on which a call closes, on its own calendar."""
        closes_at = self.of(row, "closes")
        return closes_at.astimezone(ZoneInfo(self.zone)).date() if closes_at else None

    def milestone(self, row: Row) -> dict[str, Any]:
        return {
            "key": row["key"],
            "labels": row["label"],
            "planned_on": self._day(row, "planned"),
            "actual_on": self._day(row, "actual"),
        }

    def cut_offs(self, row: Row) -> list[dict[str, Any]]:
        """A day of the year, such as "03-15", last year, this year and in the two after it."""
        walls = [f"{self.today.year + more}-{row['day']}T{row['time']}" for more in range(-1, 3)]
        return [
            {"at": instant(datetime.fromisoformat(wall), self.zone), "labels": row["label"]} for wall in walls
        ]

    def _day(self, row: Row, key: str) -> date | None:
        if key in row:
            return date.fromisoformat(row[key])
        days = row.get(f"{key}_in_days")
        return None if days is None else self.today + timedelta(days=days)


def _texts(row: Row) -> list[dict[str, Any]]:
    return [
        {
            "language": language,
            "authoritative": language == row["authoritative"],
            **{field: text[field] for field in TEXT_FIELDS if field in text},
        }
        for language, text in row["texts"].items()
    ]


def _rule(row: Row) -> dict[str, Any]:
    fields = {key: row[key] for key in ("kind", "parameters", "hard", "source", "version") if key in row}
    return {**fields, "clauses": row["clause"]}


def _section(row: Row, closes_on: date | None) -> dict[str, Any]:
    return {
        "key": row["key"],
        "titles": row["title"],
        "questions": [_question(question, closes_on) for question in row["questions"]],
    }


def _question(row: Row, closes_on: date | None) -> dict[str, Any]:
    """A question as model fields; an option is {"value": ..., "label": {language: text}}."""
    fields = {key: row[key] for key in QUESTION_FIELDS if key in row}
    if "settings" in row:
        fields["settings"] = _settings(row["settings"], closes_on)
    return {**fields, "labels": row["label"], "hints": row.get("hint", {})}


def _settings(said: Row, closes_on: date | None) -> dict[str, Any]:
    """Settings with `due_after_days`, counted from the day of closing, as the day it means."""
    settings = {key: value for key, value in said.items() if key != "due_after_days"}
    if closes_on and "due_after_days" in said:
        settings["due_on"] = (closes_on + timedelta(days=said["due_after_days"])).isoformat()
    return settings


def _quota(row: Row) -> dict[str, Any]:
    fields = {key: row[key] for key in ("side", "countries", "places", "minimum") if key in row}
    return {**fields, "labels": row["label"]}


def _criterion(row: Row) -> dict[str, Any]:
    fields = {key: row[key] for key in ("key", "weight", "anchors", "demo_value") if key in row}
    return {**fields, "labels": row["label"]}
