"""F10 and F12 to F16: what a mail server does to us, and a message that stops its senders."""

import pytest

from cooperation.notifications.claiming import MOST_ATTEMPTS
from tests.faults.oracle import HOUR, check, hours_pass
from tests.faults.stack import Stack
from tests.quick import one_in

KINDS = ("notice", "receipt")  # at most once, at least once


def rows(stack: Stack) -> dict[str, tuple[str, int, str]]:
    """State, attempts and last error by key."""
    found = stack.sql("SELECT key, state, attempts, last_error FROM notifications_message")
    return {key: tuple(rest) for key, *rest in found}


def post_both(stack: Stack) -> None:
    for kind in KINDS:
        stack.done("post", keys=[kind], kind=kind)


def test_refused(stack, note):
    """F12: nothing is lost, and each attempt costs one message of a batch."""
    post_both(stack)
    with stack.sink.gone():
        assert stack.done("deliver") == 0
        assert "refused" in rows(stack)["notice"][2]
    hours_pass(stack)
    note("F12 mail server refuses", check(stack, KINDS))


@pytest.mark.parametrize("point", one_in(["received", "connect", "rcpt", "data"], every=2))
def test_hangs(stack, note, point):
    """F13: a server that says nothing is left after EMAIL_TIMEOUT; in doubt is only what it had begun."""
    post_both(stack)
    stack.sink.trouble(point, hold=True, drop=True)
    assert stack.done("deliver") == 0
    stack.sink.calm()
    hours_pass(stack)
    tally = check(stack, KINDS)
    assert tally.uncertain == (point in {"data", "received"})
    note("F13 mail server hangs", tally)


@pytest.mark.parametrize("point", one_in(["connect", "mail", "rcpt", "data", "received"], every=2))
@pytest.mark.parametrize("reply", ["421 come back later", "451 not now"])
def test_put_off(stack, note, point, reply):
    """F14: what is put off is sent later, once, and nobody else waits for it longer than an hour."""
    post_both(stack)
    stack.sink.trouble(point, reply=reply, times=1, drop=reply.startswith("421"))
    stack.done("deliver")
    hours_pass(stack)
    assert {state for state, _attempts, _error in rows(stack).values()} == {"sent"}
    note("F14 put off, then taken", check(stack, KINDS))


@pytest.mark.parametrize("point", ["rcpt", "received"])
def test_refused_for_good(stack, note, point):
    """F15: dead at once, with the server's reason; the others are sent."""
    post_both(stack)
    stack.sink.trouble(point, reply="550 no such person here", recipient="notice@example.org")
    assert stack.done("deliver") == 1
    state, attempts, error = rows(stack)["notice"]
    assert (state, attempts) == ("dead", 1)
    assert "550" in error
    assert "no such person" in error
    note("F15 refused for good", check(stack, KINDS))


@pytest.mark.parametrize("point", one_in(["recorded", "text", "received"], every=3))
def test_dropped(stack, note, point):
    """F16: the line is cut after DATA. Whoever may come once is shown as uncertain, receipts come again."""
    post_both(stack)
    stack.sink.trouble(point, drop=True, times=2)
    stack.done("deliver")
    hours_pass(stack)
    tally = check(stack, KINDS)
    assert (tally.uncertain, tally.again) == (1, point == "recorded")
    note("F16 dropped after DATA", tally)


def test_poison(stack, note):
    """F10: a message that ends every process that takes it holds up the others once, and is given up."""
    stack.done("post", keys=["poison"])
    stack.done("post", keys=["notice"], kind="notice")
    for sender in range(MOST_ATTEMPTS):
        held = stack.sink.trouble("rcpt", recipient="poison@example.org", hold=True, drop=True)
        doing = stack.do("deliver", ahead=sender * 20 * HOUR)
        held.wait()
        doing.kill()
        stack.sink.calm()
        stack.done("deliver", ahead=sender * 20 * HOUR + HOUR / 2)
        assert rows(stack)["notice"][0] == "sent", "held up by what stands before it"
    assert rows(stack)["poison"] == ("dead", MOST_ATTEMPTS, "It stopped every sender that took it.")
    note("F10 poison row", check(stack, ["poison", "notice"], rounds=MOST_ATTEMPTS))
