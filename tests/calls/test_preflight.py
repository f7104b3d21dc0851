"""The preflight: one draft that passes, and each way of spoiling it with the point that says so."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from calls.eligibility import KINDS
from calls.models import Call, Criterion, CutOff, Milestone
from calls.models.decision import Side
from calls.models.reminder import Audience
from calls.queries.holidays import country_of_zone, holiday_on
from calls.queries.preflight import Severity, preflight
from partnerships.models import City
from tests.calls.setup_world import CLOSES, NOW, OPENS, ready_call, with_quota
from tests.factories import CallFactory, CityFactory, QuestionFactory, RuleFactory, UserFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
STOP, LOOK = Severity.STOP, Severity.LOOK


@pytest.fixture
def call() -> Call:
    return ready_call()


def found(call: Call, at: datetime = NOW) -> list[tuple[Severity, str, str]]:
    fresh = Call.objects.get(pk=call.pk)
    return [(point.severity, point.part, point.sentence) for point in preflight(fresh, at)]


def said(call: Call, severity: Severity, part: str, words: str, at: datetime = NOW) -> bool:
    return any(row[:2] == (severity, part) and words in row[2] for row in found(call, at))


def test_a_draft_that_is_ready_has_no_point(call):
    assert found(call) == []


CHANGES = [
    (
        {"closes_at": NOW - timedelta(days=1), "opens_at": NOW - timedelta(days=9)},
        STOP,
        "dates",
        "has passed",
    ),
    ({"opens_at": NOW - timedelta(days=9)}, LOOK, "dates", "opening has passed"),
    ({"questions_until": CLOSES + timedelta(hours=1)}, STOP, "dates", "after the call has closed"),
    ({"questions_until": OPENS}, LOOK, "dates", "nobody can ask"),
    ({"review_due_at": CLOSES}, STOP, "settings", "Reviews are due before"),
    ({"discussion_at": OPENS}, LOOK, "settings", "discussion begins before"),
    ({"closes_at": datetime(2027, 4, 11, 10, tzinfo=UTC)}, LOOK, "dates", "is a Sunday"),
    ({"closes_at": datetime(2027, 5, 6, 10, tzinfo=UTC)}, LOOK, "dates", "public holiday: Ascension Day"),
    # the clock is put back on 31 October 2027: 02:30 comes twice
    ({"closes_at": datetime(2027, 10, 31, 0, 30, tzinfo=UTC)}, LOOK, "dates", "twice"),
    ({"closes_at": datetime(2027, 10, 31, 1, 30, tzinfo=UTC)}, LOOK, "dates", "the second time"),
    ({"closes_at": datetime(2027, 3, 28, 10, tzinfo=UTC)}, LOOK, "dates", "clock is changed on 28 March"),
    ({"process": "cut_offs"}, STOP, "cut_offs", "Add the first one"),
    ({"process": "two_sides"}, STOP, "sides", "fewer are named"),
    ({"languages": ["en", "sv", "pl"]}, STOP, "texts", "Polish is missing"),
    ({"languages": ["en", "sv", "pl"]}, LOOK, "rules", "Not in Polish"),
    ({"languages": ["en", "sv", "pl"]}, LOOK, "form", "“Summary”, “What changes?”, “Who takes part?”"),
    ({"languages": ["en", "sv", "pl"]}, LOOK, "milestones", "“Results”"),
    ({"languages": ["en", "sv", "pl"]}, LOOK, "criteria", "does not say in Polish"),
    ({"kind": "pairing", "process": "pairing"}, LOOK, "quotas", "finds no pair"),
    ({"admits": "invited"}, LOOK, "about", "no earlier stage"),
]


@pytest.mark.parametrize(("fields", "severity", "part", "words"), CHANGES)
def test_fields_of_the_call(call, fields, severity, part, words):
    Call.objects.filter(pk=call.pk).update(**fields)
    assert said(call, severity, part, words), found(call)


def test_texts_that_lack_something(call):
    call.texts.filter(language="sv").update(body=" ")
    assert said(call, STOP, "texts", "Swedish lacks: text")
    call.texts.filter(language="sv").update(body="Skriv.")
    call.texts.filter(language="en").update(money="Up to 500,000")
    assert said(call, LOOK, "texts", "Swedish lacks: money")
    call.texts.update(authoritative=False)
    assert said(call, STOP, "texts", "exactly one")


def test_words_missing_where_they_decide_stop(call):
    call.milestones.update(labels={"sv": "Besked"})
    assert said(call, STOP, "milestones", "Not in English: “Besked”")
    call.milestones.update(labels={"en": "Results"})
    assert said(call, LOOK, "milestones", "Not in Swedish: “Results”")


def test_options_and_hints_have_words_too(call):
    question = call.sections.get().questions.first()
    options = [{"value": "yes", "label": {"en": "Yes", "sv": "Ja"}}, {"value": "no", "label": {"en": "No"}}]
    question.type, question.options, question.hints = "choice", options, {"en": "Choose."}
    question.save()
    assert said(call, LOOK, "form", "Not in Swedish: “hint of What changes?”, “no”")


def test_years_of_the_last_round(call):
    Call.objects.update(predecessor=CallFactory(slug="before"))
    call.texts.filter(language="en").update(body="Apply in 2026 for a start in 2027.")
    assert said(call, LOOK, "texts", "earlier years: 2026. ")


@pytest.mark.parametrize(
    ("change", "severity", "words"),
    [
        (lambda call: call.criteria.filter(key="plan").update(weight=41), STOP, "Now they are 101"),
        (lambda call: call.criteria.filter(key="plan").update(labels={}), STOP, "Not in English"),
        (
            lambda call: call.criteria.filter(key="plan").update(anchors={"en": {"0": "None", "5": "All"}}),
            LOOK,
            "“Plan” does not say in English what a score means: 3",
        ),
        (lambda call: call.criteria.all().delete(), LOOK, "nothing to score by"),
    ],
)
def test_criteria(call, change, severity, words):
    change(call)
    assert said(call, severity, "criteria", words), found(call)


def test_a_rule_that_nobody_meets(call):
    rule = RuleFactory(call=call, kind="lead_country", parameters={"countries": ["BT"]}, clauses={})
    assert said(call, STOP, "rules", "No city of the register meets this rule")
    CityFactory(name="Thimphu", country="BT")
    assert said(call, STOP, "rules", "all hard rules together")
    rule.hard = False
    rule.save()
    assert found(call) == []


def test_bounds_that_contradict_each_other_leave_nobody(call):
    CityFactory(name="Lund", country="SE", population=90_000)
    City.objects.filter(name="Ale").update(population=40_000)
    for kind, bound in (("population_minimum", 80_000), ("population_maximum", 50_000)):
        asked = {"inhabitants": bound, "who": "lead", "combined": False}
        parameters = {name: value for name, value in asked.items() if name in KINDS[kind].expects}
        RuleFactory(call=call, kind=kind, parameters=parameters, clauses={})
    assert said(call, STOP, "rules", "all hard rules together"), found(call)


def test_an_unsound_rule_is_named_and_nothing_breaks(call):
    RuleFactory(call=call, kind="lead_country", parameters={}, clauses={})
    assert said(call, STOP, "rules", "is not complete")


def test_a_document_that_no_question_asks_for(call):
    parameters = {"document": "letter", "from_each_party": False}
    RuleFactory(call=call, kind="document_required", parameters=parameters, clauses={})
    assert said(call, STOP, "form", "document that the form does not ask for")
    QuestionFactory(
        section=call.sections.get(), key="letter", type="file", labels={"en": "Letter", "sv": "Brev"}
    )
    assert found(call) == []


def test_a_fact_that_no_question_feeds(call):
    RuleFactory(call=call, kind="declared", parameters={"fact": "planning_tool"}, clauses={})
    assert said(call, LOOK, "form", "No question of the form feeds")
    call.sections.get().questions.filter(key="who").update(fact="declared:planning_tool")
    assert found(call) == []


def test_rules_against_the_money_of_the_call(call):
    Call.objects.update(maximum_amount=100_000)
    rule = {"minimum": 200_000, "maximum": 300_000, "currency": "SEK", "per_year": False}
    parameters = {key: value for key, value in rule.items() if key in KINDS["amount_between"].expects}
    RuleFactory(call=call, kind="amount_between", parameters=parameters, clauses={})
    assert said(call, STOP, "rules", "more money than the call gives")


def test_quota_sums_and_floors(call):
    Call.objects.update(places=3)
    quota = with_quota(call, places=2)
    assert said(call, LOOK, "quotas", "hold 2 places, and the call has 3")
    quota.places = quota.minimum = 4
    quota.save()
    assert said(call, STOP, "quotas", "promise 4 places at least, but the call has 3")
    assert said(call, STOP, "quotas", "wants 4 cities at least, but 1 there can apply")


def test_nested_quotas_are_fine_and_crossing_ones_are_not(call):
    Call.objects.update(places=5)
    with_quota(call, places=5, countries=["SE", "NO"])
    inner = with_quota(call, places=2, countries=["SE"])
    assert found(call) == []
    inner.countries = ["SE", "DK"]
    inner.save()
    assert said(call, STOP, "quotas", "share SE")


def test_a_pairing_has_two_sides(call):
    Call.objects.update(kind="pairing", process="pairing", places=2)
    with_quota(call)
    assert said(call, STOP, "quotas", "both sides")
    Call.objects.update(places=5)
    with_quota(call, side="abroad", countries=["JP"], places=3)
    assert said(call, LOOK, "quotas", "2 places at home and 3 abroad")


def test_sides_without_people(call):
    Call.objects.update(process="two_sides")
    sides = [Side.objects.create(call=call, key=key, labels={"en": key, "sv": key}) for key in ("a", "b")]
    sides[0].members.add(UserFactory(is_staff=True))
    assert [row[2] for row in found(call)] == ["Nobody decides for “b” yet."]


def test_milestones_before_the_deadline_and_cut_offs_that_passed(call):
    Milestone.objects.update(planned_on=date(2027, 2, 3))
    assert said(call, LOOK, "milestones", "“Results”")
    Call.objects.update(process="cut_offs")
    CutOff.objects.create(call=call, at=NOW - timedelta(days=1))
    assert said(call, STOP, "cut_offs", "has passed")


def test_partners_that_agree_to_nothing(call):
    Call.objects.update(consent_required=True)
    call.sections.get().questions.update(material=False)
    assert said(call, LOOK, "form", "Partners agree before submission, but to no question")
    call.sections.all().delete()
    assert said(call, LOOK, "form", "no form here")


def test_holidays_are_named_in_the_readers_language():
    assert country_of_zone("Europe/Stockholm") == "SE"
    assert country_of_zone("UTC") == ""
    assert holiday_on(date(2027, 6, 26), "SE") == "Midsummer Day"
    with translation.override("sv"):
        assert holiday_on(date(2027, 6, 26), "SE") == "Midsommardagen"
    assert holiday_on(date(2027, 6, 28), "SE") == ""
    assert holiday_on(date(2027, 6, 26), "ZZ") == ""


@pytest.mark.parametrize("count", [1, 3, 20])
def test_the_preflight_asks_no_more_of_a_longer_call(call, count, django_assert_num_queries):
    Criterion.objects.filter(call=call).delete()
    for number in range(count):
        RuleFactory(call=call)
        QuestionFactory(section=call.sections.get())
        call.milestones.create(key=f"m{number}", labels={"en": "M"})
        call.criteria.create(key=f"c{number}", labels={"en": "C"}, weight=1)
        Side.objects.create(call=call, key=f"s{number}", labels={"en": "S"})
    fresh = Call.objects.get(pk=call.pk)
    with django_assert_num_queries(16):
        preflight(fresh, NOW)


@pytest.mark.parametrize(
    ("audience", "words"),
    [
        (Audience.DRAFT, "not reminded of the deadline"),
        (Audience.CONSENT, "waits for the consent of a partner"),
        (Audience.REVIEW, "Reviewers who are late"),
    ],
)
def test_whoever_hears_nothing_is_named(call, audience, words):
    Call.objects.filter(pk=call.pk).update(consent_required=True)
    assert not said(call, LOOK, "reminders", words)

    call.reminders.filter(audience=audience).update(active=False)

    assert said(call, LOOK, "reminders", words)


def test_a_reminder_before_the_call_opens_reaches_nobody(call):
    early = (call.closes_at - call.opens_at).days + 1
    call.reminders.create(audience=Audience.DRAFT, days=early)
    call.reminders.create(audience=Audience.DOCUMENT, days=early)

    assert said(call, LOOK, "reminders", f"The reminder {early} days before the deadline comes before")
