"""Questions that are tables: read by cell, kept as rows, shown, judged, added up, and fed to the rules."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calls.forms.section import posted_as, section_form
from calls.forms.tables import rearranged
from calls.models import Application, ApplicationPartner, Question
from calls.queries.answered_facts import answered_facts
from calls.queries.answers import is_blank, problem_of, problems_of, sections_of, shown
from calls.queries.budget import sums_of
from calls.queries.question_terms import terms_of
from calls.queries.table_columns import columns_of
from calls.queries.table_problems import table_problems
from calls.queries.tables import table_of
from tests.calls.worlds import small_world
from tests.factories import (
    ApplicationFactory,
    CityFactory,
    OrganisationFactory,
    QuestionFactory,
    SectionFactory,
)

pytestmark = pytest.mark.django_db
PARTIES = {"lead": "Ale", "gaborone-bw": "Gaborone"}


def option(value: str, **more) -> dict:
    return {"value": value, "label": {"en": value.capitalize()}, **more}


SETTINGS = {
    "budget": {
        "categories": [option("travel"), option("training", passed_on=True)],
        "sources": [option("sida", role="grant"), option("own", role="own")],
    },
    "activities": {"kinds": [option("visit"), option("workshop")]},
    "team": {"roles": [option("official"), option("politician")], "minimum": 2, "maximum": 3},
}
LINE = {
    "category": "travel",
    "what": "Trains",
    "party": "lead",
    "amount-sida": "1000",
    "amount-own": "1000.50",
}


@pytest.fixture
def application():
    """An application of Ale with Gaborone, with a section of tables."""
    ale = CityFactory(name="Ale", slug="ale-se")
    made = ApplicationFactory(lead=OrganisationFactory(city=ale))
    gaborone = CityFactory(name="Gaborone", slug="gaborone-bw", country="BW")
    ApplicationPartner.objects.create(application=made, city=gaborone)
    section = SectionFactory(call=made.call)
    for place, (kind, said) in enumerate(SETTINGS.items()):
        QuestionFactory(
            section=section, key=kind, type=kind, settings=said, labels={"en": f"The {kind}"}, position=place
        )
    return made


def asked(application, key: str) -> Question:
    return sections_of(application)[0].questions.get(key=key)


def form_with(application, **cells):
    """The section's form with posted cells: `budget__0__what="Trains"`."""
    data = QueryDict(mutable=True)
    for name, typed in cells.items():
        data[f"answer-{name.replace('__', '-').replace('_of_', '-')}"] = typed
    return section_form(sections_of(application)[0], application, data)


def test_a_line_is_kept_without_its_empty_cells(application):
    form = form_with(
        application, budget__0__category="travel", budget__0__what=" Trains ", budget__0__party="gaborone-bw",
        budget__0__amount_of_sida="12 000,50", budget__1__what="", budget__7__what="Rooms",
    )  # fmt: skip
    assert form.is_valid(), form.errors
    assert form.answers["budget"] == [
        {"category": "travel", "what": "Trains", "party": "gaborone-bw", "amount-sida": "12000.50"},
        {"what": "Rooms"},
    ]
    assert form.answers["team"] is None


@pytest.mark.parametrize(
    ("cell", "typed", "sentence"),
    [
        ("budget__0__amount_of_own", "-5", "Line 1, Own: “-5” is not a number."),
        ("budget__0__party", "atlantis", "Line 1, Party: Choose one of the answers in the list."),
        ("activities__4__from", "2027-02-30", "Line 1, First day: “2027-02-30” is not a date."),
        ("team__0__role", "king", "Line 1, Role: Choose one of the answers in the list."),
        ("team__0__name", "x" * 1_001, "Line 1, Name: This text has 1,001 characters"),
    ],
)
def test_what_cannot_be_read_names_line_and_column_and_stays(application, cell, typed, sentence):
    form = form_with(application, **{cell: typed})
    assert not form.is_valid()
    field = form[cell.partition("__")[0]]
    (anchor, said), *_more = field.error_links
    assert said.startswith(sentence)
    assert anchor.startswith(f"id_answer-{field.name}-0-")
    assert typed in [drawn.value for drawn in field.lines[0].cells]


