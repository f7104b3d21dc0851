"""Fictitious ideas of the partner search, told through the same operations that people use."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from calls.demo.files import read_toml
from calls.demo.people import People
from partnerships.models import Idea
from partnerships.operations.cities import state_interests
from partnerships.operations.ideas import IdeaText, complete_idea, publish_idea
from partnerships.operations.interests import answer_interest, express_interest
from partnerships.operations.suggesting import refresh_suggestions


def load_ideas(people: People, *, at: datetime) -> int:
    """Publish every idea of the file with its answers; return how many there are."""
    rows = read_toml("ideas.toml")["idea"]
    for row in rows:
        idea = _publish(row, people, at)
        for interest in row.get("interest", ()):
            _tell(idea, row, interest, people, at)
    refresh_suggestions(at=at)
    return len(rows)


def _publish(row: Mapping[str, Any], people: People, at: datetime) -> Idea:
    published_at = at - timedelta(days=row["days_ago"])
    organisation, officer = people.organisation(row["city"]), people.officer_of(row["city"])
    if organisation.city and "learn" in row:
        state_interests(city=organisation.city, learn=row["learn"], teach=row["teach"])
    text = IdeaText(
        language=row["language"],
        title=row["title"],
        wants=row["wants"],
        brings=row.get("brings", ""),
        seeks=row["seeks"],
        themes=tuple(row["themes"]),
        languages=tuple(row["languages"]),
        countries=tuple(row.get("countries", ())),
        partners_wanted=row.get("partners_wanted", 1),
    )
    idea = publish_idea(organisation=organisation, text=text, by=officer, at=published_at)
    if row.get("complete"):
        complete_idea(idea=idea, by=officer, at=published_at + timedelta(days=60))
    return idea


def _tell(idea: Idea, row: Mapping[str, Any], told: Mapping[str, Any], people: People, at: datetime) -> None:
    expressed_at = at - timedelta(days=told["days_ago"])
    interest = express_interest(
        idea=idea,
        organisation=people.organisation(told["city"]),
        message=told["message"],
        by=people.officer_of(told["city"]),
        at=expressed_at,
    )
    if "mutual" in told:
        answer_interest(
            interest=interest,
            mutual=told["mutual"],
            answer=told.get("answer", ""),
            by=people.officer_of(row["city"]),
            at=expressed_at + timedelta(days=told["answered_after"]),
        )
