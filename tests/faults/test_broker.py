"""F1 to F6 and F8: brokers that refuse, hang, end and forget, workers that are killed, two of each."""

import random
import time

import pytest

from tests.faults.oracle import check, check_drafts, check_submissions, hours_pass
from tests.faults.parts import descendants

KILLS = 3
AT_ONCE = 0.8  # seconds in which a message is posted when nobody is asked


def test_refused(stack, note):
    """F1: drafts are saved and submitted as ever, and mail leaves without a broker."""
    with stack.valkey.gone():
        told = stack.done("write", count=4)
        assert len(told["submitted"]) == 2
        assert stack.done("deliver") >= 2
    check_submissions(stack, told["submitted"])
    check_drafts(stack, told["saved"])
    note("F1 broker refused", check(stack))


def test_nobody_waits_for_a_broker_that_refuses(stack, note):
    with stack.valkey.gone():
        took = stack.done("post", keys=["a", "b", "c"])
        assert max(took) < 2
        assert max(took[1:]) < AT_ONCE
        assert stack.manage("deliver_mail").startswith("3 sent")
    note("F1 broker refused", check(stack, ["a", "b", "c"]))


def test_hung(stack, note):
    """F2: whoever posts waits about a second, and whoever posts next in the half minute does not wait."""
    with stack.valkey.stopped():
        took = stack.done("post", keys=["a", "b", "c"])
        assert took[0] < 3
        assert max(took[1:]) < AT_ONCE
        assert stack.manage("deliver_mail").startswith("3 sent")
    note("F2 broker hung", check(stack, ["a", "b", "c"]))


@pytest.mark.parametrize("fault", ["restarted", "flushed", "hung"])
def test_workers_outlive_the_broker(stack, note, fault):
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
            time.sleep(1.2)
    stack.done("post", keys=["after"])
    keys = ["before", "after"] + ([] if fault == "flushed" else ["meanwhile"])
    stack.until_sent(len(keys))
    stack.end_doings()
    name = {"restarted": "F3 broker restarted", "flushed": "F4 broker flushed", "hung": "F2 broker hung"}
    note(name[fault], check(stack, keys))


def test_pool_child_killed(stack, note):
    """F5: its task is done again by another child; what it was sending is in doubt, the rest is sent."""
    worker = stack.worker()
    held = stack.sink.trouble("text", hold=True, drop=True)
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


def test_worker_killed(stack, note):
    """F6: the next worker goes on; what was claimed waits for the end of its lease."""
    worker = stack.worker()
    held = stack.sink.trouble("text", hold=True, drop=True)
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


def test_two_of_each(stack, note):
    """F8: two schedulers and two workers send each message once."""
    keys = [f"notice:{number}" for number in range(40)]
    for _number in range(2):
        stack.worker(concurrency=2)
        stack.beat(every=0.1)
    stack.done("post", keys=keys, kind="notice")
    stack.until_sent(len(keys))
    stack.end_doings()
    note("F8 two beats and two workers", check(stack, keys))


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(20))
def test_killed_at_any_moment(stack, note, seed):
    """F3, F5, F6 by chance: children, workers and the broker are killed while cities write and mail flows."""
    chance, saved, submitted = random.Random(seed), {}, {}  # noqa: S311 - moments, not secrets
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
