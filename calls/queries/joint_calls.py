"""The open calls that two cities could answer together, one leading, the other its partner."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from calls.eligibility import Facts, Verdict, assess
from calls.models import Call
from calls.models.call import CallKind
from calls.queries.deadlines import word_instant, word_left
from calls.queries.eligibility import TakenPlaces, cities_facts, facts_asked, rules_of
from calls.queries.eligibility_wording import word_verdict
from calls.queries.joinable import TONES, open_calls
from partnerships.models import City


@dataclass(frozen=True)
class JointCall:
    """One call for the two: the verdict in a sentence, and whether they could begin."""

    call: Call
    tone: str
    sentence: str
    possible: bool
    deadline: str
    left: str


def joint_calls(lead: City, partner: City, at: datetime) -> list[JointCall]:
    """Open calls, those the two can answer first. Nine queries at most, however many calls there are.

    Calls whose organiser pairs the cities are left out: there every city applies alone.
    """
    calls = [call for call in open_calls(at) if call.kind != CallKind.PAIRING]
    if not calls:
        return []
    asked = facts_asked(rule for call in calls for rule in rules_of(call))
    facts = cities_facts([lead, partner], on=at.date(), asked=asked)
    places = TakenPlaces.of([lead.pk])
    lines = [_line(call, (lead, partner), facts, places, at) for call in calls]
    return sorted(lines, key=lambda line: not line.possible)


def _line(
    call: Call, cities: tuple[City, City], facts: Sequence, places: TakenPlaces, at: datetime
) -> JointCall:
    lead, partner = cities
    known = places.facts(lead.pk, call)
    assessment = assess(
        rules_of(call), Facts(on=call.day_of(at), lead=facts[0], partners=(facts[1],), **known)
    )
    return JointCall(
        call=call,
        tone=TONES[assessment.verdict],
        sentence=word_verdict(assessment, lead.name, [partner.name]),
        possible=assessment.verdict is not Verdict.NOT_ELIGIBLE,
        deadline=word_instant(call.closes_at, call.zone) if call.closes_at else "",
        left=word_left(call.closes_at, at) if call.closes_at else "",
    )
