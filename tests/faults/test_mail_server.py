"""F10 and F12 to F16: what a mail server does to us, and a message that stops its senders."""

import random
import time

import pytest
from django.conf import settings

from cooperation.notifications.claiming import LEASE, MOST_ATTEMPTS
from tests.faults.oracle import HOUR, TWICE, Tally, check, hours_pass
from tests.faults.parts import until
from tests.faults.sink import IN_DOUBT, LONGEST, POINTS, TIMEOUT
from tests.faults.stack import Stack

KINDS = ("notice", "receipt")  # at most once, at least once
PUT_OFF = ("connect", "mail", "rcpt", "data", "received")


def rows(stack: Stack) -> dict[str, tuple[str, int, str]]:
    """State, attempts and last error by key."""
    found = stack.sql("SELECT key, state, attempts, last_error FROM notifications_message")
    return {key: tuple(rest) for key, *rest in found}


def post_some(stack: Stack, chance: random.Random, most: int = 3) -> list[str]:
    """Some messages of both kinds, in any order; their keys, the first is the first to leave."""
    kinds = list(KINDS) * chance.randint(1, most)
    chance.shuffle(kinds)
    keys = [f"{kind}:{number}" for number, kind in enumerate(kinds)]
    stack.done("post_kinds", keys=keys)
    return keys


def expected(key: str, point: str) -> tuple[int, int]:
    """How many are uncertain, and come again, where the conversation about this one broke at a point."""
    twice = key.partition(":")[0] in TWICE
    return int(point in IN_DOUBT and not twice), int(point == "recorded" and twice)


def cost(tally: Tally) -> tuple[int, int]:
    return tally.uncertain, tally.again


def test_refused(stack, note, chance):
    """F12: nothing is lost, and each attempt costs one message of a batch."""
    keys = post_some(stack, chance)
    with stack.sink.gone():
        assert stack.done("deliver") == 0
        assert "refused" in rows(stack)[keys[0]][2]
        assert sum(attempts for _state, attempts, _error in rows(stack).values()) == 1
    hours_pass(stack)
    tally = check(stack, keys)
    assert cost(tally) == (0, 0)
    note("F12 mail server refuses", tally)


def test_killed_in_the_middle_of_a_conversation(stack, note, chance):
    """F12, F16: only the message it was told of is in doubt; what it had taken it still has."""
    keys, point = post_some(stack, chance), chance.choice(POINTS)
    held = stack.sink.trouble(point, hold=True)
    sender = stack.do("deliver")
    held.wait()
    stack.sink.restart()
    sender.value()
    hours_pass(stack)
    tally = check(stack, keys)
    assert cost(tally) == expected(keys[0], point)
    note("F12 F16 mail server killed", tally)


def test_killed_at_any_moment(stack, note, chance):
    """F12, F16: it is killed and started again while twenty messages leave, at a moment that nobody chose."""
    keys = [f"{KINDS[number % 2]}:{number}" for number in range(20)]
    stack.done("post_kinds", keys=keys)
    sender, enough = stack.do("deliver"), chance.randrange(15)
    until(lambda: len(stack.sink.mails) >= enough, what=f"{enough} mails")
    time.sleep(chance.uniform(0, 0.01))
    stack.sink.restart()
    sender.value()
    hours_pass(stack)
    tally = check(stack, keys)
    assert tally.uncertain + tally.again <= 1
    note("F12 F16 mail server killed", tally)


def test_stopped_in_the_middle_of_a_conversation(stack, note, chance):
    """F13: the process is stopped and goes on later, with all that it was told meanwhile."""
    keys, point = post_some(stack, chance, most=1), chance.choice(POINTS)
    held = stack.sink.trouble(point, hold=True, times=1)
    sender = stack.do("deliver")
    held.wait()
    with stack.sink.stopped():
        assert sender.value() == 0
    stack.sink.calm()
    hours_pass(stack)
    tally = check(stack, keys)
    kept = point in POINTS[POINTS.index("text") :]  # all of the text had left by then
    twice = keys[0].partition(":")[0] in TWICE
    assert cost(tally) == (point in IN_DOUBT and not twice, kept and twice)
    note("F13 mail server hangs", tally)


@pytest.mark.thorough
def test_hangs(stack, note, chance):
    """F13: a server that says nothing is left after EMAIL_TIMEOUT; in doubt is only what it had begun."""
    keys, point = post_some(stack, chance, most=1), chance.choice(["received", "connect", "rcpt", "data"])
    stack.sink.trouble(point, hold=True, drop=True)
    assert stack.done("deliver") == 0
    stack.sink.calm()
    hours_pass(stack)
    tally = check(stack, keys)
    assert tally.uncertain == (point in IN_DOUBT)
    note("F13 mail server hangs", tally)


