"""F49 and F50: a crowd in the last second, a new release under load; and a web server without its broker."""

import os
import signal
import threading
import time

import pytest

from tests.faults.oracle import Tally, check_history, check_submissions
from tests.faults.parts import descendants, until
from tests.faults.visitors import CLEAN, NO_ANSWER, PATIENCE, Crowd, Visitor, check_once, statuses
from tests.faults.web import begin, serve
from tests.quick import one_in


def test_whoever_waits_at_the_deadline_is_in_time(stack, note, chance):
    """F36, F49: the server does nothing from before the deadline until after it, and then counts rightly."""
    server, port = begin(stack)
    number = chance.randint(3, 5)  # two workers of four threads, and nobody is served before all came
    made = stack.done("tests.faults.web_doings:drafts", number=number + 2)
    visitors = [Visitor(port, draft, keeps=False) for draft in made]
    early, late, found = visitors[:number], visitors[number:], {}

    def submit(visitor: Visitor) -> None:
        fields = {"version": str(visitor.draft["version"])}
        found[visitor.draft["reference"]] = visitor.post(visitor.address("submit/"), fields).status

    closes_at = _close(stack, 1.0)
    workers = descendants(server.pid)
    for pid in workers:
        os.kill(pid, signal.SIGSTOP)
    threads = [threading.Thread(target=submit, args=[visitor]) for visitor in visitors]
    for thread in threads[: len(early)]:
        thread.start()
    time.sleep(closes_at + 1.0 - time.time())  # a busy database is up to this slow to say what time it is
    for thread in threads[len(early) :]:
        thread.start()
    time.sleep(0.3)
    for pid in workers:
        os.kill(pid, signal.SIGCONT)
    for thread in threads:
        thread.join(30)
    assert [found[one.draft["reference"]] for one in early] == [302] * number
    assert [found[one.draft["reference"]] for one in late] == [409] * 2
    times = stack.sql("SELECT extract(epoch FROM received_at)::float8 FROM calls_snapshot")
    assert len(times) == number
    assert all(closes_at - 2.0 < received < closes_at for (received,) in times)
    assert check_once(stack) == 0
    note("F36 waiting in line at the deadline", Tally(1))


