"""F9 and F11: a day without a scheduler, and clocks that jump. PostgreSQL's clock is the one that counts."""

import pytest

from tests.faults.oracle import HOUR, check, hours_pass
from tests.quick import one_in

DAY = 24 * HOUR


def states(stack) -> dict[str, str]:
    return dict(stack.sql("SELECT key, state FROM notifications_message"))


def test_a_day_without_a_scheduler(stack, note):
    """F9: what would come too late lapses unsent, the rest is sent."""
    stack.done("post", keys=["stale"], kind="notice", expires_in=6 * HOUR)
    stack.done("post", keys=["notice"], kind="notice")
    stack.done("post", keys=["receipt"])
    assert stack.done("deliver", ahead=DAY) == 2
    assert states(stack) == {"stale": "lapsed", "notice": "sent", "receipt": "sent"}
    note("F9 no beat for a day", check(stack, states(stack)))


@pytest.mark.parametrize("jump", [-DAY, DAY], ids=["back", "ahead"])
def test_the_sender_has_another_clock(stack, note, jump):
    """F11: a sender whose own clock is wrong sends what is due, and takes nobody's lease."""
    stack.done("post", keys=["stays"], kind="notice", expires_in=6 * HOUR)
    held = stack.sink.trouble("rcpt", recipient="stays@example.org", hold=True)
    other = stack.do("deliver")
    held.wait()
    stack.done("post", keys=["due"], kind="notice", expires_in=6 * HOUR)
    assert stack.done("deliver", clock_ahead=jump) == 1
    stack.sink.calm()
    assert other.value() == 1
    assert states(stack) == {"stays": "sent", "due": "sent"}
    note("F11 clock jumps", check(stack, states(stack)))


@pytest.mark.parametrize("jump", one_in({"ahead": HOUR, "back": -HOUR}))
def test_the_worker_has_another_clock(stack, note, jump):
    """F11: a worker an hour off still does what the scheduler asks."""
    stack.worker(clock_ahead=jump)
    stack.beat(every=0.5)
    stack.done("post", keys=["receipt"])
    stack.until_sent(1)
    stack.end_doings()
    note("F11 clock jumps", check(stack, ["receipt"]))


def test_the_clock_of_the_database_jumps_back(stack, note):
    """F11: a lease taken while that clock was a day ahead does not hold its messages for a day."""
    stack.done("post", keys=["notice", "second"], kind="notice")
    held = stack.sink.trouble("rcpt", hold=True, drop=True)
    sender = stack.do("deliver", ahead=DAY)
    held.wait()
    sender.kill()
    stack.sink.calm()
    hours_pass(stack)
    note("F11 clock jumps", check(stack, ["notice", "second"]))
