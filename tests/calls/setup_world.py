"""A call of two languages that nothing keeps from being published, and people who set it up."""

from datetime import UTC, date, datetime

from calls.models import Call, Milestone, Quota
from tests.calls.desk_world import staff_person
from tests.factories import (
    CallFactory,
    CallTextFactory,
    CityFactory,
    CriterionFactory,
    QuestionFactory,
    RuleFactory,
    SectionFactory,
)

# a Monday 09:00 and a Monday 23:59 in Stockholm, neither a holiday nor near a change of clocks
OPENS = datetime(2027, 2, 1, 8, 0, tzinfo=UTC)
CLOSES = datetime(2027, 4, 12, 21, 59, tzinfo=UTC)
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ANCHORS = {score: f"Score {score}." for score in "012345"}


def setter(email: str = "marta@example.org"):
    """Staff who set up and publish calls."""
    return staff_person(email, "change_call", "add_call")


def ready_call(**more) -> Call:
    """A draft whose preflight finds nothing."""
    fields = {
        "slug": "waste-2027",
        "editorial": "draft",
        "published_at": None,
        "opens_at": OPENS,
        "closes_at": CLOSES,
        "languages": ["en", "sv"],
        "text__title": "Waste together 2027",
        "text__summary": "Two cities cut waste.",
        "text__body": "Write.",
        **more,
    }
    call = CallFactory(**fields)
    call.texts.update(authoritative=True)
    CallTextFactory(
        call=call, language="sv", title="Avfall", summary="Två städer.", body="Skriv.", authoritative=False
    )
    section = SectionFactory(call=call, key="summary", titles={"en": "Summary", "sv": "Sammanfattning"})
    QuestionFactory(
        section=section, key="what", labels={"en": "What changes?", "sv": "Vad ändras?"}, position=0
    )
    QuestionFactory(section=section, key="who", labels={"en": "Who takes part?", "sv": "Vem?"}, position=1)
    RuleFactory(
        call=call,
        parameters={"countries": ["SE"]},
        clauses={"en": "Swedish cities.", "sv": "Svenska städer."},
    )
    for position, (key, name, weight) in enumerate([("relevance", "Relevance", 60), ("plan", "Plan", 40)]):
        CriterionFactory(
            call=call,
            key=key,
            labels={"en": name, "sv": name},
            weight=weight,
            position=position,
            anchors={"en": ANCHORS, "sv": ANCHORS},
        )
    Milestone.objects.create(
        call=call, key="results", labels={"en": "Results", "sv": "Besked"}, planned_on=date(2027, 6, 21)
    )
    CityFactory(name="Ale", country="SE")
    return Call.objects.get(pk=call.pk)


def with_quota(call: Call, **fields) -> Quota:
    """One quota for Swedish cities."""
    values = {"labels": {"en": "Sweden", "sv": "Sverige"}, "side": "home", "countries": ["SE"], "places": 2}
    return Quota.objects.create(call=call, **{**values, **fields})
