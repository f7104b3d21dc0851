"""Pages kept for a few seconds: for whom, and for whom not."""

import pytest
from django.core.cache import caches

from calls.models import CallText
from tests.factories import CallFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _cached(settings):
    settings.PAGE_CACHE_SECONDS = 5
    caches["pages"].clear()
    yield
    caches["pages"].clear()


def test_a_second_reader_gets_the_page_without_a_query(client, django_assert_num_queries):
    call = CallFactory()
    first = client.get(call.get_absolute_url())
    with django_assert_num_queries(0):
        second = client.get(call.get_absolute_url())
    assert second.content == first.content
    for header in ("Content-Security-Policy", "X-Frame-Options", "Content-Type", "Vary"):
        assert second.headers[header] == first.headers[header]
    assert second.headers["X-Request-ID"] != first.headers["X-Request-ID"]


def test_each_language_and_query_is_a_page_of_its_own(client):
    CallFactory()
    english = client.get("/calls/").content
    assert client.get("/sv/calls/").content != english
    assert client.get("/calls/?q=nothing").content != english


def test_people_with_a_session_see_the_page_as_it_is(client):
    call = CallFactory()
    client.get(call.get_absolute_url())
    CallText.objects.filter(call=call).update(title="A new title")
    client.force_login(UserFactory())
    assert b"A new title" in client.get(call.get_absolute_url()).content


def test_a_private_page_and_a_form_with_a_token_are_not_kept(client):
    client.get("/account/login/")
    client.get("/my/")
    assert not caches["pages"]._cache


def test_an_error_is_not_kept(client):
    assert client.get("/calls/soon/").status_code == 404
    CallFactory(slug="soon")
    assert client.get("/calls/soon/").status_code == 200
