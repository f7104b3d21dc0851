"""The pages of ranking and selection: what they say, who reads them, what they cost."""

import io

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from openpyxl import load_workbook

from calls.admin.selections import what_if_form
from calls.models import SelectionRun
from calls.operations.assigning import assign
from calls.queries.ranking_parts import Part, parts_of
from tests.calls.desk_world import Desk, staff_person
from tests.calls.test_selecting import applied, icp, named, round_of, selecting
from tests.factories import UserFactory
from tests.pages import said

pytestmark = pytest.mark.django_db

RANKING_QUERIES = 12
SELECTION_QUERIES = 15

SETTINGS = {
    "places": "",
    "budget": "",
    "pass_mark": "70",
    "reviews_needed": "1",
    "reserve_places": "",
    "method": "line",
    "when_short": "stop",
    "word": "snow",
    "pins": "",
}


@pytest.fixture
def marta(client):
    person = staff_person()
    client.force_login(person)
    return person


def address(name: str, call, *more) -> str:
    return reverse(f"admin:calls_call_{name}", args=[call.pk, *more])


def text(client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status
    return said(response)


# --- a list -------------------------------------------------------------------------------------------------


def test_a_list_says_its_state_first_and_both_sides_of_the_tie(client, marta):
    call = icp()
    response = client.post(address("selection_create", call), SETTINGS)
    run = SelectionRun.objects.get()
    assert response.url == address("selection", call, run.number)
    page = text(client, response.url)
    assert "27 of 28 places are filled." in page
    assert "The place for Hong Kong is empty: no application reached the pass mark of 70." in page
    assert "Selection line: 27 of 28 places" in page
    assert page.index("Fuenlabrada") < page.index("Selection line") < page.index("Ioannina")
    assert "Tie on 80.0, lower on criterion 1" in page
    assert "Proven: no list within these limits has a higher sum of scores." in page
    assert "Recommend this list" in page
    assert "<details" in page
    assert "snow" in page


def test_the_same_page_after_a_refusal_keeps_what_was_typed(client, marta):
    call = icp()
    given = SETTINGS | {"pins": "ICP-1 maybe because", "places": "12"}
    response = client.post(address("selection_create", call), given)
    assert response.status_code == 422
    assert "This one is not: ICP-1 maybe because" in response.content.decode()
    assert 'value="12"' in response.content.decode()
    given = SETTINGS | {"pins": "NOBODY in because"}
    response = client.post(address("selection_create", call), given)
    assert response.status_code == 409
    assert "NOBODY is not among the reviewed applications" in response.content.decode()
    assert not SelectionRun.objects.exists()


@pytest.mark.parametrize("field", ["places", "budget", "pass_mark", "method", "word", "pins"])
@pytest.mark.parametrize("value", ["\x00", "9" * 40, "-1", "NaN", "1e999"])
def test_unreadable_settings_are_refused_in_words(client, marta, field, value):
    call = round_of()
    applied(call, "SE", (5, 5))
    response = client.post(address("selection_create", call), SETTINGS | {field: value})
    assert response.status_code in {302, 409, 422}


def test_a_what_if_is_compared_with_its_parent(client, marta):
    call = icp()
    run = selecting(call, by=marta)
    given = SETTINGS | {f"floor_{number}": "0" for number in range(7)}
    given |= {f"ceiling_{number}": str(places) for number, places in enumerate((15, 4, 4, 1, 1, 2, 2))}
    response = client.post(address("selection_what_if", call, run.number), given)
    child = run.children.get()
    assert response.url == address("selection_compare", call, run.number, child.number)
    page = text(client, response.url)
    assert "1 gain a place, 0 lose it" in page
    assert "Ioannina" in page
    given |= {"floor_0": "16"}
    refused = client.post(address("selection_what_if", call, run.number), given)
    assert refused.status_code == 422
    assert "The least cannot be above the most." in refused.content.decode()


def test_the_moves_say_who_comes_in(client, marta):
    call = icp()
    run = selecting(call, by=marta)
    page = text(client, address("selection_moves", call, run.number))
    row = page[page.index("European Union: one place more") :][:400]
    assert "Ioannina" in row
    assert "+80.0" in row
    row = page[page.index("European Union: one place less") :][:400]
    assert "Fuenlabrada" in row


def test_the_moves_that_change_nothing_stand_apart_and_quotas_have_the_readers_names(client, marta):
    call = icp()
    call.quotas.filter(labels__en="European Union").update(
        labels={"en": "European Union", "es": "Unión Europea"}
    )
    run = selecting(call, by=marta)
    page = text(client, address("selection_moves", call, run.number))
    still = page[page.index("These change nothing") :]
    assert "Hong Kong: one place more" in still
    assert "European Union: one place more" not in still
    with override("es"):
        form = what_if_form(None, run)
        assert next(name for name, _floor, _ceiling in form.quota_rows) == "Unión Europea"


def test_a_list_that_another_replaced_says_so_instead_of_offering_its_button(client, marta):
    call = icp()
    old, new = selecting(call, by=marta), selecting(call, by=marta)
    recommend = address("recommend_list", call, old.number)
    page = text(client, address("selection", call, old.number))
    assert "A newer selection replaced this one." in page
    assert recommend not in page
    assert address("recommend_list", call, new.number) in text(client, address("selection", call, new.number))


def test_the_quotas_of_a_what_if_are_a_table_and_a_refusal_opens_what_is_folded(client, marta):
    call = icp()
    run = selecting(call, by=marta)
    page = text(client, address("selection", call, run.number))
    assert page.count('class="selection-quotas"') == 1
    assert "European Union, at most</label>" in page
    given = {"places": "28", "reviews_needed": "0", "method": "line", "when_short": "stop"}
    answer = client.post(address("selection_create", call), given)
    assert answer.status_code == 422
    assert '<details class="fold" open>' in answer.content.decode()


def test_the_workbook_has_every_row_and_no_formula(client, marta):
    call = round_of()
    applied(call, "SE", (5, 5), (4, 4), name="=1+1")
    run = selecting(call, by=marta)
    answer = client.get(address("selection_export", call, run.number))
    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert len(rows) == 2
    assert rows[1][5:7] == (90, "100.0 / 80.0")
    assert rows[1][8] == "Select"


# --- who reads it -------------------------------------------------------------------------------------------


def test_whoever_still_has_to_score_reads_a_sentence_instead(client):
    desk = Desk()
    desk.reviewed("Ale")
    waiting = desk.eligible("Lund")
    run = selecting(desk.call, by=desk.helena)
    assign(application=waiting, reviewer=desk.marta, by=desk.helena, at=timezone.now())
    client.force_login(desk.marta)
    for name, more in (
        ("ranking", ()),
        ("selection", (run.number,)),
        ("selection_moves", (run.number,)),
        ("selection_compare", (run.number, run.number)),
    ):
        page = text(client, address(name, desk.call, *more))
        assert "You review 1 application of this call that is not closed yet." in page
        assert "72.0" not in page
        assert ">Ale<" not in page
    assert client.get(address("selection_export", desk.call, run.number)).status_code == 403
    assert client.post(address("selection_create", desk.call), SETTINGS).status_code == 403


def test_reviewers_who_are_not_staff_and_strangers_find_nothing(client):
    call = icp()
    run = selecting(call)
    for person in (UserFactory(), None):
        client.logout()
        if person:
            client.force_login(person)
        for name, more in (
            ("ranking", ()),
            ("selection", (run.number,)),
            ("selection_export", (run.number,)),
        ):
            assert client.get(address(name, call, *more)).status_code in {302, 403, 404}


def test_a_list_of_another_call_is_not_found(client, marta):
    run = selecting(icp(), by=marta)
    other = round_of()
    assert client.get(address("selection", other, run.number)).status_code == 404
    assert client.get(address("selection_compare", run.call, run.number, 99)).status_code == 404


# --- closing reviews ----------------------------------------------------------------------------------------


def test_reviews_that_are_whole_are_closed_at_once_or_not_at_all(client):
    desk = Desk()
    desk.call.reviews_wanted = 1
    desk.call.save()
    rows = [desk.scored("Ale"), desk.scored("Lund")]
    desk.eligible("Kalmar")
    client.force_login(desk.marta)
    assert "2 applications have all reviews finished." in text(client, address("ranking", desk.call))
    refused = client.post(address("close_reviews", desk.call), {"ready": [rows[0].reference]})
    assert refused.status_code == 409
    rows[0].refresh_from_db()
    assert rows[0].status == "eligible"
    client.post(address("close_reviews", desk.call), {"ready": [row.reference for row in rows]})
    assert sorted(desk.call.applications.values_list("status", flat=True)) == [
        "eligible",
        "reviewed",
        "reviewed",
    ]


def test_leniency_is_shown_only_when_asked_for(client, marta):
    call = round_of()
    applied(call, "SE", (5, 5), (3, 3))
    assert "Without leniency" not in text(client, address("ranking", call))
    page = text(client, address("ranking", call) + "?advice=1")
    assert "Without leniency" in page
    assert "gives 40.0 points more than the others, on 1 shared application" in page


# --- length -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "line", "shown"),
    [
        (0, None, []),
        (5, 3, [Part(0, 3), Part(3, 5, line_before=True)]),
        (13, None, [Part(0, 13)]),
        (20, None, [Part(0, 10), Part(10, 20, folded=True)]),
        (47, 27, [Part(0, 10), Part(10, 23, folded=True), Part(23, 27), Part(27, 35, line_before=True),
                  Part(35, 47, folded=True)]),
        (3, 3, [Part(0, 3)]),
    ],
)  # fmt: skip
def test_the_middle_of_a_ranking_is_folded(count, line, shown):
    assert parts_of(count, line) == shown


def test_a_long_fold_is_paged(client, marta):
    call = round_of()
    for number in range(215):
        applied(call, "SE", name=f"City-{number:03d}")
    page = text(client, address("ranking", call))
    assert 'href="?from=11"' in page
    assert page.count("City-") == 10
    assert text(client, address("ranking", call) + "?from=11").count("City-") == 200
    assert text(client, address("ranking", call) + "?from=evil").count("City-") == 10


@pytest.mark.parametrize("count", [1, 3, 20])
def test_the_pages_cost_the_same_at_any_length(client, marta, count, django_assert_num_queries):
    call = round_of()
    for number in range(count):
        applied(call, "SE", (4, 3), (4, 4), name=f"City-{number}")
    run = selecting(call, by=marta)
    with django_assert_num_queries(RANKING_QUERIES):
        client.get(address("ranking", call))
    with django_assert_num_queries(SELECTION_QUERIES):
        client.get(address("selection", call, run.number))
    assert named(call, "City-0")
