"""What no honest form sends, on the staff side: words and the right status code, never a 500."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from calls.models import Application
from calls.operations.declaring import declare_no_conflict
from cooperation.accounts.models import User
from partnerships.models import City
from tests.calls.desk_world import Desk
from tests.factories import CallFactory, UserFactory
from tests.web.test_bad_input import DIGITS, HELD, HUGE, NUL, SURROGATE, refused

pytestmark = pytest.mark.django_db


@dataclass
class Office:
    """The desk of tests.calls, worked at by an administrator."""

    desk: Desk
    client: Client
    boss: User

    def post(self, application: Application, step: str, **fields: Any) -> HttpResponse:
        address = reverse(f"admin:calls_application_{step}", args=[application.pk])
        return self.client.post(address, {"version": application.version, **fields})

    def score(self, application: Application, **fields: Any) -> HttpResponse:
        """A sheet from the administrator, to whom the application is assigned."""
        self.desk.assign(application, self.boss)
        declare_no_conflict(application=application, by=self.boss, at=timezone.now())
        address = reverse("admin:calls_assignment_desk", args=[application.pk])
        return self.client.post(address, {"version": 0, **fields})


@pytest.fixture
def office(client) -> Office:
    boss = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(boss)
    return Office(Desk(), client, boss)


@pytest.mark.parametrize("value", [NUL, HUGE], ids=["nul", "huge"])
def test_what_staff_type_is_refused_in_words_and_shown_again(office, value):
    criterion = office.desk.criteria[0]
    submitted, eligible = office.desk.submitted("Ale"), office.desk.eligible("Lund")
    reviewed = office.desk.reviewed("Kalmar")
    answers = [
        office.post(submitted, "screen", eligible="no", note=value),
        office.post(reviewed, "recommend", outcome="selected", reason=value),
        *[
            office.score(eligible, **{"answer-comment": HELD, f"answer-{field}": value})
            for field in ("comment", "recommendation", f"score_{criterion.pk}", f"note_{criterion.pk}")
        ],
    ]
    for response in answers:
        text = refused(response)
        assert response.status_code == 422
        assert HELD in text or value in text
    address = reverse("admin:calls_call_amend", args=[office.desk.call.pk])
    for field in ("reason_en", "closes", "questions"):
        response = office.client.post(address, {"reason_en": HELD, field: value})
        assert response.status_code == 422
        assert HELD in refused(response) or value in refused(response)


@pytest.mark.parametrize("wrong", ["nine", "6", "-1", "²", DIGITS, "4.5", "\x00"])
def test_scores_and_versions_of_the_wrong_type(office, wrong):
    eligible, criterion = office.desk.eligible("Lund"), office.desk.criteria[0]
    other = CallFactory().pk
    assert office.score(eligible, **{f"answer-score_{other}99": "3"}).status_code == 302
    assert not eligible.reviews.exists()  # a score of another call's criterion begins no sheet
    assert office.score(eligible, **{"answer-comment": "Begun."}).status_code == 302
    for name in (f"answer-score_{criterion.pk}", "version", "answer-recommendation"):
        response = office.score(eligible, **{"answer-comment": HELD, "version": 1, name: wrong})
        assert response.status_code in {409, 422}, name
        assert HELD in refused(response)
    for step in ("screen", "recommend", "finish_review", "approve"):
        assert office.post(eligible, step, version=wrong, eligible=wrong, outcome=wrong).status_code in {
            409,
            422,
        }


LISTS = [
    *["calls_application", "calls_call", "calls_programme", "calls_section", "calls_decision"],
    *["calls_pairingrun", "partnerships_city", "partnerships_theme", "partnerships_commitment"],
    *["partnerships_network", "partnerships_networkmembership", "partnerships_organisation"],
    *["partnerships_membership", "partnerships_partnership", "notifications_message", "accounts_user"],
    "calls_enquiry",
]
QUERIES = [
    *["q={}", "p={}", "o={}", "e={}", "all={}", "todo={}", "status={}", "call={}", "kind__exact={}", "id={}"],
    *["state__exact={}", "verified={}", "network__id__exact={}", "{}=1", "_to_field={}", "_popup={}"],
]


# what is done to many applications has a page of its own; the list takes nothing
READ_ONLY = "calls_application"
WORDS = ["a%00b", SURROGATE, "evil", "-1", DIGITS, "9" * 30, "x__y", quote("ö" * 1_000)]
in_both_settings = pytest.mark.parametrize(
    "whole", [False, pytest.param(True, marks=pytest.mark.thorough)], ids=["quick", "thorough"]
)


@in_both_settings
@pytest.mark.parametrize("name", LISTS)
def test_the_lists_of_the_staff_side(office, name, whole):
    """Each list with each parameter; in the quick setting one of the words, another for each list."""
    office.desk.recommended()
    address, turn = reverse(f"admin:{name}_changelist"), LISTS.index(name)
    for place, query in enumerate(QUERIES, start=turn):
        for words in WORDS if whole else (WORDS[(3 * place) % 8],):
            response = office.client.get(f"{address}?{query.replace('{}', words)}")
            assert response.status_code in {200, 302, 400}, (query, words[:20])
    rows = ("evil", "\x00", DIGITS, "9" * 30)
    for place, action in enumerate(("verify", "publish", "delete_selected", "evil\x00"), start=turn):
        for chosen in rows if whole else (rows[place % 4],):
            data = {"action": action, "_selected_action": [chosen], "index": "0"}
            answer = office.client.post(address, data).status_code
            assert answer in ({405} if name == READ_ONLY else {200, 302, 403}), (action, chosen[:9])


KEYS = ("evil", "_00", "9" * 30, DIGITS, "_ED_A0_80")
TYPED = (NUL, "evil", DIGITS, '{"en": "a\\u0000b"}', '["\\ud800"]', "99999999999", "0000-00-00")
PAGES = ("change/", "history/", "delete/", "review/", "ranking/", "pairing/", "amend/")


@in_both_settings
@pytest.mark.parametrize("name", LISTS)
def test_the_stock_forms_of_the_staff_side(office, name, whole):
    """Pages of no row, and the form to add; in the quick setting one key, three words, others for each."""
    office.desk.recommended()
    address, turn = reverse(f"admin:{name}_changelist"), LISTS.index(name)
    for place, page in enumerate(PAGES, start=turn):
        for key in KEYS if whole else (KEYS[place % 5],):
            assert office.client.get(f"{address}{key}/{page}").status_code in {301, 302, 403, 404}
    response = office.client.get(f"{address}add/")
    if response.status_code != 200:
        assert response.status_code in {403, 404}
        return
    form = response.context["adminform"].form
    for value in TYPED if whole else [TYPED[(turn + step) % 7] for step in (0, 2, 4)]:
        data = {name: value for field in form.fields for name in (field, f"{field}_0", f"{field}_1")}
        for formset in response.context["inline_admin_formsets"]:
            data |= {f"{formset.formset.prefix}-{count}_FORMS": "0" for count in ("TOTAL", "INITIAL")}
        answer = office.client.post(f"{address}add/", data)
        assert answer.status_code == 200
        refused(answer)


def test_a_city_with_a_nul_byte_is_not_added(office):
    before = City.objects.count()
    response = office.client.post(
        reverse("admin:partnerships_city_add"), {"name": NUL, "slug": "kept", "country": "SE"}
    )
    assert "Null characters are not allowed." in refused(response)
    assert City.objects.count() == before


@pytest.mark.parametrize("text", ['"a\\u0000b"', '"\\ud800"', "NaN", DIGITS, "[" * 100_000, "{"])
def test_json_that_cannot_be_kept_is_refused_in_words(office, text):
    address = reverse("admin:partnerships_theme_add")
    response = office.client.post(address, {"slug": "kept", "names": f'{{"en": {text}}}', "sdgs": "1"})
    assert response.status_code == 200
    assert response.context["adminform"].form.errors["names"]
    assert 'value="kept"' in refused(response)
