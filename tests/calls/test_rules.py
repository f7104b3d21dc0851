"""Rules in the hands of staff: every kind as a form, free in a draft, corrected by amendment afterwards."""

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone
from django_countries import countries
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calls.access import NotAllowed
from calls.eligibility import KINDS, rule
from calls.eligibility.reference_lists import EU_2020
from calls.forms.country_field import GROUPS
from calls.forms.rules import RuleParameters
from calls.models import EligibilityRule
from calls.operations.rules import add_rule, correct_rule, move_rule, remove_rule
from calls.operations.status import NotPossible
from tests.calls.eligibility.strategies import CALLS, NETWORKS, PARAMETERS, PROGRAMMES, THEMES
from tests.factories import (
    CallFactory,
    NetworkFactory,
    ProgrammeFactory,
    RuleFactory,
    ThemeFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return UserFactory(is_staff=True, is_superuser=True)


def posted(form: RuleParameters) -> QueryDict:
    """What a browser sends back of a form that nobody touched."""
    data = QueryDict(mutable=True)
    for field in form:
        value = field.field.prepare_value(field.value())
        if isinstance(value, list | tuple):
            data.setlist(field.html_name, [str(each) for each in value])
        elif value is True:
            data[field.html_name] = "on"
        elif value is not None and value is not False:
            data[field.html_name] = str(value)
    for name, count in form.tables.items():
        data[f"p_{name}-rows"] = str(count)
    return data


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_rule_of_every_kind_comes_back_from_its_form_as_it_was(kind: str) -> None:
    for slug in THEMES:
        ThemeFactory(slug=slug)
    for slug in NETWORKS:
        NetworkFactory(slug=slug)
    programmes = {slug: ProgrammeFactory(slug=slug) for slug in PROGRAMMES}
    for slug in CALLS:
        CallFactory(slug=slug, programme=programmes["icld"])
    call = CallFactory(editorial="draft")

    @given(PARAMETERS[kind], st.booleans())
    @settings(max_examples=5, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def comes_back(parameters, hard):
        kept = rule(kind, parameters)
        row = EligibilityRule(
            kind=kind, parameters=dict(kept.parameters), hard=hard, clauses={"en": "As stated."}, source="4.2"
        )
        form = RuleParameters(posted(RuleParameters(kind=kind, call=call, rule=row)), kind=kind, call=call)
        assert form.is_valid(), form.errors
        found = form.fields_of_rule
        left_out = {name: False for name in KINDS[kind].optional if name not in kept.parameters}
        assert without(left_out, found["parameters"]) == without(left_out, kept.parameters)
        assert (found["hard"], found["clauses"], found["source"]) == (hard, {"en": "As stated."}, "4.2")

    comes_back()


def without(left_out, parameters):
    """What parameters say: an optional flag that is not set says as much as none, and sets have no order."""
    shown = {
        name: sorted(value)
        if isinstance(value, list) and not isinstance(next(iter(value), ""), dict)
        else value
        for name, value in parameters.items()
    }
    return {**left_out, **shown}


def page(call, suffix: str = "") -> str:
    return f"/admin/calls/call/{call.pk}/rules/{suffix}"


def test_a_draft_gets_a_rule_by_fields_and_shows_it_in_words(client: Client, boss) -> None:
    call = CallFactory(editorial="draft")
    client.force_login(boss)
    form = client.get(page(call, "add/?kind=partner_country"))
    assert b'type="checkbox" name="p_countries" value="BW"' in form.content
    answer = client.post(
        page(call, "add/?kind=partner_country"),
        {"p_countries": ["BW", "KE"], "hard": "hard", "clause_en": "Partners work there.", "source": "4.2"},
    )
    assert answer.status_code == 302
    kept = call.rules.get()
    assert (kept.kind, kept.parameters, kept.hard) == ("partner_country", {"countries": ["BW", "KE"]}, True)
    assert kept.clauses == {"en": "Partners work there."}
    assert "Every partner is in Botswana or Kenya" in client.get(page(call)).content.decode()


def test_a_whole_group_of_countries_is_one_tick_and_the_rule_names_each(client: Client, boss) -> None:
    call = CallFactory(editorial="draft")
    client.force_login(boss)
    add = page(call, "add/?kind=partner_country")
    assert "European Union: all 27" in client.get(add).content.decode()
    typed = {"p_countries": ["all-of:eu", "SE", "CH"], "hard": "hard"}
    assert client.post(add, typed).status_code == 302
    kept = call.rules.get()
    assert kept.parameters["countries"][:2] == ["SE", "CH"]
    assert sorted(kept.parameters["countries"]) == sorted(EU_2020 | {"CH"})
    again = client.get(page(call, f"{kept.pk}/")).context["form"]
    first = [code for code, _name in again.fields["p_countries"].choices if ":" not in code][:28]
    assert set(first) == EU_2020 | {"CH"}
    assert client.post(add, {**typed, "p_countries": ["all-of:moon"]}).status_code == 422


@pytest.mark.parametrize("group", sorted(GROUPS))
def test_every_member_of_a_group_is_a_country_that_can_be_ticked(group: str) -> None:
    assert GROUPS[group] <= {code for code, _name in countries}


def test_a_rule_that_changed_in_between_is_not_overwritten(client: Client, boss) -> None:
    kept = RuleFactory(call=CallFactory(editorial="draft"), parameters={"countries": ["SE"]})
    client.force_login(boss)
    address = page(kept.call, f"{kept.pk}/")
    typed = {"p_countries": ["NO"], "hard": "hard", "seen": client.get(address).context["seen"]}
    kept.parameters = {"countries": ["BW", "KE"]}
    kept.save(update_fields=["parameters"])
    conflict = client.post(address, typed)
    assert conflict.status_code == 409
    assert ("Countries or territories", "Botswana, Kenya") in conflict.context["now"]
    assert 'value="NO" id="id_p_countries' in conflict.content.decode()
    kept.refresh_from_db()
    assert kept.parameters == {"countries": ["BW", "KE"]}
    assert client.post(address, {**typed, "seen": conflict.context["seen"]}).status_code == 302
    kept.refresh_from_db()
    assert kept.parameters == {"countries": ["NO"]}


def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(client: Client, boss) -> None:
    call = CallFactory(editorial="draft")
    client.force_login(boss)
    typed = {"p_minimum": "9", "p_maximum": "3", "hard": "soft", "source": "Guideline"}
    answer = client.post(page(call, "add/?kind=partner_count"), typed)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "At least: The least is more than the most. Change one of them." in text
    assert 'href="#id_p_minimum"' in text
    assert 'value="Guideline"' in text
    assert not call.rules.exists()


@pytest.mark.parametrize(
    ("kind", "typed", "sentence"),
    [
        ("partner_country", {}, "This field is required"),
        ("partner_country", {"p_countries": ["XX"]}, "is not one of the available choices"),
        ("grant_share", {"p_maximum_percent": "101"}, "less than or equal to 100"),
        ("grant_share", {"p_maximum_percent": "1e400"}, "Ensure that there are no more"),
        ("population_minimum", {"p_inhabitants": "9" * 400}, "less than or equal to"),
        ("amount_between", {"p_currency": "kroner", "p_maximum": "5"}, "at most 3 characters"),
        ("amount_between", {"p_currency": "SEK"}, "Give at least one of the two ends"),
        ("declared", {"p_fact": "Own Means!"}, "This cannot be read."),
        ("declared", {"p_fact": "a\x00b"}, "Null characters are not allowed."),
        ("start_date", {"p_earliest": "2027-13-45"}, "is not a date"),
        ("existing_commitment", {"p_commitments": "x" * 500, "p_who": "all"}, "too long for a short name"),
        (
            "cap_by_region_and_parties",
            {"p_currency": "SEK", "p_caps-0-countries": "BW, ZZ", "p_caps-0-parties": "2"},
            "Not a country code: ZZ.",
        ),
        ("cap_by_region_and_parties", {"p_currency": "SEK"}, "Choose or write at least one."),
    ],
)
def test_every_refusal_names_the_way_out(client: Client, boss, kind: str, typed, sentence: str) -> None:
    call = CallFactory(editorial="draft")
    client.force_login(boss)
    answer = client.post(page(call, f"add/?kind={kind}"), {"hard": "hard", **typed})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not call.rules.exists()


def test_a_table_grows_by_a_button_and_keeps_what_was_typed(client: Client, boss) -> None:
    call = CallFactory(editorial="draft")
    client.force_login(boss)
    address = page(call, "add/?kind=cap_by_region_and_parties")
    row = {"p_caps-0-countries": "bw ke", "p_caps-0-parties": "2", "p_caps-0-maximum": "500000"}
    typed = {"p_currency": "sek", "p_caps-rows": "3", "hard": "hard", **row}
    grown = client.post(address, {**typed, "more": "caps"})
    assert grown.status_code == 200
    assert grown.context["form"].tables == {"caps": 6}
    assert 'value="500000"' in grown.content.decode()
    assert "error-summary" not in grown.content.decode()
    assert client.post(address, typed).status_code == 302
    assert call.rules.get().parameters == {
        "currency": "SEK",
        "caps": [{"countries": ["BW", "KE"], "parties": 2, "maximum": 500_000}],
        "per_year": False,
    }


def test_rules_are_moved_and_taken_out_of_a_draft(client: Client, boss) -> None:
    call = CallFactory(editorial="draft")
    first, second, third = (RuleFactory(call=call, position=place) for place in range(3))
    client.force_login(boss)
    assert client.post(page(call, f"{third.pk}/move/"), {"to": "up"}).status_code == 302
    assert list(call.rules.all()) == [first, third, second]
    move_rule(rule=first, up=True, by=boss)
    assert list(call.rules.all()) == [first, third, second]
    assert "Take this rule out?" in client.get(page(call, f"{first.pk}/remove/")).content.decode()
    assert client.post(page(call, f"{first.pk}/remove/")).status_code == 302
    assert list(call.rules.all()) == [third, second]
    remove_rule(rule=first, by=boss)
    with pytest.raises(NotPossible, match="Somebody else changed this rule"):
        move_rule(rule=first, up=True, by=boss)


def test_a_published_rule_is_corrected_as_a_new_row_with_an_amendment(client: Client, boss) -> None:
    call = CallFactory()
    old = RuleFactory(call=call, kind="lead_country", parameters={"countries": ["SE"]})
    client.force_login(boss)
    typed = {"p_countries": ["NO", "SE"], "hard": "hard", "clause_en": "Nordic cities."}
    refused = client.post(page(call, f"{old.pk}/"), typed)
    assert refused.status_code == 422
    assert "Reason, English: This field is required" in refused.content.decode()
    assert client.post(page(call, f"{old.pk}/"), {**typed, "reason_en": "Norway joined."}).status_code == 302
    new = call.rules.get()
    old = EligibilityRule.every.get(pk=old.pk)
    assert (old.parameters, old.superseded_at is not None) == ({"countries": ["SE"]}, True)
    assert (new.parameters, new.position) == ({"countries": ["NO", "SE"]}, old.position)
    assert call.amendments.get().reasons == {"en": "Norway joined."}
    assert client.get(page(call, f"{old.pk}/")).status_code == 404


def test_a_correction_that_lost_the_race_changes_nothing(boss) -> None:
    call = CallFactory()
    old = RuleFactory(call=call)
    fields = {"kind": "lead_country", "hard": True, "clauses": {}, "source": "", "version": ""}
    about = {"call": call, "rule": old, "reasons": {"en": "Why"}, "by": boss, "at": timezone.now()}
    correct_rule(**about, fields={**fields, "parameters": {"countries": ["NO"]}})
    with pytest.raises(NotPossible, match="Somebody else changed this rule"):
        correct_rule(**about, fields={**fields, "parameters": {"countries": ["FI"]}})
    assert [row.parameters for row in call.rules.all()] == [{"countries": ["NO"]}]
    assert call.amendments.count() == 1


def test_a_published_rule_ends_with_a_reason(client: Client, boss) -> None:
    call = CallFactory()
    row = RuleFactory(call=call)
    client.force_login(boss)
    assert client.post(page(call, f"{row.pk}/remove/")).status_code == 422
    assert client.post(page(call, f"{row.pk}/remove/"), {"reason_en": "A mistake."}).status_code == 302
    assert not call.rules.exists()
    assert "No longer in force" in client.get(page(call)).content.decode()


def test_free_changes_end_with_publication_and_need_the_right(boss) -> None:
    call = CallFactory()
    fields = {"kind": "peer_other_country", "parameters": {}, "hard": True}
    with pytest.raises(NotPossible, match="published in between"):
        add_rule(call=call, fields=fields, by=boss)
    draft = CallFactory(editorial="draft")
    with pytest.raises(NotAllowed):
        add_rule(call=draft, fields=fields, by=UserFactory(is_staff=True))
    with pytest.raises(NotPossible, match="not complete"):
        add_rule(call=draft, fields={**fields, "kind": "lead_country"}, by=boss)


@pytest.mark.parametrize("rows", [1, 3, 20])
def test_the_list_costs_the_same_with_any_number_of_rules(
    client: Client, django_assert_num_queries, boss, rows: int
) -> None:
    call = CallFactory(editorial="draft")
    for place in range(rows):
        RuleFactory(call=call, position=place)
    client.force_login(boss)
    with django_assert_num_queries(13):
        client.get(page(call))
