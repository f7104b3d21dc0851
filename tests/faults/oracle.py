"""What must hold after every fault: nothing lost, nothing doubled, nothing hidden, the history whole."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from cooperation.notifications.kinds import KINDS
from tests.faults.stack import Stack

# Missing them would be worse than having them twice; all other kinds come at most once.
TWICE = {kind.name for kind in KINDS.values() if kind.twice}
# What is a part of a digest that never came.
NOWHERE = """
SELECT part.key FROM notifications_message AS part LEFT JOIN notifications_message AS mail
ON mail.id = part.digest_id AND mail.state IN ('sent', 'uncertain')
WHERE part.state = 'digested' AND mail.id IS NULL
"""
HOUR = 3600.0  # seconds; longer than a lease, and than the wait after a first failure
ENDED = {"sent", "uncertain", "lapsed", "dead", "digested"}


@dataclass(frozen=True)
class Tally:
    """What the faults of a test cost. `again`: receipts that came twice, with one Message-ID."""

    rounds: int = 1
    lost: int = 0
    doubled: int = 0
    uncertain: int = 0
    again: int = 0


def check(stack: Stack, keys: Collection[str] | None = None, *, rounds: int = 1) -> Tally:
    """Look at all that was posted, under these keys if they are known, once everything had time to settle.

    Fails where a rule is broken; what comes back is for the table.
    """
    found = stack.sql("SELECT key, kind, state, message_id FROM notifications_message")
    rows = {key: rest for key, *rest in found}
    assert len(found) == len(rows)
    assert keys is None or rows.keys() == set(keys), "one row for each key"
    counts = stack.sink.counts()
    assert counts.keys() <= {message_id for _kind, _state, message_id in rows.values()}, "a mail of no row"
    mails = {key: counts[message_id] for key, (_kind, _state, message_id) in rows.items()}
    states = {key: state for key, (_kind, state, _id) in rows.items()}
    once = {key for key, (kind, _state, _id) in rows.items() if kind not in TWICE}
    assert set(states.values()) <= ENDED, f"not settled: {states}"
    assert _leases(stack) == 0, "a lease left for ever"
    lost = [key for key, state in states.items() if state == "sent" and not mails[key]]
    lost += [key for key in states.keys() - once if states[key] == "uncertain"]
    lost += [key for (key,) in stack.sql(NOWHERE)]
    doubled = [key for key in once if mails[key] > 1]
    unseen = [key for key, state in states.items() if state in ("lapsed", "dead", "digested") and mails[key]]
    assert (lost, doubled, unseen) == ([], [], [])
    check_history(stack)
    return Tally(
        rounds,
        len(lost),
        len(doubled),
        sum(state == "uncertain" for state in states.values()),
        sum(mails[key] > 1 for key in mails.keys() - once),
    )


def hours_pass(stack: Stack) -> None:
    """The leases of the dead end, and what waits again is sent."""
    stack.done("deliver_again", ahead=[HOUR, 2 * HOUR])


def _leases(stack: Stack) -> int:
    ((held,),) = stack.sql("SELECT count(*) FROM notifications_message WHERE lease_token IS NOT NULL")
    return held


def check_history(stack: Stack) -> None:
    """The history is sealed and agrees with its seals."""
    stack.done("verify_history")


def check_submissions(stack: Stack, acknowledged: Mapping[str, str]) -> None:
    """Each submission that somebody was told of (reference -> SHA-256) is kept as it was, and was mailed."""
    kept: dict[str, Any] = {}
    for reference, content, sha256 in stack.sql(
        "SELECT reference, content, calls_snapshot.sha256 FROM calls_snapshot"
        " JOIN calls_application ON calls_application.id = application_id"
    ):
        text = content if isinstance(content, str) else bytes(content).decode()
        assert hashlib.sha256(text.encode()).hexdigest() == sha256
        kept[reference] = sha256
    assert kept.items() >= acknowledged.items()
    for sha256 in acknowledged.values():
        ((posted,),) = stack.sql(
            "SELECT count(*) FROM notifications_message WHERE kind = 'receipt' AND body LIKE %s",
            f"%{sha256}%",
        )
        assert posted >= 1, "a submission without a receipt"


def check_drafts(stack: Stack, saved: Mapping[str, Mapping[str, Any]]) -> None:
    """Each application (by reference) says what was last acknowledged as saved."""
    kept = dict(stack.sql("SELECT reference, answers FROM calls_application"))
    assert {reference: kept[reference] for reference in saved} == dict(saved)
