"""A service is away: a 503 that offers the way out, holds what was sent, and asks nobody."""

import logging
import re
from html import unescape

import psycopg2
import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError, connection
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import path
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import ConnectionError as CacheError

from cooperation.urls import handler500, urlpatterns
from cooperation.web import outages
from cooperation.web.outages import is_outage
from cooperation.web.pages import unavailable
from tests.factories import UserFactory

WRITTEN = "Tramways that <b>stay</b>\r\nfor “years”"


def _fails(request):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 20")
        cursor.execute("SELECT pg_sleep(2), 'karin@example.org'")


def _fails_behind(request):
    try:
        _fails(request)
    except OperationalError:
        raise KeyError("broken") from None  # as a template would


def _fails_on_its_own(request):
    raise KeyError("ours")


def _sends_away(request):
    """The session is saved after the view, by a middleware: there it fails."""
    request.session["far"] = True
    request.session.save = lambda: _fails(request)
    return HttpResponse("kept")


urlpatterns = [
    path("fails/", _fails),
    path("sv/fails/", _fails),
    path("fails-behind/", _fails_behind),
    path("fails-on-its-own/", _fails_on_its_own),
    path("fails-in-middleware/", _sends_away),
    *urlpatterns,
]
assert handler500
pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.test_outages")]


@pytest.fixture
def page(client):
    client.raise_request_exception = False
    return lambda address, data=None, **more: getattr(client, "get" if data is None else "post")(
        address, data, **more
    )


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (OperationalError("server closed the connection"), True),
        (InterfaceError("connection already closed"), True),
        (DatabaseError("error with status PGRES_TUPLES_OK and no message from the libpq"), True),
        (CacheError(), True),
        (BrokerError(), True),
        (TimeoutError(), True),
        (IntegrityError("ours"), False),
        (KeyError("ours"), False),
        (OSError("disk"), False),
    ],
)
def test_an_outage_is_told_from_a_fault_of_our_own(error, away):
    assert is_outage(error) is away


def test_a_standby_that_only_reads_is_an_outage():
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
        with pytest.raises(DatabaseError) as caught:
            cursor.execute("CREATE TABLE none ()")
    assert isinstance(caught.value.__cause__, psycopg2.errors.ReadOnlySqlTransaction)
    assert is_outage(caught.value)


def test_a_page_that_could_not_be_made_offers_itself_again(page):
    answer = page("/fails/?q=tram&page=2")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "10"
    assert answer["Cache-Control"] == "no-store, private"
    html = answer.content.decode()
    assert 'href="/fails/?q=tram&amp;page=2"' in html
    assert "<form" not in html
    assert answer["X-Request-ID"] not in html  # nobody needs it who sent nothing


def test_the_way_out_never_leads_to_another_site(rf):
    for sent in ({}, {"title": "Youth in the city"}):
        request = getattr(rf, "post" if sent else "get")("/x/", sent, PATH_INFO="//evil.example/x/")
        html = unavailable(request).content.decode()
        assert re.findall(r'(?:action|href)="(//[^"]*)"', html) == []
        assert "/%2Fevil.example/x/" in html


def test_the_page_is_in_the_language_of_its_address(page):
    assert '<html lang="sv">' in page("/sv/fails/").content.decode()


@pytest.mark.parametrize("address", ["/fails/", "/fails-behind/", "/fails-in-middleware/"])
def test_what_was_sent_can_be_sent_again(page, address):
    sent = {"csrfmiddlewaretoken": "a" * 32, "version": "7", "answer-summary": WRITTEN, "themes": ["a", "b"]}
    answer = page(address, sent)
    assert answer.status_code == 503
    html = answer.content.decode()
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', html)
    assert [(name, unescape(value)) for name, value in fields] == [
        ("csrfmiddlewaretoken", "a" * 32),
        ("version", "7"),
        ("answer-summary", WRITTEN),
        ("themes", "a"),
        ("themes", "b"),
    ]
    assert f'action="{address}"' in html
    assert answer["X-Request-ID"] in html
    assert html.count("<b>") == 0
    assert html.count('class="answer-text"') == 1


@pytest.mark.parametrize("name", ["password", "new_password1", "code"])
def test_no_secret_is_shown_again(page, name):
    html = page("/fails/", {"login": "karin@example.org", name: "s3cret-word"}).content.decode()
    assert "s3cret" not in html
    assert "karin" not in html
    assert "may not have been carried out" in html


def test_what_is_no_form_is_not_read_again(page):
    answer = page("/fails/", b"{", content_type="application/json")
    assert answer.status_code == 503
    assert "<form" not in answer.content.decode()


def test_a_part_of_a_page_is_one_sentence(page):
    answer = page("/fails/", headers={"HX-Request": "true"})
    assert answer.status_code == 503
    assert answer.content.decode().strip().startswith("<p ")
    assert "data-unavailable" in answer.content.decode()


def test_a_fault_of_our_own_stays_one(page):
    assert page("/fails-on-its-own/").status_code == 500


def test_the_log_names_the_fault_and_the_place_and_nobody(page, caplog):
    with caplog.at_level(logging.ERROR):
        page("/fails/")
    (line,) = [row for row in caplog.records if row.name == "portal.outage"]
    assert line.msg["error"] == "OperationalError"
    assert line.msg["sqlstate"] == "57014"
    assert line.msg["where"][-2].startswith("test_outages._fails:")
    assert "karin" not in caplog.text
    assert "/fails/" not in caplog.text  # an address may be a secret


def test_the_page_asks_neither_database_nor_cache(django_assert_num_queries, settings):
    settings.CACHES = {}
    request = RequestFactory().post("/pl/x/", {"text": WRITTEN})
    request.user = AnonymousUser()
    with django_assert_num_queries(0):
        assert outages.answer(request, OperationalError("gone")).status_code == 503


def test_who_is_logged_in_is_not_looked_up_for_an_error_page(client, django_assert_num_queries):
    client.force_login(UserFactory())
    with django_assert_num_queries(4):  # the session and the person before the view, and what it asked itself
        assert client.get("/fails/").status_code == 503
