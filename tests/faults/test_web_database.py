"""F17 to F21: the database restarts, ends connections, holds locks, is full, breaks circles; people go on."""

import random
import time

import psycopg2
import pytest

from tests.faults.oracle import Tally, check_history, check_submissions
from tests.faults.parts import until
from tests.faults.visitors import CLEAN, Crowd, Visitor, check_drafts, check_once, statuses
from tests.faults.web import serve
from tests.quick import one_in

RECOVERY = 10.0  # seconds after the database is back
BUSY = (
    "SELECT pid FROM pg_stat_activity"
    " WHERE datname = 'portal' AND state <> 'idle' AND pid <> pg_backend_pid()"
)


class People:
    """Some who write without end, and some who submit one after the other."""

    def __init__(self, stack, port: int, writers: int, submitters: int) -> None:
        self.stack = stack
        made = stack.done("tests.faults.web_doings:drafts", number=writers + submitters)
        self.writers = [Visitor(port, draft) for draft in made[:writers]]
        self.submitters = [Visitor(port, draft) for draft in made[writers:]]
        self.reader = Visitor(port)
        self.told: dict[str, str] = {}
        self.crowd = Crowd()
        waiting = list(self.submitters)
        self.crowd.send([lambda one=one: one.save(f"Text {time.monotonic():.4f}") for one in self.writers])
        self.crowd.send([lambda: self._next(waiting)] * 2)
        self.crowd.send([lambda: self.reader.get("/calls/")])

    def _next(self, waiting: list[Visitor]) -> None:
        try:
            visitor = waiting.pop()
        except IndexError:
            time.sleep(0.05)
            return
        self.told[visitor.draft["reference"]] = visitor.submit()

    def tally(self, rounds: int = 1) -> Tally:
        """Let all finish; everything acknowledged is there, once, and nobody met anything but a clean 503."""
        self.crowd.stop()
        visitors = [*self.writers, *self.submitters, self.reader]
        found = statuses(visitors)
        assert set(found) <= CLEAN, found
        assert found[503], "the fault hit nobody"
        assert self.told
        check_submissions(self.stack, self.told)
        check_drafts(self.stack, self.writers)
        doubled = check_once(self.stack)
        check_history(self.stack)
        assert doubled == 0
        return Tally(rounds)

    def saved(self) -> list[str]:
        return [writer.draft.get("saved", "") for writer in self.writers]

    def everybody_saves(self, seconds: float) -> float:
        """Wait until every writer has saved something new; how long it took."""
        before, began = self.saved(), time.monotonic()
        until(
            lambda: all(new != old for new, old in zip(self.saved(), before, strict=True)),
            seconds,
            "a save of each",
        )
        return time.monotonic() - began


@pytest.mark.parametrize("rounds", one_in({"quick": 1, "thorough": 20}))
def test_restarted_at_once(stack, note, rounds):
    """F17: PostgreSQL is killed under load and comes back; within ten seconds everybody is served again."""
    port = serve(stack)
    people = People(stack, port, writers=2, submitters=4 + 4 * rounds)
    for _round in range(rounds):
        people.everybody_saves(20)
        stack.postgres.restart()
        assert people.everybody_saves(RECOVERY) < RECOVERY
    note("F17 database restarted under load", people.tally(rounds))


@pytest.mark.parametrize("rounds", one_in({"quick": 5, "thorough": 100}))
def test_a_backend_ended_in_the_middle_of_a_request(stack, note, rounds):
    """F18: whose connection was ended gets a clean page, and whatever was sent again arrives once."""
    port = serve(stack)
    people = People(stack, port, writers=3, submitters=5 + rounds)
    people.everybody_saves(20)
    for _round in range(rounds):
        pids = until(lambda: stack.sql(BUSY), 10, "a request")
        stack.sql("SELECT pg_terminate_backend(%s)", random.choice(pids)[0])  # noqa: S311
        time.sleep(0.05)
    people.everybody_saves(RECOVERY)
    note("F18 backend ended in mid-request", people.tally(rounds))


