"""What no honest form sends, at every door: a clear sentence, the right status code, never a 500.

Bytes that the database cannot keep, texts beyond any length, values of the wrong type, requests out of order.
Texts that people typed are shown again.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from calls.models import Application, Call
from calls.models.form import QuestionType
from cooperation.accounts.models import User
from partnerships.models import City
from tests.calls.desk_world import Desk
from tests.calls.worlds import World, small_world
from tests.factories import CallFactory, MembershipFactory, QuestionFactory, ThemeFactory, UserFactory

pytestmark = pytest.mark.django_db

NUL = "Kept\x00words"
HUGE = "Kept" + "ö" * 200_000
SURROGATE = "%ED%A0%80"
DIGITS = "9" * 5_000  # Python refuses to read more than 4,300 digits


def said(response: HttpResponse) -> str:
    """The page's text; every page says in words what it is."""
    text = response.content.decode()
    assert response.status_code < 500, response.status_code
    assert "<h1" in text, f"{response.status_code} without a heading"
    return text


def refused(response: HttpResponse) -> str:
    """A page that names an error: by its status, or as a form that is shown again."""
    text = said(response)
    assert response.status_code >= 400 or "error" in text.casefold(), response.status_code
    return text


# --- addresses ----------------------------------------------------------------------------------------------

ADDRESSES = [
    *["/calls/?q={}", "/calls/?city={}", "/calls/?status={}", "/calls/?kind={}", "/calls/?region={}"],
    *["/calls/?theme={}", "/calls/?programme={}", "/calls/?sort={}", "/calls/?page={}", "/calls/?{}=1"],
    *["/calls/open/?city={}", "/calls/open/check/?lead={}", "/calls/open/check/?lead=ale&partner={}"],
    *["/cities/?q={}", "/cities/?country={}", "/cities/?page={}", "/partnerships/?page={}"],
    *["/partnerships/?programme={}", "/partnerships/?theme={}", "/partnerships/?country={}"],
    *["/partnerships/?kind={}", "/account/login/?next={}", "/account/signup/?next={}"],
    *["/calls/{}/", "/calls/{}/check/", "/cities/{}/", "/partnerships/{}/", "/programmes/{}/"],
    *["/applications/{}/", "/account/password/reset/key/{}-x/", "/{}/calls/", "/{}"],
]
WORDS = {
    "nul": "a%00b",
    "surrogate": SURROGATE,
    "broken utf-8": "%ff%fe",
    "long": quote("ö" * 1_500),  # a server reads no longer address
    "negative": "-1",
    "beyond": "99999",
    "digits": DIGITS,
    "evil": "evil'\"><script>",
    "pattern": "%28%5B%2A%5C",
    "format": "%25s%25%28a%29s{0}",
}


@pytest.fixture
def world(client) -> World:
    found = small_world(slug="open")
    client.force_login(found.officer)
    return found


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_every_address_answers_strange_words_in_words(world, words):
    visitor, officer = Client(), Client()
    officer.force_login(world.officer)
    for address in ADDRESSES:
        client = officer if address.startswith("/app") else visitor
        response = client.get(address.replace("{}", words))
        assert response.status_code in {200, 302, 400, 404, 422}, (address, response.status_code)
        if response.status_code != 302:
            assert "<script>" not in said(response)


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/calls/?theme=evil", 400, "evil"),
        ("/calls/?city=Atlantis", 200, "No city called “Atlantis” is known here."),
        ("/calls/?q=" + "x" * 201, 400, "Search with at most 200 characters; you used 201."),
        ("/calls/?sort=evil", 200, "Municipal"),
        ("/calls/?page=99999", 200, "Municipal"),
        ("/calls/?page=-1", 200, "Municipal"),
        ("/calls/open/?city=Atlantis", 200, "Atlantis"),
        ("/calls/open/check/?lead=Atlantis", 422, "No city called “Atlantis” is known here."),
        ("/calls/open/check/?lead=", 422, "Name the city that leads."),
        ("/calls/open/check/?lead=ale&partner=ale", 422, "named twice"),
        ("/cities/?country=evil", 422, "evil"),
        ("/cities/?q=" + "x" * 101, 422, "100"),
        ("/partnerships/?kind=evil", 422, "evil"),
        ("/cities/atlantis/", 404, ""),
        ("/calls/atlantis/", 404, ""),
    ],
)
def test_what_is_unknown_is_named(world, address, status, sentence):
    Call.objects.get().texts.update(title="Municipal Partnership")
    response = Client().get(address)
    assert response.status_code == status
    assert sentence in said(response)


