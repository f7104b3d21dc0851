"""Seventy payloads in every field of a form: each is kept as typed or named in a sentence, never lost."""

import html
from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from calls.models import Application
from calls.models.form import QuestionType
from tests.calls.worlds import World, small_world
from tests.factories import CityFactory, QuestionFactory, SectionFactory
from tests.quick import one_in

pytestmark = pytest.mark.django_db

PAYLOADS = {
    # bytes and characters
    "nul": "a\x00b",
    "only nul": "\x00",
    "lone surrogate, replaced": "\ufffd\ufffd",
    "byte order mark": "\ufeffKept",
    "backspaces": "a\b\b\x7fb",
    "bell and escape": "\x07\x1b[31mred",
    "next line": "a\u0085b",
    "line separators": "a\u2028b\u2029c",
    "noncharacter": "a\uffffb",
    "private use": "\ue000\uf8ff",
    "beyond the first plane": "𝒦ept 𐍈",
    "emoji joined": "👩‍👩‍👧‍👦",
    "flags": "🇸🇪🇧🇼",
    # directions and look-alikes
    "right to left override": "\u202etxt.exe",
    "isolates never closed": "\u2067\u2067\u2068Kept",
    "arabic": "شراكة بين المدن",
    "hebrew and latin": "abc אבג 123",
    "cyrillic a": "Аle",
    "zero width": "Ki\u200bt\u200cs\u200dy",
    "combining marks": "Z" + "\u0335\u0321" * 60,
    "thai without spaces": "เมือง" * 30,
    # markup and templates
    "script": "<script>alert(1)</script>",
    "image": '<img src=x onerror="alert(1)">',
    "attribute": '" autofocus onfocus="alert(1)',
    "closing textarea": "</textarea></form><h1>x",
    "svg": "<svg/onload=alert(1)>",
    "entity": "&lt;b&gt; &amp;amp; &#0;",
    "django template": "{{ request.user }}{% debug %}{# x #}",
    "format string": "%s %(question)s {0} {name}",
    "percent": "100 % %% %",
    "markdown link": "[x](javascript:alert(1))",
    "latex": "\\input{/etc/passwd} $x$",
    "typst": '#read("/etc/passwd") @ref',
    # formulas of spreadsheets
    "formula": "=1+1",
    "formula command": "=cmd|' /C calc'!A0",
    "formula plus": "+1+cmd",
    "formula minus": "-2+3",
    "formula at": "@SUM(A1)",
    "formula after a tab": "\t=1+1",
    # queries, paths, addresses
    "sql": "'; DROP TABLE calls_application; --",
    "like pattern": "%_\\",
    "path": "../../etc/passwd",
    "windows path": "C:\\CON\\NUL",
    "header": "x\r\nSet-Cookie: a=b",
    "data address": "data:text/html,<h1>x",
    "json": '{"__proto__": {"x": 1}}',
    "pickle": "cos\nsystem\n(S'x'\ntR.",
    # numbers
    "nought": "0",
    "minus": "-1",
    "many digits": "9" * 5_000,
    "thirteen digits": "9" * 13,
    "twelve digits": "9" * 12,
    "tiny": "0.000000001",
    "power": "1e400",
    "infinity": "Infinity",
    "not a number": "NaN",
    "hexadecimal": "0x10",
    "underscores": "1_000",
    "mixed separators": "1.000,000.00",
    "arabic figures": "٤٥٠",
    "full-width figures": "４５０",
    "roman numeral": "Ⅷ",
    "superscript": "10²",
    "fraction": "½",
    # days
    "30 February": "2027-02-30",
    "year nought": "0000-01-01",
    "year 10000": "10000-01-01",
    "month 13": "2027-13-01",
    "leap second": "2016-12-31T23:59:60Z",
    "day first": "31/02/2027",
    # sizes
    "spaces": " \t \u3000 ",
    "lines": "\r\n" * 300,
    "longest word": "ö" * 999,
    "too long for a cell": "x" * 1_001,
    "too long for anything": "x" * 100_001,
}
OPTIONS = [{"value": value, "label": {"en": value}} for value in ("one", "two")]
SETTINGS = {
    "budget": {"categories": OPTIONS, "sources": [{**OPTIONS[0], "role": "grant"}]},
    "activities": {"kinds": OPTIONS},
    "team": {"roles": OPTIONS, "asks": ["age", "years_experience"]},
}
FREE = {
    "text": ["answer-text"],
    "long_text": ["answer-long_text"],
    "budget": ["answer-budget-0-what"],
    "activities": ["answer-activities-0-what"],
    "team": [f"answer-team-0-{column}" for column in ("name", "function", "email")],
}
STRICT = {
    **{kind: [f"answer-{kind}"] for kind in ("number", "money", "months", "date", "choice", "choices")},
    **{kind: [f"answer-{kind}"] for kind in ("themes", "yes_no", "city", "file")},
    "budget": [f"answer-budget-0-{column}" for column in ("category", "party", "amount-one")],
    "activities": [f"answer-activities-0-{column}" for column in ("kind", "where", "from", "to")],
    "team": [f"answer-team-0-{column}" for column in ("side", "role", "age", "years_experience")],
}


@pytest.fixture
def world(client) -> World:
    found = small_world(slug="open")
    CityFactory(name="Gaborone", slug="gaborone-bw", country="BW")
    client.force_login(found.officer)
    return found