def test_a_party_that_left_stays_in_its_line_and_keeps_from_submitting(application):
    kept = [{**LINE, "party": "maun-bw"}]
    application.answers = {"budget": kept}
    form = form_with(application, budget__0__party="maun-bw", budget__0__what="Trains")
    assert form.is_valid()
    assert "maun-bw" in [value for value, _label in form["budget"].lines[0].cells[2].choices]
    (problem,) = [row for row in problems_of(application) if row.field == "budget"]
    assert problem.sentence == "“The budget”, line 1: “maun-bw” is no longer offered. Choose again."
    assert problem.anchor == "id_answer-budget-0-party"


@pytest.mark.parametrize(
    ("key", "row", "sentence"),
    [
        ("budget", {"what": "x", "party": "lead", "amount-sida": "1"}, "fill in “Category”"),
        ("budget", {"category": "travel", "what": "x", "party": "lead"}, "write an amount"),
        ("budget", {**LINE, "category": "gold"}, "“gold” is no longer offered"),
        (
            "activities",
            {"what": "x", "kind": "visit", "where": "lead", "from": "2027-03-02", "to": "2027-03-01"},
            "the last day is before the first",
        ),
        ("activities", {"what": "100 %", "kind": "50 %", "where": "online"}, "“50 %” is no longer offered"),
        (
            "team",
            {"name": "A", "function": "B", "side": "lead", "role": "official", "email": "nobody"},
            "“nobody” is no e-mail address",
        ),
    ],
)
def test_what_keeps_a_line_from_being_submitted(application, key, row, sentence):
    found = table_problems(asked(application, key), [row], PARTIES)
    assert any(sentence in each.sentence for each in found), found
    assert all(each.sentence.startswith(f"“The {key}”") for each in found)


def test_a_complete_table_keeps_nothing_back(application):
    assert problem_of(asked(application, "budget"), [LINE], PARTIES) is None
    assert problem_of(asked(application, "budget"), []) is None


def test_people_are_counted_on_each_side(application):
    person = {"name": "A", "function": "B", "role": "official"}
    rows = [{**person, "side": "lead"}] * 4 + [{**person, "side": "gaborone-bw"}]
    said = [row.sentence for row in table_problems(asked(application, "team"), rows, PARTIES)]
    assert said == [
        "“The team” names 4 people of Ale; at most 3 may be named.",
        "“The team” names 1 person of Gaborone; at least 2 are needed.",
    ]


def test_sums_are_exact():
    columns = columns_of(Question(type="budget", settings=SETTINGS["budget"]), PARTIES)
    cent = {**LINE, "amount-sida": "0.10", "amount-own": "0.20"}
    sums = sums_of(columns, [cent] * 3 + [{**LINE, "party": "gaborone-bw", "amount-own": "no"}])
    assert sums.by_source == {"sida": Decimal("1000.30"), "own": Decimal("0.60")}
    assert sums.by_party["lead"] == {"sida": Decimal("0.30"), "own": Decimal("0.60")}
    assert (sums.total, sums.grant, sums.local) == (Decimal("1000.90"), Decimal("1000.30"), Decimal("0.60"))


@pytest.mark.parametrize(
    ("grant", "own", "percent"), [("50", "50", "50.0"), ("500001", "499999", "50.1"), ("0", "7", "0.0")]
)
def test_a_share_just_above_a_limit_never_reads_as_the_limit(grant, own, percent):
    columns = columns_of(Question(type="budget", settings=SETTINGS["budget"]), PARTIES)
    sums = sums_of(columns, [{**LINE, "amount-sida": grant, "amount-own": own}])
    assert sums.grant_percent == Decimal(percent)
    assert sums_of(columns, []).grant_percent is None