# --- requests that no browser sends -------------------------------------------------------------------------


def raw(client: Client, address: str, body: bytes, content_type: str) -> HttpResponse:
    return client.generic("POST", address, body, content_type)


@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "application/json",
        "application/x-www-form-urlencoded",
    ],
)
def test_a_body_that_cannot_be_read(world, content_type):
    response = raw(Client(), "/account/login/code/", b"\xff\x00--x\r\n" * 3, content_type)
    assert response.status_code in {200, 400}
    said(response)


@pytest.mark.parametrize("charset", ["raw_unicode_escape", "utf-16", "utf-7", "evil"])
def test_only_utf_8_is_read(world, client, charset):
    draft = world.draft()
    body = b'--x\r\nContent-Disposition: form-data; name="answer-title"\r\n\r\n\\ud800\r\n--x--\r\n'
    address = page("section", draft, "summary")
    assert raw(client, address, body, f"multipart/form-data; boundary=x; charset={charset}").status_code < 500
    form = "application/x-www-form-urlencoded; charset="
    assert raw(client, address, b"answer-title=\\ud800", form + charset).status_code < 500
    assert client.get("/cities/?q=\\ud800", CONTENT_TYPE=f"text/plain; charset={charset}").status_code < 500


def test_a_cookie_with_a_nul_byte():
    client = Client()
    client.cookies.load(r'sessionid="abcdefgh\000ijkl"; csrftoken="a\000b"; django_language="\000"')
    response = client.get("/my/", headers={"cookie": r'sessionid="abcdefgh\000ijkl"; django_language="\000"'})
    assert response.status_code in {302, 400}


def test_a_foreign_host_is_a_400(db):
    response = Client().get("/calls/", headers={"host": "evil.example"})
    assert response.status_code == 400
    said(response)


@pytest.mark.parametrize("method", ["get", "post"])
def test_more_fields_than_any_form_has(world, client, method):
    fields = {f"field-{number}": "x" for number in range(2_001)}
    response = getattr(client, method)(
        "/calls/" if method == "get" else page("partners", world.draft()), fields
    )
    assert response.status_code == 400
    said(response)


def test_a_body_beyond_two_and_a_half_megabytes(world, client):
    response = client.generic(
        "POST", page("section", world.draft(), "summary"),
        urlencode({"answer-title": "x" * 2_700_000}), "application/x-www-form-urlencoded",
    )  # fmt: skip
    assert response.status_code in {400, 413}
    said(response)


def test_a_post_without_the_forms_protection(world):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.officer)
    response = strict.post(page("section", world.draft(), "summary"), {"answer-title": "Youth"})
    assert response.status_code == 403
    said(response)


def test_a_method_that_a_page_does_not_know(world, client):
    draft = world.draft()
    for method, address in [
        *[
            ("post", "/"),
            ("post", "/calls/"),
            ("post", "/calls/open/"),
            ("post", "/cities/"),
            ("put", "/my/"),
        ],
        *[("post", "/calls/open/check/"), ("delete", page("section", draft, "summary"))],
        *[("get", page("submit", draft)), ("post", page("check_answers", draft)), ("post", "/privacy/")],
    ]:
        response = getattr(client, method)(address)
        assert response.status_code == 405, address
        assert response.headers["Allow"]
        said(response)


# --- logging in ---------------------------------------------------------------------------------------------

DOORS = [
    ("/account/login/", {"login": "karin@example.org", "password": "wrong"}),
    ("/account/login/code/", {"email": "karin@example.org"}),
    ("/account/signup/", {"email": "new@example.org", "password1": "demonstration"}),
    ("/account/password/reset/", {"email": "karin@example.org"}),
]


@pytest.mark.parametrize(("address", "fields"), DOORS)
@pytest.mark.parametrize("value", [NUL, HUGE, "not an address"], ids=["nul", "huge", "wrong"])
def test_the_doors_refuse_in_words(address, fields, value):
    for name in fields:
        response = Client().post(address, {**fields, name: value})
        if response.status_code != 302:  # a password of any text may open an account
            refused(response)
        else:
            assert "password" in name
    response = Client().post(address, {**fields, "next": value})
    assert response.status_code < 500


