"""F9 and F11: a day without a scheduler, and clocks that jump. PostgreSQL's clock is the one that counts."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from tests.faults.oracle import HOUR, check, hours_pass
from tests.faults.sink import POINTS
from tests.quick import one_in

DAY = 24 * HOUR
DOINGS = "tests.faults.reminder_doings"


def states(stack) -> dict[str, str]:
    return dict(stack.sql("SELECT key, state FROM notifications_message"))


def test_a_day_without_a_scheduler(stack, note, chance):
    """F9: "three days left" was posted and never left; a day later "one day left" is sent, once."""
    number = chance.randint(1, 6)
    closes_at = datetime.now(UTC).replace(hour=12) + timedelta(days=20)  # nobody's quiet hours
    last = closes_at - timedelta(hours=chance.uniform(25, 47))
    back = last + timedelta(hours=24)

    def at(instant: datetime, what: str) -> int:
        return stack.done(f"{DOINGS}:{what}", at=instant.isoformat())

    stack.done(f"{DOINGS}:drafts", number=number, daily=0, closes_at=closes_at.isoformat())
    stack.done("post", keys=["receipt"])
    assert [at(last, "remind_at"), at(back, "remind_at"), at(back, "remind_at")] == [number, number, 0]
    for instant in (back, closes_at - timedelta(hours=1)):
        at(instant, "remind_at")
        at(instant, "deliver_at")
    days = "SELECT about->>'days', state FROM notifications_message WHERE kind = 'reminder'"
    assert Counter(stack.sql(days)) == {("3", "lapsed"): number, ("1", "sent"): number}
    assert states(stack)["receipt"] == "sent"
    note("F9 no beat for a day", check(stack))


@pytest.mark.parametrize("jump", [-DAY, DAY], ids=["back", "ahead"])
def test_the_sender_has_another_clock(stack, note, jump, chance):
    """F11: a sender whose own clock is wrong sends what is due, and takes nobody's lease."""
    stack.done("post", keys=["stays"], kind="notice", expires_in=6 * HOUR)
    point = chance.choice(["rcpt", "data", "text", "received", "recorded"])
    held = stack.sink.trouble(point, recipient="stays@example.org", hold=True)
    other = stack.do("deliver")
    held.wait()
    stack.done("post", keys=["due"], kind="notice", expires_in=6 * HOUR)
    assert stack.done("deliver", clock_ahead=jump) == 1
    stack.sink.calm()
    assert other.value() == 1
    assert states(stack) == {"stays": "sent", "due": "sent"}
    note("F11 clock jumps", check(stack, states(stack)))


@pytest.mark.parametrize("jump", one_in({"ahead": HOUR, "back": -HOUR}))
def test_the_worker_has_another_clock(stack, note, jump, chance):
    """F11: a worker up to an hour off still does what the scheduler asks."""
    stack.worker(clock_ahead=jump * chance.random())
    stack.beat(every=0.5)
    stack.done("post", keys=["receipt"])
    stack.until_sent(1)
    stack.end_doings()
    note("F11 clock jumps", check(stack, ["receipt"]))


def test_the_clock_of_the_database_jumps_back(stack, note, chance):
    """F11: a lease taken while that clock was a day ahead does not hold its messages for a day."""
    stack.done("post", keys=["notice", "second"], kind="notice")
    held = stack.sink.trouble(chance.choice(POINTS[: POINTS.index("data")]), hold=True, drop=True)
    sender = stack.do("deliver", ahead=DAY * chance.uniform(0.5, 2))
    held.wait()
    sender.kill()
    stack.sink.calm()
    hours_pass(stack)
    note("F11 clock jumps", check(stack, ["notice", "second"]))