def test_a_budget_is_shown_with_totals_and_by_party(application):
    rows = [LINE, {**LINE, "party": "gaborone-bw", "amount-sida": "500"}]
    table = table_of(asked(application, "budget"), rows, PARTIES)
    assert [head.label for head in table.header] == ["Category", "What for", "Party", "Sida", "Own", "Total"]
    assert table.rows[0] == ["Travel", "Trains", "Ale", "1,000", "1,000.50", "2,000.50"]
    assert table.totals == ["Total", "", "", "1,500", "2,001", "3,501"]
    assert table.notes == ["The grant pays 42.9 % of the whole."]
    assert table.further[0].rows[1] == ["Gaborone", "500", "1,000.50", "1,500.50"]
    assert "Trains, Ale" in shown(asked(application, "budget"), rows, {}, PARTIES)
    assert table_of(asked(application, "budget"), "an older answer", PARTIES) is None


def test_a_plan_is_drawn_in_time(application):
    rows = [
        {"what": "Visit", "kind": "visit", "where": "gaborone-bw", "from": "2027-01-01", "to": "2027-01-10"},
        {"what": "Workshop", "kind": "workshop", "where": "online", "from": "2027-01-11", "to": "2027-01-20"},
        {"what": "Later", "kind": "workshop", "where": "elsewhere"},
    ]
    table = table_of(asked(application, "activities"), rows, PARTIES)
    assert table.rows[1] == ["Workshop", "Workshop", "Online", "11 January 2027", "20 January 2027"]
    assert [(bar.start, bar.length) for bar in table.bars] == [(0, 500), (500, 500)]


def test_answers_feed_the_facts(application):
    application.answers = {
        "budget": [LINE, {**LINE, "category": "training", "amount-sida": "300"}],
        "activities": [{"what": "x", "kind": "visit", "from": "2027-01-01", "to": "2027-01-10"}],
        "team": [{"name": "A", "side": "gaborone-bw", "role": "official"}],
    }
    facts = answered_facts(application, sections_of(application))
    assert facts["amount"] == 1300
    assert facts["total_cost"] == Decimal("3301.00")
    assert facts["local_contribution"] == Decimal("2001.00")
    assert facts["passed_on"] == 300
    assert facts["costs"] == {"travel": Decimal("2000.50"), "training": Decimal("1300.50")}
    assert facts["activities"][0][:] == ("visit", date(2027, 1, 1), date(2027, 1, 10))
    assert (facts["team"][0].side, facts["team"][0].role) == ("Gaborone", "official")


def test_an_empty_budget_is_no_budget_of_nothing(application):
    application.answers = {"budget": [{"what": "To be filled in"}]}
    assert answered_facts(application, sections_of(application)) == {"declared": {}}


@pytest.mark.parametrize("kept", ["1E+999999", "-1E-999999", "NaN", "Infinity", "1E+", "", None, [], {}])
def test_what_nobody_can_reckon_with_is_no_number(application, kept):
    section = sections_of(application)[0]
    for key, fact in (("months", "duration_months"), ("sum", "amount")):
        QuestionFactory(section=section, key=key, type="number", fact=fact)
    application.answers = {"months": kept, "sum": kept, "budget": [{**LINE, "amount-sida": kept}]}
    facts = answered_facts(application, sections_of(application))
    assert "duration_months" not in facts
    assert facts["amount"] == 0
    assert shown(Question(type="number"), kept, {}) == ("" if is_blank(kept) else str(kept))


