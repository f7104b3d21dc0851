"""Rules, findings and verdicts in words. Needs Django's languages, no database."""

import ast
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given, settings

from calls import eligibility
from calls.eligibility import KINDS, State, assess, kind_of, rule
from calls.queries.eligibility_reasons import REASONS
from calls.queries.eligibility_remedies import REMEDIES
from calls.queries.eligibility_rules_in_words import WORDINGS
from calls.queries.eligibility_wording import Vocabulary, word_finding, word_rule, word_verdict

from .cases_parties import PARTIES
from .cases_projects import PROJECTS
from .samples import ALE, GABORONE, GHANZI, ICLD, ICLD_CAPS, ICLD_COUNTRIES, ROSARIO, SANTA_FE, facts
from .strategies import cases
from .test_kinds import CASES

ABOVE_50 = {"inhabitants": 50_000, "combined": False}
NAMES = Vocabulary(themes={"equity": "equity and inclusion"}, networks={"mercociudades": "Mercociudades"})


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("kind", "parameters", "words"),
    [
        ("lead_country", {"countries": ["SE"]}, "The lead is in Sweden"),
        ("lead_country", {"countries": ["AR", "XK", "UY"]}, "The lead is in Argentina, Kosovo or Uruguay"),
        ("partner_country", {"countries": ICLD_COUNTRIES}, "Every partner is in one of 19 countries"),
        ("distinct_countries", {"minimum": 2}, "The parties are in at least 2 countries"),
        ("lead_kind", {"kinds": ["municipality", "region"]}, "The lead is a municipality or region"),
        ("partner_count", {"minimum": 1, "maximum": 2}, "1 to 2 partners take part"),
        ("partner_count", {"minimum": 1, "maximum": None}, "At least 1 partner takes part"),
        ("population_minimum", ABOVE_50, "The lead has at least 50,000 inhabitants"),
        (
            "network_member",
            {"networks": ["mercociudades"], "who": "all"},
            "Every party is a member of Mercociudades",
        ),
        (
            "amount_between",
            {"minimum": None, "maximum": 10_000, "currency": "USD"},
            "The amount is at most USD 10,000",
        ),
        ("grant_share", {"maximum_percent": 50}, "The grant covers at most 50 % of the total cost"),
        (
            "duration_months",
            {"minimum": 12, "maximum": 30},
            "The project lasts at least 1 year and at most 30 months",
        ),
        (
            "themes",
            {"allowed": ["equity", "air-quality"], "minimum": 1, "maximum": 2},
            "At least 1 of these themes: equity and inclusion or air quality",
        ),
        ("declared", {"fact": "planning_tool_completed"}, "The planning tool is completed first"),
        ("declared", {"fact": "sister_city"}, "Sister city"),
    ],
)
def test_rule_in_words(kind, parameters, words):
    assert word_rule(rule(kind, parameters), NAMES) == words


def test_a_soft_population_is_a_preference():
    assert word_rule(rule("population_minimum", ABOVE_50, hard=False)) == (
        "Cities of at least 50,000 inhabitants are preferred"
    )


def test_every_kind_has_words():
    assert set(WORDINGS) == set(KINDS)


def test_every_message_and_remedy_of_the_cases_has_words():
    for kind, parameters, known, _state, _code in CASES:
        finding = kind_of(rule(kind, parameters)).assess(facts(**known))
        assert finding.message.code in REASONS
        assert finding.remedy is None or finding.remedy.code in REMEDIES
        text = word_finding(finding)
        assert text.headline
        assert text.seen
        assert finding.state is State.PASS or text.reason
        assert finding.remedy is None or text.remedy
        for sentence in (text.headline, text.reason, text.seen, text.remedy):
            assert "%" not in sentence.replace(" % of", "").replace(" %.", "")


@pytest.mark.parametrize(("kind", "parameters", "known", "state", "code", "words"), [*PARTIES, *PROJECTS])
def test_the_remedy_says_what_to_do(kind, parameters, known, state, code, words):
    finding = kind_of(rule(kind, parameters)).assess(facts(**known))
    assert word_finding(finding).remedy == words