def test_no_conversation_outlasts_a_lease():
    """Settings: from the putting down of a text to its outcome nobody else may take the message."""
    assert settings.EMAIL_TIMEOUT < settings.EMAIL_LONGEST < LEASE.total_seconds() / 2


def test_drips(stack, note, chance):
    """F13: one byte at a time keeps a sender no longer than EMAIL_LONGEST, and lets nobody send twice."""
    keys, point = (
        post_some(stack, chance, most=1),
        chance.choice(["connect", "ehlo", "rcpt", "data", "received"]),
    )
    dripping = stack.sink.trouble(point, drip=0.2, times=1)
    began = time.monotonic()
    sender = stack.do("deliver")
    dripping.wait()
    others = stack.done("deliver")  # while the first still talks
    sender.value()
    took = time.monotonic() - began
    assert TIMEOUT < took < LONGEST + 3
    assert others == 0
    stack.sink.calm()
    hours_pass(stack)
    tally = check(stack, keys)
    assert cost(tally) == expected(keys[0], point)
    note("F13 mail server drips", tally)


def test_who_was_dripped_at_beyond_the_lease_hands_nothing_over(stack, note, chance):
    """F13: another sender has the message by then; the first one notices before its text leaves."""
    keys = post_some(stack, chance, most=1)
    dripping = stack.sink.trouble(chance.choice(["mail", "rcpt"]), drip=0.2, times=1)
    sender = stack.do("deliver")
    dripping.wait()
    hours_pass(stack)
    stack.sink.calm()
    assert sender.value() == 0
    tally = check(stack, keys)
    assert cost(tally) == (0, 0)
    assert set(stack.sink.counts().values()) == {1}
    note("F13 mail server drips", tally)


@pytest.mark.parametrize("reply", ["421 come back later", "451 not now"])
def test_put_off(stack, note, chance, reply):
    """F14: what is put off is sent later, once, and nobody else waits for it longer than an hour."""
    keys = post_some(stack, chance)
    stack.sink.trouble(chance.choice(PUT_OFF), reply=reply, times=1, drop=reply.startswith("421"))
    stack.done("deliver")
    hours_pass(stack)
    assert {state for state, _attempts, _error in rows(stack).values()} == {"sent"}
    note("F14 put off, then taken", check(stack, keys))


def test_refused_for_good(stack, note, chance):
    """F15: dead at once, with the server's reason; the others are sent."""
    keys, point = post_some(stack, chance), chance.choice(["rcpt", "received"])
    refused = chance.choice(keys)
    recipient = f"{refused.replace(':', '-')}@example.org"
    stack.sink.trouble(point, reply="550 no such person here", recipient=recipient)
    assert stack.done("deliver") == len(keys) - 1
    state, attempts, error = rows(stack)[refused]
    assert (state, attempts) == ("dead", 1)
    assert "550" in error
    assert "no such person" in error
    note("F15 refused for good", check(stack, keys))


def test_dropped(stack, note, chance):
    """F16: the line is cut after DATA. Whoever may come once is shown as uncertain, receipts come again."""
    keys, point = post_some(stack, chance), chance.choice(["recorded", "text", "received"])
    stack.sink.trouble(point, drop=True, times=2)
    stack.done("deliver")
    hours_pass(stack)
    tally = check(stack, keys)
    hit = [expected(key, point) for key in keys[:2]]
    assert cost(tally) == (sum(one for one, _two in hit), sum(two for _one, two in hit))
    note("F16 dropped after DATA", tally)


def test_poison(stack, note, chance):
    """F10: a message that ends every process that takes it holds up the others once, and is given up."""
    stack.done("post", keys=["poison"])
    keys = post_some(stack, chance)
    for sender in range(MOST_ATTEMPTS):
        held = stack.sink.trouble("rcpt", recipient="poison@example.org", hold=True, drop=True)
        doing = stack.do("deliver", ahead=sender * 20 * HOUR)
        held.wait()
        doing.kill()
        stack.sink.calm()
        stack.done("deliver", ahead=sender * 20 * HOUR + HOUR / 2)
        assert {rows(stack)[key][0] for key in keys} == {"sent"}, "held up by what stands before them"
    assert rows(stack)["poison"] == ("dead", MOST_ATTEMPTS, "It stopped every sender that took it.")
    note("F10 poison row", check(stack, ["poison", *keys], rounds=MOST_ATTEMPTS))
