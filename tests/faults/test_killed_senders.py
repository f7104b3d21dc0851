"""F7: a sender that is killed at each point around SMTP, and at any point; the next one takes over."""

import time
from dataclasses import dataclass

import pytest

from tests.faults import gates
from tests.faults.conftest import Note
from tests.faults.oracle import HOUR, check, hours_pass
from tests.faults.parts import until
from tests.faults.stack import Stack

KILLS = 5


@dataclass(frozen=True)
class End:
    """State and mails of what comes at most once, and of a receipt, in the end."""

    notice: tuple[str, int]
    receipt: tuple[str, int]


ONCE = End(("sent", 1), ("sent", 1))
NOT_TAKEN = End(("uncertain", 0), ("sent", 1))
TAKEN = End(("uncertain", 1), ("sent", 2))
# What the sender was about to write is lost with it.
BEFORE_WRITING = {"claim": ONCE, "begin": ONCE, "mark": ONCE, "sent": TAKEN}
# What it wrote reaches the database, and the sender never hears so. A claim is more than one statement.
AFTER_WRITING = {"claim": ONCE, "begin": ONCE, "mark": NOT_TAKEN, "sent": ONCE}
TALKING = {
    "connect": ONCE, "ehlo": ONCE, "mail": ONCE, "rcpt": ONCE,
    "data": NOT_TAKEN, "text": NOT_TAKEN, "received": NOT_TAKEN, "recorded": TAKEN,
}  # fmt: skip
KINDS = ("notice", "receipt")  # at most once, at least once


def outcome(stack: Stack, key: str) -> tuple[str, int]:
    query = "SELECT state, message_id FROM notifications_message WHERE key = %s"
    ((state, message_id),) = stack.sql(query, key)
    return state, stack.sink.counts()[message_id]


def kinds_in_order(chance) -> list[str]:
    """Both kinds; which one leaves first is left to chance."""
    return chance.sample(KINDS, len(KINDS))


def settled(stack: Stack, note: Note, end: End) -> None:
    """The leases end, the next sender settles and sends; nothing is different the time after."""
    hours_pass(stack)
    assert End(outcome(stack, "notice"), outcome(stack, "receipt")) == end
    note("F7 sender killed around SMTP", check(stack, KINDS, rounds=2))


@pytest.mark.parametrize("point", TALKING)
def test_killed_while_it_talks(stack, note, point, chance):
    for kind in kinds_in_order(chance):
        stack.done("post", keys=[kind], kind=kind)
        held = stack.sink.trouble(point, hold=True, drop=True)
        sender = stack.do("deliver")
        held.wait()
        sender.kill()
        stack.sink.calm()
    settled(stack, note, TALKING[point])


@pytest.mark.parametrize("point", gates.POINTS)
@pytest.mark.parametrize("written", [False, True], ids=["lost", "written"])
def test_killed_while_it_writes(stack, note, point, written, chance):
    for kind in kinds_in_order(chance):
        stack.done("post", keys=[kind], kind=kind)
        with gates.closed(stack, point) as gate:
            sender = stack.do("deliver")
            gate.wait()
            sender.kill()
            if not written:
                gate.turn_away()
    settled(stack, note, (AFTER_WRITING if written else BEFORE_WRITING)[point])


def test_what_is_in_doubt_is_on_the_work_queue(stack):
    """Staff read it in the outbox and find it among what waits for somebody."""
    stack.done("post", keys=["notice"], kind="notice")
    held = stack.sink.trouble("recorded", hold=True, drop=True)
    sender = stack.do("deliver")
    held.wait()
    sender.kill()
    stack.sink.calm()
    stack.done("deliver", ahead=HOUR)
    seen = stack.done("staff_sees")
    assert "?state__exact=uncertain" in seen["queue"]
    assert "notice@example.org" in seen["uncertain"]
    assert "notice@example.org" not in seen["sent"]


def test_killed_at_any_moment(stack, note, chance):
    """Five kills of a sender with twenty messages before it, each at a moment that nobody chose."""
    keys: list[str] = []
    for kill in range(KILLS):
        for kind in KINDS:
            new = [f"{kind}:{kill}:{number}" for number in range(10)]
            stack.done("post", keys=new, kind=kind)
            keys += new
        enough = len(stack.sink.mails) + chance.randrange(15)
        sender = stack.do("deliver", ahead=kill * HOUR)
        until(lambda enough=enough: len(stack.sink.mails) >= enough, what=f"{enough} mails")
        time.sleep(chance.uniform(0, 0.01))
        sender.kill()
    for later in range(3):
        stack.done("deliver", ahead=(KILLS + later) * HOUR)
    note("F7 sender killed at random", check(stack, keys, rounds=KILLS))
