"""Budgets, plans and teams in a draft's form: their lines typed in every language, and no JSON anywhere."""

import pytest
from django.test import Client

from calls.models import Call, Question, Section
from calls.queries.set_up import set_up_of
from calls.queries.table_columns import columns_of
from tests.calls.setup_world import ready_call, setter
from tests.calls.test_call_setup import address, filled
from tests.factories import QuestionFactory

pytestmark = pytest.mark.django_db

BUDGET = {
    "label_en": "Budget",
    "label_sv": "Budget",
    "categories_0_en": "Travel",
    "categories_0_sv": "Resor",
    "categories_1_en": "Passed on",
    "categories_1_passed": "on",
    "sources_0_en": "Grant",
    "sources_0_role": "grant",
    "sources_1_en": "City",
    "sources_1_role": "own",
    "rows": "4",
}


@pytest.fixture
def call() -> Call:
    return ready_call()


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(setter())
    return client


def adding(call: Call, kind: str) -> str:
    section = Section.objects.get(call=call, key="summary")
    return f"{address('setup_question_add', call.pk, section.pk)}?type={kind}"


def test_a_budget_is_set_up_by_its_categories_and_sources(desk, call):
    assert desk.post(adding(call, "budget"), BUDGET).status_code == 302
    question = Question.objects.get(key="budget")
    assert question.settings == {
        "categories": [
            {"value": "travel", "label": {"en": "Travel", "sv": "Resor"}},
            {"value": "passed-on", "label": {"en": "Passed on"}, "passed_on": True},
        ],
        "sources": [
            {"value": "grant", "label": {"en": "Grant"}, "role": "grant"},
            {"value": "city", "label": {"en": "City"}, "role": "own"},
        ],
        "rows": 4,
    }
    assert [column.key for column in columns_of(question, {})][-2:] == ["amount-grant", "amount-city"]


def test_plans_and_teams_are_set_up_too(desk, call):
    plan = {"label_en": "Plan", "kinds_0_en": "Visit", "kinds_0_sv": "Besök"}
    assert desk.post(adding(call, "activities"), plan).status_code == 302
    assert Question.objects.get(key="plan").settings == {
        "kinds": [{"value": "visit", "label": {"en": "Visit", "sv": "Besök"}}]
    }
    team = {"label_en": "Team", "roles_0_en": "Leader", "minimum": "2", "maximum": "5", "asks": ["age"]}
    assert desk.post(adding(call, "team"), team).status_code == 302
    assert Question.objects.get(key="team").settings == {
        "roles": [{"value": "leader", "label": {"en": "Leader"}}],
        "minimum": 2,
        "maximum": 5,
        "asks": ["age"],
    }


def test_a_budget_that_nobody_touched_stays_and_a_line_keeps_its_value(desk, call):
    settings = {
        "categories": [{"value": "t", "label": {"en": "Travel", "fr": "Voyages"}, "hint": "kept"}],
        "sources": [
            {"value": "g", "label": {"en": "Grant"}, "role": "grant"},
            {"value": "x", "label": {"en": "X"}},
        ],
        "rows": 2,
        "unknown": {"kept": True},
    }
    question = QuestionFactory(section=Section.objects.get(), key="money", type="budget", settings=settings)
    page, before = address("setup_question", call.pk, question.pk), set_up_of(call)
    assert desk.post(page, filled(desk, page)).status_code == 302
    assert set_up_of(Call.objects.get(pk=call.pk)) == before
    typed = {**filled(desk, page), "categories_0_en": "Trips", "sources_1_en": ""}
    assert desk.post(page, typed).status_code == 302
    question.refresh_from_db()
    assert question.settings["categories"] == [
        {"value": "t", "label": {"en": "Trips", "fr": "Voyages"}, "hint": "kept"}
    ]
    assert [row["value"] for row in question.settings["sources"]] == ["g"]


@pytest.mark.parametrize(
    ("kind", "typed", "sentence"),
    [
        ("budget", {"categories_0_en": "Travel"}, "Name at least one source"),
        ("budget", {"sources_0_en": "Grant", "sources_0_role": "loan"}, "Select a valid choice"),
        ("budget", {"sources_0_en": "Grant", "rows": "-1"}, "greater than or equal to 0"),
        ("budget", {"sources_0_en": "x" * 251}, "at most 250 characters"),
        ("activities", {"kinds_0_en": "a\x00b"}, "Null characters are not allowed"),
        ("team", {"minimum": "5", "maximum": "2"}, "The least is more than the most"),
        ("team", {"asks": ["shoe_size"]}, "Select a valid choice"),
        ("team", {"maximum": "many"}, "Enter a whole number"),
    ],
)
def test_bad_lines_are_refused_in_words_and_nothing_is_kept(desk, call, kind, typed, sentence):
    before = set_up_of(call)
    response = desk.post(adding(call, kind), {"label_en": "Table", **typed})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert set_up_of(Call.objects.get(pk=call.pk)) == before


def test_a_page_whose_row_was_removed_keeps_what_was_typed(desk, call):
    question = Question.objects.get(key="who")
    page = address("setup_question", call.pk, question.pk)
    shown = {"kind": question.type, "section": question.section_id}
    assert all(
        f'name="{name}" value="{value}"' in desk.get(page).content.decode() for name, value in shown.items()
    )
    typed = {**filled(desk, page), **shown, "label_en": "Who is in it?"}
    question.delete()
    refused = desk.post(page, typed)
    assert refused.status_code == 409
    assert "Who is in it?" in refused.content.decode()
    assert desk.post(refused.context["again"], typed).status_code == 302
    assert Question.objects.get(key="who-is-in-it").labels["en"] == "Who is in it?"
    assert desk.get(page).status_code == 404


def test_a_section_or_part_that_was_removed_keeps_what_was_typed_too(desk, call):
    milestone, section = call.milestones.get(), Section.objects.get()
    for row, page, typed in (
        (milestone, address("setup_row", call.pk, "milestones", milestone.pk), {"labels_en": "Verdict"}),
        (section, address("setup_section", call.pk, section.pk), {"title_en": "Verdict"}),
    ):
        data = {**filled(desk, page), **typed}
        row.delete()
        refused = desk.post(page, data)
        assert refused.status_code == 409
        assert 'value="Verdict"' in refused.content.decode()
        assert desk.post(refused.context["again"], data).status_code == 302
    assert call.milestones.get().labels["en"] == Section.objects.get().titles["en"] == "Verdict"
    assert desk.post(address("setup_row", call.pk, "milestones", 0), {}).status_code == 404


def test_whether_the_reserve_list_is_published_is_a_setting(desk, call):
    page = address("setup_settings", call.pk)
    assert desk.post(page, {**filled(desk, page), "reserve_public": "on"}).status_code == 302
    call.refresh_from_db()
    assert call.reserve_public is True
