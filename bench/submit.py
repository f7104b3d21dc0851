"""Saving a section and submitting through the web server, fsync on, against four inserts in a transaction.

The ceiling is a view that only knows who asks and inserts four rows, one of 15 kB, in one transaction. A
ratio of 0.33 says that a whole submission (rules, consents, snapshot, hash, history, receipts) takes three
times as long. Applications are copies of the demo's, with its largest form and consents given.
"""

import http.client
import json
import threading
import time
from collections.abc import Iterator
from itertools import count, cycle
from typing import Any
from urllib.parse import urlencode, urlsplit

from bench._portal import database, web

CALL = "icld-projects"
DRAFTS = 900
SECONDS = 8.0
THREADS = 12
TOKEN = "b" * 32
Request = tuple[str, str, dict[str, str]]  # the session of who asks, the path, the fields


def say(name: str, **figures: float) -> None:
    print(f"BENCH {name} " + " ".join(f"{key}={value:.2f}" for key, value in figures.items()), flush=True)


def post(address: str, requests: Iterator[Request]) -> tuple[float, float]:
    """Requests a second and the median in milliseconds; every answer must be a redirect."""
    parts, guard = urlsplit(address), threading.Lock()
    times: list[float] = []
    wrong: list[str] = []
    end = time.monotonic() + SECONDS
    headers = {"X-CSRFToken": TOKEN, "Content-Type": "application/x-www-form-urlencoded"}

    def send() -> None:
        connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=60)
        while time.monotonic() < end and not wrong:
            with guard:
                session, path, fields = next(requests, ("", "", {}))
            if not path:
                return
            started = time.monotonic()
            cookie = {"Cookie": f"sessionid={session}; csrftoken={TOKEN}"}
            connection.request("POST", path, urlencode(fields), headers | cookie)
            answer = connection.getresponse()
            answer.read()
            times.append(time.monotonic() - started)
            if answer.status != 302 or "login" in (answer.headers.get("Location") or ""):
                wrong.append(f"{path} answered {answer.status}")

    begun = time.monotonic()
    threads = [threading.Thread(target=send) for _number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise RuntimeError(wrong[0])
    return len(times) / (time.monotonic() - begun), sorted(times)[len(times) // 2] * 1000


def ready_drafts(number: int) -> list[Any]:
    """Copies of a submitted demo application as complete drafts, each of a lead and an officer of its own."""
    from bench._rows import copy_as_drafts
    from calls.models import Application

    source = Application.objects.filter(call__slug=CALL, status="submitted").order_by("pk").first()
    if source is None:
        raise RuntimeError(f"the demo has no submitted application to {CALL}")
    return copy_as_drafts(source, number)


def sessions_of(drafts: list[Any]) -> dict[int, str]:
    """A session of each draft's officer, by draft."""
    from django.test import Client

    found = {}
    for draft in drafts:
        client = Client(headers={"host": "127.0.0.1"})
        client.force_login(draft.created_by)
        found[draft.pk] = client.cookies["sessionid"].value
    return found


def inserts(sessions: list[str]) -> Iterator[Request]:
    """The ceiling, asked for by each officer in turn."""
    return ((session, "/inserts/", {}) for session in cycle(sessions))


def saves(drafts: list[Any], sessions: dict[int, str], section: Any) -> Iterator[Request]:
    """One section of each draft in turn, each time with the version it has then."""
    versions = {draft.pk: draft.version for draft in drafts}
    for number in count():
        draft = drafts[number % len(drafts)]
        fields = {"version": str(versions[draft.pk]), "stay": "1", "answer-title": f"Title {number}"}
        versions[draft.pk] += 1
        yield sessions[draft.pk], f"/applications/{draft.reference}/s/{section.key}/", fields


def submissions(drafts: list[Any], sessions: dict[int, str]) -> Iterator[Request]:
    """Each draft once."""
    for draft in drafts:
        fields = {"version": str(draft.version)}
        yield sessions[draft.pk], f"/applications/{draft.reference}/submit/", fields


def query_counts(user: Any, draft: Any) -> dict[str, int]:
    """How many queries each page of the journey needs."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user)
    section = draft.call.sections.filter(version=draft.form_version).first().key
    found = {}
    for name in ("application", "section", "partners", "team", "documents", "check_answers"):
        words = [draft.reference, section] if name == "section" else [draft.reference]
        with CaptureQueriesContext(connection) as caught:
            answer = client.get(reverse(f"calls:{name}", args=words))
        assert answer.status_code == 200, (name, answer.status_code)
        found[name] = len(caught)
    return found


def main() -> None:
    from django.db import connection

    from calls.demo.world import load_world
    from calls.queries.clock import database_now

    load_world(at=database_now(), say=lambda line: None)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_insert (id bigserial PRIMARY KEY, person int, place int, content text)"
        )
    drafts = ready_drafts(DRAFTS)
    sessions = sessions_of(drafts)
    section = drafts[0].call.sections.filter(version=drafts[0].form_version, questions__key="title").get()
    with web() as address:
        measure = {
            "inserts": inserts(list(sessions.values())),
            "save": saves(drafts[: DRAFTS // 3], sessions, section),
            "submit": submissions(drafts[DRAFTS // 3 :], sessions),
            "inserts_again": inserts(list(sessions.values())),
        }
        found = {name: post(address, requests) for name, requests in measure.items()}
    ceiling = (found["inserts"][0] + found["inserts_again"][0]) / 2
    counts = query_counts(drafts[0].created_by, drafts[0])
    print(json.dumps({"queries": counts}))
    for name in ("save", "submit"):
        per_second, median = found[name]
        say(name, per_s=per_second, p50_ms=median, ceiling_per_s=ceiling, ratio=per_second / ceiling)
    say("submit_queries", **counts)


if __name__ == "__main__":
    with database(durable=True):
        main()