def test_a_lock_that_is_held(stack, note, chance):
    """F19: who waits for it gets, within the six seconds, a page in their language with all they typed."""
    port = serve(stack)
    draft, *others = stack.done("tests.faults.web_doings:drafts", number=chance.randint(2, 4))
    writer = Visitor(port, draft)
    page = f"/sv/applications/{draft['reference']}/s/summary/"
    fields = {"version": str(draft["version"]), "answer-title": "Youth", "answer-summary": "Held: “å” & <b>"}
    with stack.postgres.connected() as holder, holder.cursor() as cursor:
        holder.autocommit = False
        cursor.execute("SELECT 1 FROM calls_application WHERE id = %s FOR UPDATE", [draft["pk"]])
        crowd, held = Crowd(), []
        crowd.send([lambda: held.append(writer.post(page, fields)) or crowd.over.set()])
        told = {other["reference"]: Visitor(port, other).submit() for other in others}  # nobody else waits
        crowd.over.wait(10)
        crowd.stop()
        holder.rollback()
    (answer,) = held
    assert answer.status == 503
    assert 4 < answer.seconds < 7
    assert answer.headers["Retry-After"] == "10"
    assert '<html lang="sv">' in answer.text
    assert 'value="Held: “å” &amp; &lt;b&gt;"' in answer.text
    assert f'action="{page}"' in answer.text
    assert writer.post(page, fields).status == 302
    assert stack.sql("SELECT answers->>'summary' FROM calls_application WHERE id = %s", draft["pk"]) == [
        ("Held: “å” & <b>",)
    ]
    check_submissions(stack, told)
    note("F19 lock held", Tally(1))


def test_no_connection_is_left(stack, note, chance):
    """F20: clean pages, an honest /healthz, and all by itself it goes on when connections are free again."""
    port = serve(stack)
    (draft,) = stack.done("tests.faults.web_doings:drafts", number=1)
    visitor, taken = Visitor(port, draft), []
    try:
        _take_all(stack, taken)
        assert {visitor.get("/calls/").status for _visit in range(chance.randint(1, 4))} == {503}
        sent = visitor.post(visitor.address("submit/"), {"version": str(draft["version"])})
        assert sent.status == 503
        assert "Send it again" in sent.text
        health = visitor.get("/healthz")
        assert health.status == 503
        assert '"database": {"fine": false, "detail": "OperationalError"}' in health.text
        assert '"broker": {"fine": true' in health.text
    finally:
        for connection in taken:
            connection.close()
    began = time.monotonic()
    told = {draft["reference"]: visitor.submit()}
    assert time.monotonic() - began < RECOVERY
    until(lambda: '"database": {"fine": true' in visitor.get("/healthz").text, RECOVERY)
    check_submissions(stack, told)
    assert check_once(stack) == 0
    assert set(visitor.seen) <= CLEAN
    note("F20 connections exhausted", Tally(1))


def _take_all(stack, taken: list) -> None:
    """Connect until nobody can any more."""
    with pytest.raises(psycopg2.OperationalError, match="too many clients"):
        taken.extend(iter(lambda: psycopg2.connect(stack.postgres.url), None))


def test_a_deadlock(stack, note, chance):
    """F21: PostgreSQL breaks off the submission; it is done again, and the person never knows."""
    port = serve(stack)
    (draft,) = stack.done("tests.faults.web_doings:drafts", number=1)
    visitor, found = Visitor(port, draft), []
    assert visitor.get("/calls/").status == 200
    with stack.postgres.connected() as other, other.cursor() as cursor:
        other.autocommit = False
        cursor.execute("SET deadlock_timeout = '30s'")  # the other side finds the circle
        cursor.execute("SELECT 1 FROM accounts_user FOR UPDATE")
        crowd = Crowd()
        crowd.send([lambda: found.append(visitor.submit()) or crowd.over.set()])
        waiting = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        until(lambda: stack.sql(waiting), 10, "a submission that waits")
        time.sleep(chance.uniform(0, 0.2))  # it looks for a circle once, after a second
        cursor.execute("SELECT 1 FROM calls_application WHERE id = %s FOR UPDATE", [draft["pk"]])
        other.rollback()
        crowd.stop()
    assert visitor.seen == {200: 2, 302: 1}
    check_submissions(stack, {draft["reference"]: found[0]})
    assert check_once(stack) == 0
    assert stack.sql("SELECT deadlocks FROM pg_stat_database WHERE datname = 'portal'") != [(0,)]
    note("F21 deadlock", Tally(1))
