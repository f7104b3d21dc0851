"""Points in the database at which a sender waits until the test lets it pass, or kills it there.

A trigger of the stack's own database waits for a lock that the test holds; the portal's code is as it is.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.faults.parts import until

# What a write to the outbox looks like at each point, before it is committed.
POINTS = {
    "claim": "NEW.state = 'sending' AND OLD.state = 'waiting'",
    "begin": "NEW.attempts > OLD.attempts",
    "mark": "NEW.handed_at IS NOT NULL AND OLD.handed_at IS NULL",
    "sent": "NEW.state = 'sent'",
}
NUMBERS = {point: number for number, point in enumerate(POINTS, 7001)}
FUNCTION = """
CREATE FUNCTION fault_gate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_advisory_xact_lock_shared(TG_ARGV[0]::bigint); RETURN NEW; END $$
"""
TRIGGER = """
CREATE TRIGGER fault_gate_{point} BEFORE UPDATE ON notifications_message
FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION fault_gate('{number}')
"""


def install(cursor: Any) -> None:
    """Put the gates into a database; they are open until one is closed."""
    cursor.execute(FUNCTION)
    for point, condition in POINTS.items():
        cursor.execute(TRIGGER.format(point=point, condition=condition, number=NUMBERS[point]))


class Gate:
    """A closed gate."""

    def __init__(self, cursor: Any, number: int) -> None:
        self._cursor, self._number = cursor, number

    def _waiting(self) -> list[int]:
        self._cursor.execute(
            "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted",
            [self._number],
        )
        return [pid for (pid,) in self._cursor.fetchall()]

    def wait(self) -> None:
        """Until somebody stands before the gate."""
        until(self._waiting, what="the coming of a sender to the gate")

    def turn_away(self) -> None:
        """What waits here never happens, as when the server loses the connection before it heard it."""
        for pid in self._waiting():
            self._cursor.execute("SELECT pg_terminate_backend(%s)", [pid])


@contextmanager
def closed(stack: Any, point: str) -> Iterator[Gate]:
    """A gate that is closed until the block ends; what waits then goes on."""
    with stack.postgres.connected() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [NUMBERS[point]])
        yield Gate(cursor, NUMBERS[point])
        cursor.execute("SELECT pg_advisory_unlock(%s)", [NUMBERS[point]])