@pytest.mark.parametrize("code", [NUL, HUGE, ""], ids=["nul", "huge", "empty"])
def test_a_code_that_is_none(client, code):
    client.post("/account/login/code/", {"email": UserFactory().email})
    assert "<title>Error:" in refused(client.post("/account/login/code/confirm/", {"code": code}))


# --- writing an application ---------------------------------------------------------------------------------


def page(name: str, application: Application, *more: str) -> str:
    return reverse(f"calls:{name}", args=[application.reference, *more])


@pytest.fixture
def draft(world) -> Application:
    """A draft whose section asks a question of every type."""
    ThemeFactory(slug="waste")
    options = [{"value": value, "label": {"en": value}} for value in ("one", "two")]
    for place, kind in enumerate(QuestionType.values, start=2):
        QuestionFactory(section=world.section, key=f"a-{kind}", type=kind, position=place, options=options)
    return world.draft(title="Before")


TYPED = {"text", "long_text", "number", "money", "months", "date"}
HELD = "Another answer, long worked at"


@pytest.mark.parametrize("kind", QuestionType.values)
@pytest.mark.parametrize("value", [NUL, HUGE, "evil"], ids=["nul", "huge", "wrong"])
def test_each_type_of_question_keeps_or_says_what_is_wrong(client, draft, kind, value):
    address = page("section", draft, "summary")
    data = {"version": draft.version, "answer-summary": HELD, f"answer-a-{kind}": value}
    response = client.post(address, data)
    if value == "evil" and kind in {"text", "long_text"}:
        assert response.status_code == 302
        return
    text = said(response)
    assert response.status_code == 422
    assert "<title>Error:" in text
    assert f'href="#id_answer-a-{kind}' in text
    assert HELD in text
    assert kind not in TYPED or value.replace("\x00", "") in text
    draft.refresh_from_db()
    assert draft.answers == {"title": "Before"}


@pytest.mark.parametrize("version", [DIGITS, "-1", "1.5", "\x00", "²"])
def test_a_version_that_is_none_overwrites_nothing(client, draft, version):
    data = {"version": version, "seen": version, "answer-title": "Mine"}
    response = client.post(page("section", draft, "summary"), data)
    assert response.status_code == 409
    assert "Mine" in said(response)
    response = client.post(page("submit", draft), {"version": version})
    assert response.status_code in {409, 422}
    said(response)
    draft.refresh_from_db()
    assert (draft.status, draft.title) == ("draft", "Before")


@pytest.mark.parametrize("words", [NUL, HUGE, "Atlantis", "", "ale", DIGITS, "%s", ",", "\ufffd"])
def test_words_for_a_partner_that_name_no_city(client, draft, words):
    response = client.post(page("partners", draft), {"words": words})
    assert response.status_code in {409, 422}
    text = refused(response)
    assert 'role="alert"' in text
    assert client.post(page("partners", draft), {"remove": f"{words}-x"}).status_code == 404


@pytest.mark.parametrize("value", [NUL, HUGE], ids=["nul", "huge"])
def test_a_reason_for_withdrawing(client, draft, value):
    response = client.post(page("withdraw", draft), {"note": value})
    if value is HUGE:
        assert response.status_code == 422
        assert value in refused(response)
    else:
        assert response.status_code == 302
    draft.refresh_from_db()
    assert (draft.status == "draft") is (value is HUGE)


@pytest.mark.parametrize("organisation", ["evil", "\x00", DIGITS, "-1", "0"])
def test_an_organisation_that_is_not_ones_own_starts_nothing(world, client, organisation):
    other = MembershipFactory().organisation
    for value in (organisation, other.pk):
        response = client.post(
            reverse("calls:start", args=["open"]), {"organisation": value, "partner": "a\x00b"}
        )
        assert response.status_code == 422
        assert "Choose the organisation that applies." in said(response)
    assert not Application.objects.exists()


def test_partners_that_do_not_exist_do_not_stop_a_draft(world, client):
    data = {"partner": [NUL, HUGE, "atlantis", DIGITS, *map(str, range(99))]}
    assert client.post(reverse("calls:start", args=["open"]), data).status_code == 302
    assert not Application.objects.get().partners.exists()