def test_days_feed_prior_steps_and_the_start(application):
    section = sections_of(application)[0]
    for key, fact in (("tool", "prior_steps:planning_tool"), ("start", "starts_on")):
        QuestionFactory(section=section, key=key, type="date", fact=fact)
    application.answers = {"tool": "2026-11-05", "start": "2027-03-01"}
    facts = answered_facts(application, sections_of(application))
    assert facts["prior_steps"] == {"planning_tool": date(2026, 11, 5)}
    assert facts["starts_on"] == date(2027, 3, 1)


def test_buttons_rearrange_lines_without_reading_them():
    data = QueryDict(
        "answer-b-lines=2&answer-b-0-what=one&answer-b-1-what=two&answer-bb-1-what=other&answer-t=x"
    )
    assert rearranged(data) is None
    data = data.copy()
    data["table"] = "remove:answer-b:1"
    left = rearranged(data)
    assert (left["answer-b-0-what"], left["answer-bb-1-what"], left["answer-t"]) == ("one", "other", "x")
    assert "answer-b-1-what" not in left
    assert left["answer-b-lines"] == "1"
    data["table"] = "add:answer-b"
    assert rearranged(data)["answer-b-lines"] == "3"


def test_words_are_in_the_readers_language(application):
    with translation.override("es"):
        table = table_of(asked(application, "budget"), [LINE], PARTIES)
    assert table.rows[0][3] == "1\u00a0000"


def test_what_a_question_asks_for_is_said_before_one_starts(application):
    columns = terms_of(asked(application, "team")).columns
    assert [column.label for column in columns] == ["Name", "Function", "Side", "Role", "E-mail"]
    assert columns[3].options == ["Official", "Politician"]
    assert terms_of(asked(application, "team")).notes == ["2 to 3 people of each side."]
    letter = QuestionFactory(
        type="file",
        settings={
            "each_party": True,
            "at_most": 1,
            "accepts": ["pdf"],
            "due_on": "2027-01-14",
            "signed": True,
        },
    )
    assert terms_of(letter).notes == [
        "From each party.", "At most 1 file: PDF.", "You say who signed it, and when.",
        "May follow until 14 January 2027.",
    ]  # fmt: skip


TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40).map(str.strip)
KEPT = st.fixed_dictionaries(
    {},
    optional={
        "category": st.sampled_from(["travel", "training"]),
        "what": TEXT,
        "party": st.sampled_from(list(PARTIES)),
        "amount-sida": st.decimals(0, 10**11, places=2).map(lambda amount: format(amount, "f")),
    },
).map(lambda row: {key: text for key, text in row.items() if text})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(KEPT.filter(bool), max_size=8))
def test_what_is_kept_posts_as_itself(application, rows):
    question = asked(application, "budget")
    data = QueryDict(mutable=True)
    for name, value in posted_as(question, rows):
        data[name] = value
    form = section_form(question.section, application, data)
    assert form.is_valid(), form.errors
    assert (form.answers["budget"] or []) == rows


@pytest.mark.parametrize(("take", "kept"), [("mine", "Trains"), ("theirs", "Buses")])
def test_two_people_in_one_table_lose_nothing(client, take, kept):
    world = small_world(slug="open")
    QuestionFactory(section=world.section, key="budget", type="budget", settings=SETTINGS["budget"])
    draft = world.draft(title="Before", budget=[{**LINE, "what": "Buses"}])
    Application.objects.filter(pk=draft.pk).update(version=5)
    client.force_login(world.officer)
    address = reverse("calls:section", args=[draft.reference, "summary"])
    mine = dict(posted_as(world.section.questions.get(key="budget"), [LINE]))
    response = client.post(address, {"version": 1, "seen": "x", "answer-title": "Before", **mine})
    page = response.content.decode()
    assert response.status_code == 409
    assert "Trains" in page
    assert "Buses" in page
    base = dict(re.findall(r'name="(version|seen)" value="([^"]*)"', page))
    client.post(address, {**base, "answer-title": "Before", **mine, "take-budget": take})
    draft.refresh_from_db()
    assert draft.answers["budget"] == [{**LINE, "what": kept}]
