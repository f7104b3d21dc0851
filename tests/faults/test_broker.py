"""F1 to F6 and F8: brokers that refuse, hang, end and forget, workers that are killed, two of each."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from tests.faults.oracle import check, check_drafts, check_submissions, hours_pass
from tests.faults.parts import descendants
from tests.faults.sink import POINTS

KILLS = 3
DAY = timedelta(days=1)
AT_ONCE = 0.8  # seconds in which a message is posted when nobody is asked


def test_refused(stack, note, chance):
    """F1: drafts are saved and submitted as ever, and mail leaves without a broker."""
    with stack.valkey.gone():
        number = chance.randint(2, 6)
        told = stack.done("write", count=number)
        assert len(told["submitted"]) == number // 2
        assert stack.done("deliver") >= number // 2
    check_submissions(stack, told["submitted"])
    check_drafts(stack, told["saved"])
    note("F1 broker refused", check(stack))


@pytest.mark.thorough
def test_nobody_waits_for_a_broker_that_refuses(stack, note):
    with stack.valkey.gone():
        took = stack.done("post", keys=["a", "b", "c"])
        assert max(took) < 2
        assert max(took[1:]) < AT_ONCE
        assert stack.manage("deliver_mail").startswith("3 sent")
    note("F1 broker refused", check(stack, ["a", "b", "c"]))


def test_hung(stack, note, chance):
    """F2: whoever posts waits about a second, and whoever posts next in the half minute does not wait."""
    with stack.valkey.stopped():
        keys = [f"receipt:{number}" for number in range(chance.randint(2, 6))]
        took = stack.done("post", keys=keys)
        assert took[0] < 3
        assert max(took[1:]) < AT_ONCE
        assert stack.manage("deliver_mail").startswith(f"{len(keys)} sent")
    note("F2 broker hung", check(stack, keys))


@pytest.mark.parametrize("fault", ["restarted", "flushed", pytest.param("hung", marks=pytest.mark.thorough)])
def test_workers_outlive_the_broker(stack, note, fault, chance):
    """F2, F3, F4: soon after the broker's return mail flows again, through the same processes."""
    stack.worker()
    stack.beat(every=0.5)
    stack.done("post", keys=["before"])
    stack.until_sent(1)
    if fault == "flushed":
        stack.valkey.flush()
    else:
        with stack.valkey.gone() if fault == "restarted" else stack.valkey.stopped():
            stack.done("post", keys=["meanwhile"])
            time.sleep(chance.uniform(0.3, 1.3))
    stack.done("post", keys=["after"])
    keys = ["before", "after"] + ([] if fault == "flushed" else ["meanwhile"])
    stack.until_sent(len(keys))
    stack.end_doings()
    name = {"restarted": "F3 broker restarted", "flushed": "F4 broker flushed", "hung": "F2 broker hung"}
    note(name[fault], check(stack, keys))


def test_pool_child_killed(stack, note, chance):
    """F5: its task is done again by another child; what it was sending is in doubt, the rest is sent."""
    worker = stack.worker()
    held = stack.sink.trouble(chance.choice(["data", "text", "received"]), hold=True, drop=True)
    stack.done("post", keys=["notice:1", "notice:2"], kind="notice")
    held.wait()
    (child,) = descendants(worker.pid)
    stack.kill(child)
    stack.sink.calm()
    stack.done("post", keys=["receipt"])
    stack.until_sent(1)
    stack.end_doings()
    hours_pass(stack)
    tally = check(stack, ["notice:1", "notice:2", "receipt"])
    assert tally.uncertain == 1
    note("F5 pool child killed", tally)


def test_worker_killed(stack, note, chance):
    """F6: the next worker goes on; what was claimed waits for the end of its lease."""
    worker = stack.worker()
    held = stack.sink.trouble(chance.choice(POINTS), hold=True, drop=True)
    stack.done("post", keys=["receipt:1", "receipt:2"])
    held.wait()
    worker.kill()
    stack.sink.calm()
    stack.worker()
    stack.done("post", keys=["receipt:3"])
    stack.until_sent(1)
    stack.end_doings()
    hours_pass(stack)
    note("F6 whole worker killed", check(stack, ["receipt:1", "receipt:2", "receipt:3"]))


@pytest.mark.thorough
def test_two_of_each(stack, note, chance):
    """F8: two schedulers and two workers send each message once."""
    keys = [f"notice:{number}" for number in range(chance.randint(20, 60))]
    for _number in range(2):
        stack.worker(concurrency=2)
        stack.beat(every=0.1)
    stack.done("post", keys=keys, kind="notice")
    stack.until_sent(len(keys))
    stack.end_doings()
    note("F8 two beats and two workers", check(stack, keys))


def twice(stack, what: str, at: datetime) -> int:
    """Do it in two processes at once; the sum of what they did."""
    doings = [stack.do(f"tests.faults.reminder_doings:{what}", at=at.isoformat()) for _number in range(2)]
    return sum(doing.value() for doing in doings)


def test_two_remind_and_gather(stack, note, chance):
    """F8: what two schedulers post, gather and send at once comes once: as a mail, or in one digest a day."""
    number, daily = chance.randint(3, 9), chance.randint(1, 3)
    closes_at = datetime.now(UTC).replace(hour=12) + 20 * DAY  # nobody's quiet hours
    stack.done(
        "tests.faults.reminder_doings:drafts", number=number, daily=daily, closes_at=closes_at.isoformat()
    )
    for days in (7, 3):
        at = closes_at - days * DAY
        assert twice(stack, "remind_at", at) == number
        twice(stack, "deliver_at", at)
        assert twice(stack, "gather_at", at + DAY) == daily
        twice(stack, "deliver_at", at + DAY)
    found = stack.sql("SELECT kind, state, count(*) FROM notifications_message GROUP BY kind, state")
    assert {(kind, state): count for kind, state, count in found if kind in ("reminder", "digest")} == {
        ("reminder", "sent"): 2 * (number - daily),
        ("reminder", "digested"): 2 * daily,
        ("digest", "sent"): 2 * daily,
    }
    note("F8 two beats and two workers", check(stack))


@pytest.mark.thorough
def test_killed_at_any_moment(stack, note, chance):
    """F3, F5, F6 by chance: children, workers and the broker are killed while cities write and mail flows."""
    saved, submitted = {}, {}
    workers = [stack.worker(concurrency=2), stack.worker(concurrency=2)]
    stack.beat(every=0.2)
    for kill in range(KILLS):
        told = stack.done("write", count=6, name=f"city-{kill}")
        saved |= told["saved"]
        submitted |= told["submitted"]
        victim = chance.choice(["child", "child", "worker", "broker"])
        time.sleep(chance.uniform(0, 0.1))
        if victim == "child" and (children := descendants(workers[0].pid)):
            stack.kill(chance.choice(children))
        elif victim == "worker":
            workers.pop().kill()
            workers.append(stack.worker(concurrency=2))
        else:
            stack.valkey.restart()
    stack.end_doings()
    hours_pass(stack)
    check_submissions(stack, submitted)
    check_drafts(stack, saved)
    note("F3, F5, F6 killed at random", check(stack, rounds=KILLS))