def test_a_closed_call_takes_nothing_and_says_so(world, client):
    draft = world.complete()
    Call.objects.update(closes_at=timezone.now() - timedelta(seconds=1))
    response = client.post(page("submit", draft), {"version": draft.version})
    assert response.status_code == 409
    assert "The call closed before this submission arrived." in said(response)
    response = client.post(page("partners", draft), {"words": "Gaborone"})
    assert response.status_code == 409
    assert "The call closed." in said(response)
    Application.objects.all().delete()
    response = client.post(reverse("calls:start", args=["open"]), {"organisation": world.lead.pk})
    assert response.status_code == 409
    assert "takes no applications now." in said(response)


def test_missing_answers_are_named(world, client):
    draft = world.draft(title="Youth")
    response = client.post(page("submit", draft), {"version": draft.version})
    assert response.status_code == 422
    assert "Answer “Summary”." in said(response)


# --- the staff side -----------------------------------------------------------------------------------------


@dataclass
class Office:
    """The desk of tests.calls, worked at by an administrator."""

    desk: Desk
    client: Client
    boss: User

    def post(self, application: Application, step: str, **fields: Any) -> HttpResponse:
        address = reverse(f"admin:calls_application_{step}", args=[application.pk])
        return self.client.post(address, {"version": application.version, **fields})


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
            office.post(eligible, "review", **{"comment": HELD, field: value})
            for field in ("comment", "recommendation", f"score_{criterion.pk}", f"note_{criterion.pk}")
        ],
    ]
    for response in answers:
        text = refused(response)
        assert response.status_code == 422
        assert HELD in text or value in text
    address = reverse("admin:calls_call_amend", args=[office.desk.call.pk])
    for field in ("reason_en", "closes"):
        response = office.client.post(address, {"reason_en": HELD, field: value})
        assert response.status_code == 422
        assert HELD in refused(response) or value in refused(response)


@pytest.mark.parametrize("wrong", ["nine", "6", "-1", "²", DIGITS, "4.5", "\x00"])
def test_scores_and_versions_of_the_wrong_type(office, wrong):
    eligible, criterion = office.desk.eligible("Lund"), office.desk.criteria[0]
    other = CallFactory().pk
    for fields in ({f"score_{criterion.pk}": wrong}, {"version": wrong}, {"recommendation": wrong}):
        response = office.post(eligible, "review", **{"comment": HELD, "version": 0, **fields})
        assert response.status_code in {409, 422}, fields
        assert HELD in refused(response)
    assert office.post(eligible, "review", **{f"score_{other}99": "3", "version": 0}).status_code == 302
    assert not eligible.reviews.get().scores.exists()
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
]
QUERIES = [
    *["q={}", "p={}", "o={}", "e={}", "all={}", "todo={}", "status={}", "call={}", "kind__exact={}", "id={}"],
    *["state__exact={}", "verified={}", "network__id__exact={}", "{}=1", "_to_field={}", "_popup={}"],
]


@pytest.mark.parametrize("name", LISTS)
def test_the_lists_of_the_staff_side(office, name):
    office.desk.recommended()
    address = reverse(f"admin:{name}_changelist")
    for query in QUERIES:
        for words in ("a%00b", SURROGATE, "evil", "-1", DIGITS, "9" * 30, "x__y", quote("ö" * 1_000)):
            response = office.client.get(f"{address}?{query.replace('{}', words)}")
            assert response.status_code in {200, 302, 400}, (query, words[:20])
    for chosen in ("evil", "\x00", DIGITS, "9" * 30):
        for action in ("verify", "publish", "delete_selected", "evil\x00"):
            data = {"action": action, "_selected_action": [chosen], "index": "0"}
            assert office.client.post(address, data).status_code in {200, 302, 403}, (action, chosen[:9])


@pytest.mark.parametrize("name", LISTS)
def test_the_stock_forms_of_the_staff_side(office, name):
    office.desk.recommended()
    address = reverse(f"admin:{name}_changelist")
    for key in ("evil", "_00", "9" * 30, DIGITS, "_ED_A0_80"):
        for suffix in ("change/", "history/", "delete/", "review/", "ranking/", "pairing/", "amend/"):
            assert office.client.get(f"{address}{key}/{suffix}").status_code in {301, 302, 403, 404}
    response = office.client.get(f"{address}add/")
    if response.status_code != 200:
        assert response.status_code in {403, 404}
        return
    form = response.context["adminform"].form
    for value in (NUL, "evil", DIGITS, '{"en": "a\\u0000b"}', '["\\ud800"]', "99999999999", "0000-00-00"):
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
