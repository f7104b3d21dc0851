"""What no honest form sends, at every door: a clear sentence, the right status code, never a 500.

Bytes that the database cannot keep, texts beyond any length, values of the wrong type, requests out of order.
Texts that people typed are shown again.
"""

from datetime import timedelta
from urllib.parse import quote, urlencode

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from calls.models import Application, Call
from calls.models.form import QuestionType
from tests.calls.worlds import World, small_world
from tests.factories import MembershipFactory, QuestionFactory, ThemeFactory, UserFactory

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
    *["/calls/open/qa/?q={}", "/calls/open/qa/?about={}", "/calls/{}/qa/"],
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


@pytest.mark.parametrize(
    "whole", [False, pytest.param(True, marks=pytest.mark.thorough)], ids=["quick", "thorough"]
)
@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_every_address_answers_strange_words_in_words(world, words, whole):
    """In the quick setting each address gets every other of the words."""
    visitor, officer = Client(), Client()
    officer.force_login(world.officer)
    for address in ADDRESSES if whole else ADDRESSES[list(WORDS.values()).index(words) % 2 :: 2]:
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


TYPED = {"text", "long_text", "number", "money", "months", "date", "city"}
HELD = "Another answer, long worked at"


# Questions of several cells, and documents, have names of their own: test_bad_answers.py.
ONE_FIELD = [kind for kind in QuestionType.values if kind not in {"budget", "activities", "team", "file"}]


@pytest.mark.parametrize("kind", ONE_FIELD)
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
