"""The demo programmes are complete: every language, every rule sound, every form usable."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from calls.eligibility.registry import check_parameters
from calls.models.form import QuestionType
from calls.queries.known_answers import READERS
from partnerships.matching.criteria import CRITERIA

FOLDER = Path(__file__).parents[2] / "calls" / "demo" / "data" / "programmes"
LANGUAGES = {
    "MC": {"es", "pt-br", "en"},
    "ICLD": {"sv", "en"},
    "ICP": {"en", "ca"},
    "IUC": {"en", "pl"},
    "MET": {"en", "es"},
}
THEMES = {
    *("governance", "culture", "resilience", "inclusion", "gender", "youth", "migration", "care"),
    *("climate-adaptation", "energy-transition", "air-quality", "circular-economy", "waste", "water"),
    *("mobility", "smart-city", "heritage", "employment", "health", "housing", "public-space", "safety"),
    *("food", "education", "participation", "transparency", "accountability", "equity", "logistics"),
    *("skills", "environment"),
}
TYPES = set(QuestionType.values)
FACTS = {"amount", "total_cost", "duration_months", "themes", "starts_on"}
SETTINGS = {
    "budget": {"rows", "sources", "categories"},
    "activities": {"rows", "kinds"},
    "team": {"rows", "roles", "minimum", "maximum"},
    "file": {"sort", "each_party", "at_most", "accepts", "due_after_days", "signed", "functions"},
}
TEXT_FIELDS = {"title", "summary", "body", "with_whom", "money", "duration"}

PROGRAMMES = {
    pack["programme"]["code"]: pack
    for pack in (tomllib.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.toml")))
}
BY_SLUG = {call["slug"]: call for pack in PROGRAMMES.values() for call in pack["calls"]}
# An invented round, to try things, has the rules and quotas of a real call.
PARTS = ("rules", "quotas", "pairing")


def with_parts(call: dict) -> dict:
    shared = BY_SLUG[call.get("parts_from", call["slug"])]
    return {**{key: shared[key] for key in PARTS if key in shared}, **call}


CALLS = [(code, with_parts(call)) for code, pack in PROGRAMMES.items() for call in pack["calls"]]
every_call = pytest.mark.parametrize(("code", "call"), CALLS, ids=list(BY_SLUG))


def sections_of(call: dict) -> list[dict]:
    return BY_SLUG[call.get("sections_from", call["slug"])]["sections"]


def questions_of(call: dict) -> list[dict]:
    return [question for section in sections_of(call) for question in section["questions"]]


def localised(call: dict) -> Iterator[dict]:
    """Every table of the call that holds one text per language."""
    yield from (rule["clause"] for rule in call.get("rules", []))
    yield from (item["label"] for key in ("quotas", "milestones", "criteria") for item in call.get(key, []))
    yield from (item["anchors"] for item in call.get("criteria", []))
    yield from (item["reason"] for item in call.get("amendments", []))
    yield from (section["title"] for section in sections_of(call))
    for question in questions_of(call):
        yield question["label"]
        yield question["hint"]
        yield from (option["label"] for option in question.get("options", []))
        for rows in question.get("settings", {}).values():
            if isinstance(rows, list):
                yield from (row["label"] for row in rows if isinstance(row, dict))


def words(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from words(item)
    elif isinstance(value, list):
        for item in value:
            yield from words(item)


def test_five_programmes_with_unique_call_addresses():
    assert set(PROGRAMMES) == set(LANGUAGES)
    assert len(BY_SLUG) == len(CALLS)


@pytest.mark.parametrize("code", LANGUAGES)
def test_programme_is_complete_in_every_language(code):
    programme = PROGRAMMES[code]["programme"]
    for table in (
        programme["name"],
        programme["summary"],
        programme["objectives"],
        *programme["action_lines"],
    ):
        assert set(table) == LANGUAGES[code]
        assert all(words(table))
    assert ZoneInfo(programme["zone"])
    assert set(programme["themes"]) <= THEMES
    assert set(programme["languages"]) == LANGUAGES[code]


@pytest.mark.parametrize("code", LANGUAGES)
def test_one_current_edition_of_each_sort(code):
    sorts = Counter((call["kind"], call["process"]) for call in PROGRAMMES[code]["calls"] if call["current"])
    assert sorts
    assert set(sorts.values()) == {1}
    assert any(not call["current"] for call in PROGRAMMES[code]["calls"])


@every_call
def test_texts_are_complete_in_every_language(code, call):
    assert set(call["texts"]) == LANGUAGES[code]
    assert call["authoritative"] in call["texts"]
    for text in call["texts"].values():
        assert set(text) == TEXT_FIELDS
        assert all(len(text[field]) <= 250 for field in ("title", "with_whom", "money", "duration"))
        assert (30 if call.get("invented") else 120) <= len(text["body"].split()) <= 250
    for table in localised(call):
        assert set(table) == LANGUAGES[code], table


@every_call
def test_dates_are_either_real_or_relative_to_today(code, call):
    relative = "opens_in_days" in call
    assert relative == (call["current"] or call.get("invented", False))
    assert ZoneInfo(call["zone"])
    if relative and "closes_in_days" in call:
        assert call["opens_in_days"] < call["closes_in_days"]
        assert time.fromisoformat(call["closes_time"])
    elif relative:
        assert call["rolling"]
    else:
        assert datetime.fromisoformat(call["opens"]) < datetime.fromisoformat(call["closes"])
    for milestone in call.get("milestones", []):
        assert ("planned_in_days" in milestone) == relative
        assert all(date.fromisoformat(milestone[key]) for key in ("planned", "actual") if key in milestone)


@every_call
def test_references_lead_to_calls_of_the_same_programme(code, call):
    slugs = {other["slug"] for other in PROGRAMMES[code]["calls"]}
    named = {call[key] for key in ("predecessor", "promotes_to", "sections_from") if key in call}
    assert named <= slugs - {call["slug"]}


@every_call
def test_rules_are_sound_and_quote_a_source(code, call):
    assert call["rules"]
    for rule in call["rules"]:
        assert check_parameters(rule["kind"], rule["parameters"]) == [], rule
        assert isinstance(rule["hard"], bool)
        assert rule["source"]
        assert 0 < len(rule["version"]) <= 20
        if rule["kind"] == "themes":
            assert set(rule["parameters"]["allowed"]) <= THEMES
    assert set(call["themes"]) <= THEMES


@every_call
def test_form_is_usable(code, call):
    sections, questions = sections_of(call), questions_of(call)
    assert 3 <= len(sections) <= 5
    assert 8 <= len(questions) <= 18
    assert len({section["key"] for section in sections}) == len(sections)
    for section in sections:
        assert len({question["key"] for question in section["questions"]}) == len(section["questions"])
    for question in questions:
        assert question["type"] in TYPES
        assert isinstance(question["required"], bool)
        assert ("limit" in question) == (question["type"] in {"text", "long_text"}), question["key"]
        assert ("options" in question) == (question["type"] in {"choice", "choices"}), question["key"]
        assert set(question.get("settings", {})) <= SETTINGS.get(question["type"], set())
        fact = question.get("fact", "themes")
        assert fact in FACTS or fact.startswith(("declared:", "prior_steps:"))
        assert question.get("prefill", "user.name") in READERS


@every_call
def test_each_declared_fact_is_asked(code, call):
    asked = {question["fact"]: question["type"] for question in questions_of(call) if "fact" in question}
    for rule in call["rules"]:
        if rule["kind"] == "declared":
            assert asked.get(f"declared:{rule['parameters']['fact']}") == "yes_no"


@every_call
def test_each_table_and_document_a_rule_needs_is_asked(code, call):
    types = {question["type"] for question in questions_of(call)}
    steps = {question.get("fact") for question in questions_of(call)}
    for rule in call["rules"]:
        kind, parameters = rule["kind"], rule["parameters"]
        if kind in {"amount_between", "grant_share", "cost_categories", "cap_by_region_and_parties"}:
            assert "budget" in types
        if kind == "team_composition":
            asked = next(row for row in questions_of(call) if row["type"] == "team")["settings"]["roles"]
            assert {row["role"] for row in parameters["roles"]} <= {role["value"] for role in asked}
        if kind == "prior_step":
            assert f"prior_steps:{parameters['step']}" in steps
        if kind in {"signed_document", "document_required"}:
            sorts = {row["settings"]["sort"] for row in questions_of(call) if row["type"] == "file"}
            assert parameters["document"] in sorts


def test_contact_data_are_nothing_partners_agree_to():
    for _code, call in CALLS:
        for question in questions_of(call):
            if question["key"] in {"contact", "contact_email", "team", "participant"}:
                assert question["material"] is False, (call["slug"], question["key"])


@every_call
def test_weights_sum_up_and_are_labelled_as_demo_values(code, call):
    if call["current"]:
        assert sum(criterion["weight"] for criterion in call["criteria"]) == 100
    for criterion in call.get("criteria", []):
        assert criterion["demo_value"]
        assert all(set(anchors) == {"0", "3", "5"} for anchors in criterion["anchors"].values())
    if pairing := call.get("pairing"):
        assert pairing["demo_value"]
        assert sum(pairing["weights"].values()) == 100_000
        assert set(pairing["weights"]) <= set(CRITERIA)


def test_pairing_calls_have_two_sides_and_disjoint_countries():
    for _, call in CALLS:
        if "pairing" in call:
            assert {quota["side"] for quota in call["quotas"]} == {"home", "abroad"}
            countries = [country for quota in call["quotas"] for country in quota["countries"]]
            assert len(countries) == len(set(countries))


def test_figures_of_the_real_calls():
    caps = {
        (row["countries"][0], row["parties"]): row["maximum"]
        for rule in BY_SLUG["icld-projects"]["rules"]
        if rule["kind"] == "cap_by_region_and_parties"
        for row in rule["parameters"]["caps"]
    }
    assert caps == {("BA", 2): 450_000, ("BA", 3): 600_000, ("ID", 2): 500_000, ("ID", 3): 650_000}
    assert len(_rule("icld-projects-2020", "partner_country")["countries"]) == 19
    assert _rule("mercociudades-projects", "grant_share") == {"maximum_percent": 50}
    places = {q["countries"][0]: q["places"] for q in BY_SLUG["icp-cities-2021"]["quotas"]}
    assert places == {"AT": 14, "CA": 4, "ZA": 4, "SG": 1, "HK": 1, "KR": 2, "TW": 2}
    assert _rule("mercociudades-projects-2017", "amount_between")["maximum"] == 7_000


def test_ideas_are_told_with_known_themes_and_say_that_they_are_invented():
    ideas = tomllib.loads((FOLDER.parent / "ideas.toml").read_text("utf-8"))["idea"]
    for idea in ideas:
        assert set(idea["themes"]) <= THEMES
        assert 1 <= len(idea["themes"]) <= 5
        for key in ("title", "wants", "seeks"):
            assert idea[key].startswith(
                ("Demonstration: ", "Demostración: ", "Demonstração: ", "Demonstracja: ")
            )
    assert {idea["language"] for idea in ideas} >= {"en", "es", "pt-br", "pl", "sv"}


def test_voice():
    ideas = tomllib.loads((FOLDER.parent / "ideas.toml").read_text("utf-8"))
    for text in (*words(PROGRAMMES), *words(ideas)):
        assert "!" not in text
        assert "successfully" not in text.lower()
        assert "please" not in text.lower()


def _rule(slug: str, kind: str) -> dict:
    return next(rule["parameters"] for rule in BY_SLUG[slug]["rules"] if rule["kind"] == kind)