@pytest.mark.thorough
def test_a_crowd_at_the_deadline(stack, note, chance):
    """F49: who sent before the deadline is in time however long the line, who sent after it is late."""
    crowd = chance.randint(100, 150)
    port = serve(stack)
    made = stack.done("tests.faults.web_doings:drafts", number=crowd)
    visitors = [Visitor(port, draft, keeps=False) for draft in made]
    # two in three send just before, all at once; one in three a moment after
    early = visitors[: 2 * crowd // 3]
    late = visitors[2 * crowd // 3 :]
    sent: dict[str, tuple[float, float, int]] = {}
    readers = Crowd()
    looking = [Visitor(port) for _reader in range(4)]
    readers.send([lambda one=one: one.get("/calls/") for one in looking])

    def submit(visitor: Visitor, moment: float) -> None:
        time.sleep(max(0.0, moment - time.time()))
        fields = {"version": str(visitor.draft["version"])}
        began = time.time()
        answer = visitor.post(visitor.address("submit/"), fields)
        sent[visitor.draft["reference"]] = (began, began + answer.seconds, answer.status)

    closes_at = _close(stack, 1.0 + crowd / 100)
    acts = [(one, closes_at - 0.3) for one in early] + [(one, closes_at + 0.3) for one in late]
    threads = [threading.Thread(target=submit, args=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    readers.stop()
    received = dict(
        stack.sql(
            "SELECT reference, extract(epoch FROM received_at)::float8 FROM calls_snapshot"
            " JOIN calls_application ON calls_application.id = application_id"
        )
    )
    queued = 0
    for visitor in early:
        began, answered, status = sent[visitor.draft["reference"]]
        # the crowd itself shares these processors: who was let run too late sent too late
        if began < closes_at - 0.1:
            assert status == 302, (began - closes_at, status)
            assert began - 0.2 < received[visitor.draft["reference"]] < closes_at
            queued += answered > closes_at
    for visitor in late:
        assert sent[visitor.draft["reference"]][2] == 409
        assert visitor.draft["reference"] not in received
    assert queued, "nobody waited beyond the deadline: the crowd was too small to tell"
    assert set(statuses([*visitors, *looking])) <= CLEAN | {409}
    attempts = stack.sql("SELECT accepted, count(*) FROM calls_attempt GROUP BY accepted")
    assert sum(count for _accepted, count in attempts) == crowd
    assert check_once(stack) == 0
    check_history(stack)
    note("F49 crowd at the deadline", Tally(1))


def _close(stack, seconds: float) -> float:
    """Let the call close in so many seconds, and say when that is."""
    move = "UPDATE calls_call SET closes_at = clock_timestamp() + make_interval(secs => %s)"
    ((closes_at,),) = stack.sql(f"{move} RETURNING extract(epoch FROM closes_at)::float8", seconds)
    return closes_at


@pytest.mark.thorough
def test_who_holds_back_the_last_byte_is_late(stack):
    """A connection opened before the deadline, or half a form sent, counts for nothing."""
    port = serve(stack)
    (draft,) = stack.done("tests.faults.web_doings:drafts", number=1)
    visitor = Visitor(port, draft)
    assert visitor.get("/calls/").status == 200
    _close(stack, 0.5)
    assert visitor.post_slowly(visitor.address("submit/"), {"version": str(draft["version"])}, 0.7) == 409
    assert stack.sql("SELECT count(*) FROM calls_snapshot") == [(0,)]


@pytest.mark.parametrize("keeps", one_in({"kept connections": True, "a connection each": False}))
@pytest.mark.parametrize("releases", one_in({"quick": 1, "thorough": 20}))
def test_a_new_release_under_load(stack, note, keeps, releases):
    """F50: gunicorn takes up the new code on HUP while people write; every request is answered."""
    server, port = begin(stack)
    crowd = Crowd()
    made = stack.done("tests.faults.web_doings:drafts", number=3 + 3 * releases)
    visitors = [Visitor(port, draft, keeps=keeps) for draft in made]
    writers, waiting, told = visitors[:3], visitors[3:], {}
    reader = Visitor(port, keeps=keeps)
    crowd.send([lambda one=one: one.save(f"Text {time.monotonic():.4f}") for one in writers])
    crowd.send([lambda: reader.get("/calls/")])
    for _release in range(releases):
        time.sleep(0.4)
        server.signal(signal.SIGHUP)
        for visitor in [waiting.pop() for _number in range(3)]:
            told[visitor.draft["reference"]] = visitor.submit()
        time.sleep(0.5)
    crowd.stop()
    found = statuses([*visitors, reader])
    assert found[NO_ANSWER] == 0, found
    assert set(found) <= {200, 302}, found
    check_submissions(stack, told)
    assert check_once(stack) == 0
    note("F50 new release under load", Tally(releases))


@pytest.mark.thorough
def test_a_worker_restarted_in_the_middle(stack, note, chance):
    """F50: the mail of submissions goes on through a worker that is replaced; none is lost or doubled."""
    number = chance.randint(4, 12)
    stack.done("tests.faults.web_doings:drafts", number=number)
    old, moment = stack.worker(), chance.randint(1, number // 2)
    stack.beat(every=0.5)
    stack.done("tests.faults.web_doings:submit_all")
    until(lambda: len(stack.sink.mails) >= moment, 10, "the mail of some")
    new = stack.worker()
    old.end()
    ((posted,),) = stack.sql("SELECT count(*) FROM notifications_message WHERE state <> 'portal'")
    until(lambda: len(stack.sink.mails) >= posted, 20, "the mail of all")
    new.end()
    assert len(stack.sink.mails) == posted >= number
    assert set(stack.sink.counts().values()) == {1}
    note("F50 worker replaced under load", Tally(1))


@pytest.mark.thorough
@pytest.mark.parametrize("fault", ["gone", "stopped"])
def test_without_the_broker(stack, note, fault, chance):
    """Nobody who reads, writes, logs in or submits notices; /healthz does."""
    port = serve(stack)
    (draft,) = stack.done("tests.faults.web_doings:drafts", number=1)
    visitor, stranger = Visitor(port, draft), Visitor(port)
    wrong = {"login": "officer-0@example.org", "password": "not the right one"}
    usual = stranger.post("/account/login/", wrong).seconds
    with getattr(stack.valkey, fault)():
        for _attempt in range(2):
            answer = stranger.post("/account/login/", wrong)
            assert answer.status == 200
            assert answer.seconds < 3 + 3 * usual  # each of ten questions to a hung server takes a second
        visitor.save(f"Written without a broker {chance.random()}.")
        told = {draft["reference"]: visitor.submit()}
        health = visitor.get("/healthz")
        assert health.status == 503
        assert '"database": {"fine": true' in health.text
        assert '"broker": {"fine": false' in health.text
    until(lambda: '"broker": {"fine": true' in visitor.get("/healthz").text, 10, "the broker's return")
    check_submissions(stack, told)
    assert set(visitor.seen) <= CLEAN
    note(f"F1 F2 web without broker ({fault})", Tally(1))