def codes_of_the_engine():
    """Every code that a module of the engine gives to a Message."""
    for module in Path(eligibility.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(module.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Message" and node.args:
                if isinstance(node.args[0], ast.JoinedStr):  # in `each_within`, of a country or a kind
                    yield from ("country_outside", "kind_outside")
                else:
                    yield from (
                        each.value for each in ast.walk(node.args[0]) if isinstance(each, ast.Constant)
                    )


def test_every_code_of_the_engine_has_words_and_no_words_are_left_over():
    assert set(codes_of_the_engine()) == set(REASONS) | set(REMEDIES)
    assert not set(REASONS) & set(REMEDIES)


@given(cases())
@settings(max_examples=100, deadline=None)
def test_every_finding_can_be_said(case):
    one, _full, partial = case
    finding = kind_of(one).assess(partial)
    text = word_finding(finding)
    assert text.headline
    assert text.seen
    assert bool(text.reason) == (finding.state is not State.PASS or finding.message.code != "met")
    assert bool(text.remedy) == (finding.remedy is not None)
    assert "%(" not in "".join((text.headline, text.reason, text.seen, text.remedy))


@pytest.mark.parametrize(
    ("lead", "partners", "words"),
    [
        (ALE, (), "Ale can apply with a partner in one of 19 countries. 3 points are still open."),
        (ALE, (GHANZI, GABORONE), "Ale can apply with Ghanzi and Gaborone once 4 open points are settled."),
        (ALE, (ROSARIO,), "Ale cannot apply with Rosario. Another choice of partners would change that."),
        (ROSARIO, (GHANZI,), "Rosario cannot lead this application: 1 rule is not met."),
    ],
)
def test_verdict_in_words(lead, partners, words):
    assessment = assess(ICLD, facts(lead=lead, partners=partners))
    assert word_verdict(assessment, lead.name, [city.name for city in partners]) == words


def test_verdict_when_all_is_known():
    places = ICLD[:4]
    assert word_verdict(assess(places, facts(lead=ALE)), "Ale") == (
        "Ale can apply with a partner in one of 19 countries."
    )
    assessment = assess(places, facts(lead=ALE, partners=(GHANZI,)))
    assert word_verdict(assessment, "Ale", ["Ghanzi"]) == "Ale can apply with Ghanzi."
    soft = rule("population_minimum", ABOVE_50, hard=False)
    assert word_verdict(assess([soft], facts(lead=ALE)), "Ale") == "Ale can apply. 1 rule asks for caution."
    assert word_verdict(assess([], facts()), "") == "Choose a city to see whether it can apply."


def test_verdict_when_the_project_falls_short():
    years = rule("duration_months", {"minimum": 12, "maximum": 36})
    assessment = assess([years, ICLD[-1]], facts(lead=ALE, partners=(GHANZI,), duration_months=6))
    assert word_verdict(assessment, "Ale", ["Ghanzi"]) == (
        "Not yet. Ale can apply with Ghanzi once 1 more rule is met. 1 point is still open."
    )


def test_finding_in_words():
    soft = rule("population_minimum", ABOVE_50, hard=False)
    text = word_finding(kind_of(soft).assess(facts(lead=ALE)))
    assert (text.state_label, text.seen, text.source) == ("Caution", "Ale: 32,000", "Statistics Sweden 2023")
    assert text.reason == "Ale has 32,000 inhabitants."
    assert text.remedy == "This does not exclude Ale. Say in the application why it takes part."


def test_cap_in_words():
    known = facts(partners=(GHANZI, GABORONE), amount=Decimal(1_224_800), currency="SEK", duration_months=24)
    text = word_finding(kind_of(rule("cap_by_region_and_parties", ICLD_CAPS)).assess(known))
    assert (text.reason, text.seen) == ("3 parties: up to SEK 650,000.", "SEK 612,400 per year")


def test_a_missing_second_country_in_words():
    two = rule("distinct_countries", {"minimum": 2})
    text = word_finding(kind_of(two).assess(facts(lead=ROSARIO, partners=(SANTA_FE,))))
    assert (text.state_label, text.reason, text.seen) == ("Not met", "1 of 2.", "Argentina")
    assert text.remedy == "Add a partner from 1 more country."


def test_a_waiver_gives_its_reason():
    assessment = assess([rule("population_minimum", ABOVE_50)], facts(lead=ALE), waivers={0: "Pilot city"})
    text = word_finding(assessment.findings[0])
    assert (text.state_label, text.reason, text.remedy) == ("Waived", "Pilot city", "")
