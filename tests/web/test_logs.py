"""Logs name the route and the request, never a person or what was typed."""

import json
import logging
import logging.config

import pytest
from django.conf import settings

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines():
    """What the portal's own formatter writes, one JSON object a line."""
    found: list[str] = []
    formatter = logging.config.DictConfigurator(settings.LOGGING).configure_formatter(
        dict(settings.LOGGING["formatters"]["json"])
    )

    class Keep(logging.Handler):
        def emit(self, record):
            found.append(formatter.format(record))

    logger, handler = logging.getLogger("portal.request"), Keep()
    logger.addHandler(handler)
    level = logger.level
    logger.setLevel(logging.INFO)
    yield found
    logger.removeHandler(handler)
    logger.setLevel(level)


def test_a_request_is_one_line_without_personal_data(client, lines):
    client.force_login(UserFactory(email="karin@example.org", name="Karin Lindqvist"))
    answer = client.get("/calls/?q=karin@example.org", headers={"Referer": "https://example.org/karin"})
    (line,) = [json.loads(line) for line in lines]
    assert line["event"] == "request"
    assert line["route"] == "calls/"
    assert line["status"] == 200
    assert line["request_id"] == answer.headers["X-Request-ID"]
    assert set(line) == {
        "event", "level", "logger", "timestamp", "request_id", "method", "route", "status", "milliseconds",
    }  # fmt: skip
    assert "karin" not in lines[0].lower()
