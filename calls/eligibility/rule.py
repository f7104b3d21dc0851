"""A rule of a call as data, and what a rule says about one application."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Self


class State(StrEnum):
    """The outcome of one rule."""

    PASS = "pass"  # noqa: S105  a state, not a password
    FAIL = "fail"
    WARNING = "warning"
    UNKNOWN = "unknown"
    WAIVED = "waived"


class Topic(StrEnum):
    """The part of an application a rule belongs to, where its finding is shown."""

    LEAD = "lead"
    PARTNERS = "partners"
    MONEY = "money"
    PROJECT = "project"
    DOCUMENTS = "documents"


@dataclass(frozen=True)
class Rule:
    """One rule as its call states it. `clauses` quotes the call, by language code.

    `source` and `version` name the text the clause was taken from, e.g. "Guideline, 4.2" and "2026-1".
    A hard rule excludes; a soft one ("in particular above 50,000 inhabitants") only cautions.
    """

    kind: str
    parameters: Mapping[str, Any]
    hard: bool = True
    clauses: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    version: str = ""


@dataclass(frozen=True)
class Message:
    """What to say, without words: the reader's language is chosen where it is shown."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Finding:
    """What one rule says about one application.

    `seen` is the value looked at, made of JSON types only. `remedy` is what would change the outcome,
    None when nothing would. `partner_cures` says that another choice of partners can turn the failure;
    `lead_only` that the rule looks at nothing but the lead. `waiver` is the reason of a waived rule.
    `on` is the date the rule was held against; older snapshots know neither it nor the topic.
    """

    rule: Rule
    state: State
    seen: Mapping[str, Any]
    message: Message
    remedy: Message | None = None
    partner_cures: bool = False
    lead_only: bool = False
    waiver: str = ""
    on: date | None = None
    topic: Topic | None = None

    def to_dict(self) -> dict[str, Any]:
        """The finding as JSON types, for a snapshot."""
        dated = {"on": self.on.isoformat() if self.on else None}
        topic = {"topic": self.topic.value if self.topic else None}
        return {**asdict(self), "state": self.state.value, **dated, **topic}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The finding that `to_dict` wrote; its kind of rule may have been retired since."""
        remedy, on, topic = data["remedy"], data.get("on"), data.get("topic")
        return cls(
            **{
                **data,
                "rule": Rule(**data["rule"]),
                "state": State(data["state"]),
                "message": Message(**data["message"]),
                "remedy": Message(**remedy) if remedy else None,
                "on": date.fromisoformat(on) if on else None,
                "topic": Topic(topic) if topic else None,
            }
        )