def form_of(world: World, kinds: Iterator[str] | list[str], key: str) -> tuple[Application, str]:
    """A draft with a section that asks a question of each kind; and the section's address."""
    section = SectionFactory(call=world.call, key=key, position=5)
    for place, kind in enumerate(kinds):
        QuestionFactory(
            section=section, key=kind, type=kind, position=place, options=OPTIONS,
            settings=SETTINGS.get(kind, {}), labels={"en": f"The {kind}"},
        )  # fmt: skip
    draft = world.draft(title="Before")
    return draft, reverse("calls:section", args=[draft.reference, key])


def post(client: Client, address: str, draft: Application, fields: dict[str, str]) -> HttpResponse:
    response = client.post(address, {"version": draft.version, "answer-summary": "x", **fields})
    draft.refresh_from_db()
    assert response.status_code in {302, 422}, response.status_code
    return response


def test_every_type_of_question_is_attacked():
    assert {*FREE, *STRICT} == set(QuestionType.values)
    assert len(PAYLOADS) >= 60


@pytest.mark.parametrize("typed", one_in(PAYLOADS))
def test_what_is_typed_as_text_is_kept_or_named_and_shown_again(world, client, typed):
    draft, address = form_of(world, list(FREE), "free")
    fields = {name: typed for names in FREE.values() for name in names}
    response = post(client, address, draft, fields)
    text = typed.strip().replace("\r\n", "\n").replace("\r", "\n")
    if response.status_code == 302:
        assert (draft.answers.get("text") or "") == text
        rows = draft.answers.get("budget") or [{}]
        assert rows[0].get("what", "") == text
        page = html.unescape(client.get(address).content.decode())
    else:
        assert draft.answers == {"title": "Before"}
        page = html.unescape(response.content.decode())
        assert "<title>Error:" in page
        assert page.count('class="field-error"') >= 1
    assert text.replace("\x00", "") in page.replace("\r\n", "\n")
    assert "<script>alert" not in response.content.decode()


@pytest.mark.parametrize("typed", one_in(PAYLOADS))
def test_what_is_no_number_day_or_choice_is_named_and_nothing_is_saved(world, client, typed):
    draft, address = form_of(world, list(STRICT), "strict")
    fields = {name: typed for names in STRICT.values() for name in names}
    response = post(client, address, draft, {**fields, "answer-budget-0-what": "Kept all the same"})
    page = html.unescape(response.content.decode())
    if response.status_code == 302:
        assert not typed.strip()
        assert draft.answers["budget"] == [{"what": "Kept all the same"}]
        return
    assert draft.answers == {"title": "Before"}
    assert "<title>Error:" in page
    assert "Kept all the same" in page
    if not typed.replace("\x00", "").strip():
        return
    refused = {kind for kind in STRICT if f'href="#id_answer-{kind}' in page}
    assert refused >= {"choice", "choices", "themes", "yes_no", "city", "budget", "activities", "team"}


@pytest.mark.parametrize(("kind", "column"), [("budget", "what"), ("activities", "what"), ("team", "name")])
def test_a_thousand_and_one_lines_are_named_and_shown_again(world, client, kind, column):
    draft, address = form_of(world, [kind], "many")
    fields = {f"answer-{kind}-{line}-{column}": f"Line no. {line}." for line in range(1_001)}
    response = post(client, address, draft, {**fields, f"answer-{kind}-lines": "1001"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "1001 lines are more than the 60 a table can keep." in page
    assert "Line no. 1000." in page
    assert kind not in draft.answers


@pytest.mark.parametrize(
    "posted",
    [
        {"answer-budget-99999-what": "x"},
        {"answer-budget--1-what": "x"},
        {"answer-budget-²-what": "x"},
        {"answer-budget-0-": "x"},
        {"answer-budget-0-evil": "x"},
        {"answer-budget-lines": "9" * 400},
        {"answer-budget-lines": "-3", "table": "add:answer-budget"},
        {"table": "remove:answer-budget:99999"},
        {"table": "remove:answer-budget:"},
        {"table": "remove:answer-none:0"},
        {"table": "evil:answer-budget"},
        {"table": "add:\x00"},
        {"table": "recalculate:" + "x" * 10_000},
    ],
    ids=str,
)
def test_names_no_page_sends_change_nothing(world, client, posted):
    draft, address = form_of(world, ["budget"], "odd")
    response = client.post(address, {"version": draft.version, **posted})
    assert response.status_code in {200, 302, 422}
    draft.refresh_from_db()
    assert not draft.answers.get("budget")


def test_lines_come_and_go_without_javascript_and_nothing_typed_is_lost(world, client):
    draft, address = form_of(world, ["budget", "text"], "plain")
    typed = {
        "version": draft.version, "answer-text": "Half a thought", "answer-budget-lines": "2",
        "answer-budget-0-what": "Travel", "answer-budget-0-amount-one": "12 000,50",
        "answer-budget-1-what": "Rooms", "answer-budget-1-amount-one": "3000",
    }  # fmt: skip
    added = client.post(address, {**typed, "table": "add:answer-budget"}).content.decode()
    assert 'name="answer-budget-2-what"' in added
    assert all(words in added for words in ("Half a thought", "Travel", "Rooms", "15,000.50"))
    removed = client.post(address, {**typed, "table": "remove:answer-budget:0"}).content.decode()
    assert "Travel" not in removed
    assert "Rooms" in removed
    assert 'name="answer-budget-1-what"' not in removed
    wrong = {**typed, "answer-budget-1-amount-one": "many", "table": "recalculate:answer-budget"}
    summed = client.post(address, wrong).content.decode()
    assert "12,000.50" in summed
    assert "Line 2, one: “many” is not a number." in summed
    draft.refresh_from_db()
    assert draft.answers == {"title": "Before"}
