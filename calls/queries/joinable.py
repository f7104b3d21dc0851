"""Which open calls can my city join? Every open call against each city of the reader, with the next step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from calls.eligibility import Assessment, Facts, Finding, State, Verdict, assess
from calls.models import Call
from calls.models.call import Admission
from calls.queries.deadlines import word_instant, word_left
from calls.queries.eligibility import TakenPlaces, cities_facts, facts_asked, rules_of
from calls.queries.eligibility_wording import Vocabulary, word_finding, word_verdict
from cooperation.accounts.models import User
from partnerships.models import City, Membership
from partnerships.models.organisation import WRITERS

TONES = {
    Verdict.ELIGIBLE: "met",
    Verdict.ELIGIBLE_WITH_CAUTION: "caution",
    Verdict.INCOMPLETE: "unknown",
    Verdict.NOT_ELIGIBLE: "not-met",
}


@dataclass(frozen=True)
class Joinable:
    """One open call for one city: the verdict in a sentence, and the one thing to do, if there is one."""

    call: Call
    tone: str
    sentence: str
    to_do: str
    deadline: str
    left: str
    address: str


@dataclass(frozen=True)
class CityCalls:
    """The open calls for one city that has not begun an application to them, and those closed to it."""

    city: City
    open: list[Joinable]
    closed: list[Joinable]


def joinable_calls(user: User, at: datetime) -> list[CityCalls]:
    """For each city the reader writes for: ten queries at most, however many calls and cities."""
    memberships = Membership.objects.verified().filter(user=user, role__in=WRITERS)
    rows = memberships.select_related("organisation__city")
    cities = list({city.pk: city for row in rows if (city := row.organisation.city)}.values())
    if not cities:
        return []
    calls = open_calls(at)
    asked = facts_asked(rule for call in calls for rule in rules_of(call))
    places = TakenPlaces.of([city.pk for city in cities])
    facts = cities_facts(cities, on=at.date(), asked=asked)
    names = Vocabulary.current()
    found = []
    for city, lead in sorted(zip(cities, facts, strict=True), key=lambda pair: pair[0].name):
        lines: dict[bool, list[Joinable]] = {True: [], False: []}
        for call in calls:
            if city.pk in places.leads and places.leads[city.pk][call.slug]:
                continue
            known = places.facts(city.pk, call)
            assessment = assess(rules_of(call), Facts(on=call.day_of(at), lead=lead, **known))
            line = _line(call, city, assessment, names, at)
            lines[assessment.verdict is not Verdict.NOT_ELIGIBLE].append(line)
        found.append(CityCalls(city, lines[True], lines[False]))
    return found


def open_calls(at: datetime) -> Sequence[Call]:
    """Calls that anybody may answer now, by their deadline. Three queries."""
    published = Call.objects.filter(editorial="published", admits=Admission.ANYONE).open(at)
    return list(published.select_related("programme").prefetch_related("texts", "rules"))


def _line(call: Call, city: City, assessment: Assessment, names: Vocabulary, at: datetime) -> Joinable:
    first = _first_to_settle(assessment)
    text = word_finding(first, names) if first else None
    return Joinable(
        call=call,
        tone=TONES[assessment.verdict],
        sentence=word_verdict(assessment, city.name),
        to_do=(text.remedy or text.reason) if text else "",
        deadline=word_instant(call.closes_at, call.zone) if call.closes_at else "",
        left=word_left(call.closes_at, at) if call.closes_at else "",
        address=f"{reverse('calls:check', args=[call.slug])}?lead={city.slug}",
    )


def _first_to_settle(assessment: Assessment) -> Finding | None:
    """What decides comes first: a failure, then the partners, then what else is open, then cautions."""
    unknown = assessment.of_state(State.UNKNOWN)
    partners = [finding for finding in unknown if finding.message.code == "partner_missing"]
    order = [*assessment.of_state(State.FAIL), *partners, *unknown, *assessment.of_state(State.WARNING)]
    return order[0] if order else None
