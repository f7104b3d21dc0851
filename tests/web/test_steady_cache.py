"""The shared cache away: whoever uses it goes on with the process's own memory, and comes back to it."""

import pytest
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from cooperation.web import steady_cache
from cooperation.web.health import examine
from cooperation.web.steady_cache import SteadyCache
from tests.factories import UserFactory

NOBODY = "unix:///tmp/nobody-listens-here.sock?db=0"


@pytest.fixture
def shared(settings, monkeypatch):
    """The shared cache at an address where nobody listens, until `to` gives it back."""
    address = settings.CACHES["default"]["LOCATION"]
    monkeypatch.setattr(SteadyCache, "away_until", 0.0)

    def move(to):
        settings.CACHES = {**settings.CACHES, "default": {**settings.CACHES["default"], "LOCATION": to}}

    move(NOBODY)
    yield lambda: move(address)
    caches["own"].clear()


def test_the_process_remembers_in_its_place(shared):
    cache = caches["default"]
    assert cache.get("tries", "none") == "none"
    assert cache.add("tries", [1], 60)
    assert not cache.add("tries", [2], 60)
    assert cache.get("tries") == [1]
    assert cache.incr_version("tries") == 2
    assert cache.delete("tries", version=2)


def test_it_is_asked_again_after_a_while(shared, monkeypatch):
    monkeypatch.setattr(steady_cache, "AWAY_SECONDS", 0.0)
    caches["default"].set("word", "own")
    shared()
    caches["default"].set("word", "shared")
    assert RedisCache.get(caches["default"], "word") == "shared"
    assert caches["own"].get("word") == "own"


def test_health_asks_the_server_itself(shared, db):
    assert not examine()["broker"].fine
    with pytest.raises(RedisError):
        caches["default"].ping()
    shared()
    assert examine()["broker"].fine


@pytest.mark.django_db
def test_attempts_to_log_in_are_counted_without_it(shared, client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,2/5m/key"}
    user = UserFactory(email="karin@example.org")
    user.set_password("a long one indeed")
    user.save()
    wrong = {"login": "karin@example.org", "password": "not this one"}
    found = [client.post("/account/login/", wrong) for _time in range(3)]
    assert [answer.status_code for answer in found] == [200] * 3
    assert "Too many" in found[-1].content.decode()
    assert "Too many" not in found[0].content.decode()


@pytest.mark.django_db
def test_logging_in_works_without_it(shared, client, settings, mailoutbox):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
    answer = client.post("/account/login/code/", {"email": "nobody@example.org"})
    assert answer.status_code < 500
