"""Reminders of 100,000 drafts in one statement, against a bare INSERT ... SELECT of as many rows.

Each draft has a lead of its own with one officer; a tenth of the readers have quiet hours of their own, a
tenth a digest. The ceiling inserts as many messages of constant text into the same table, in the same run.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from bench._portal import database

DRAFTS = 100_000
RUNS = 3
FILL = """
    INSERT INTO accounts_user (password, is_superuser, email, name, language, time_zone, is_staff, is_active,
        date_joined)
    SELECT '!', false, 'officer' || n || '@example.org', 'Officer ' || n,
        (ARRAY['en', 'sv', 'es'])[n % 3 + 1],
        (ARRAY['Europe/Stockholm', 'America/Montevideo', 'America/Santiago', 'Europe/Brussels'])[n % 4 + 1],
        false, true, now()
    FROM generate_series(1, {drafts}) AS n
"""
CEILING = """
    INSERT INTO notifications_message ({names})
    SELECT {values} FROM (SELECT 'bare:' || n AS key FROM generate_series(1, {drafts}) AS n) AS found
"""


def measure(drafts: int = DRAFTS) -> dict[str, float]:
    """Seconds for so many reminders, how many a second, and the part of the ceiling that this is."""
    from calls.operations.reminding import remind_of
    from calls.queries.reminder_audiences import SORT_OF

    at = fill(drafts)
    best = min(_run(lambda: _bare(drafts, at), drafts) for _number in range(RUNS))
    seconds = min(_run(lambda: remind_of(SORT_OF["reminder"], at=at), drafts) for _number in range(RUNS))
    _require(remind_of(SORT_OF["reminder"], at=at), drafts)
    started = time.perf_counter()
    _require(remind_of(SORT_OF["reminder"], at=at), 0)
    return {
        "drafts": drafts,
        "seconds": seconds,
        "per_second": drafts / seconds,
        "ratio_to_bare_insert": best / seconds,
        "bare_seconds": best,
        "second_sweep_seconds": time.perf_counter() - started,
    }


def _run(work: Callable[[], int], drafts: int) -> float:
    """Seconds of one run into an empty outbox."""
    from cooperation.notifications.models import Message

    Message.objects.all()._raw_delete("default")
    _vacuum()
    started = time.perf_counter()
    _require(work(), drafts)
    seconds = time.perf_counter() - started
    Message.objects.all()._raw_delete("default")
    return seconds


def _require(posted: int, wanted: int) -> None:
    if posted != wanted:
        raise SystemExit(f"{posted} messages instead of {wanted}")


def _vacuum() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE notifications_message")


def _bare(drafts: int, at: datetime) -> int:
    """As many rows of the same width, of constants alone."""
    from django.db import connection

    from cooperation.notifications.bulk import plain_columns

    columns: dict[str, tuple[str, list[Any]]] = {
        **plain_columns(),
        "key": ("found.key", []),
        "kind": ("'reminder'", []),
        "recipient": ("'somebody@example.org'", []),
        "language": ("'en'", []),
        "about": ("%s::jsonb", ['{"due": 1, "days": 7, "call": 1, "rows": [1], "asks": ["draft"]}']),
        "state": ("'waiting'", []),
        "message_id": ("'<' || found.key || '@example.org>'", []),
        **{name: ("%s", [at]) for name in ("not_before", "expires_at", "created_at")},
    }
    sql = CEILING.format(
        names=", ".join(columns), values=", ".join(row for row, _given in columns.values()), drafts=drafts
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for _row, given in columns.values() for value in given])
        return int(cursor.rowcount)


def fill(drafts: int) -> datetime:
    """A call with so many drafts, due in six days; gives the instant of the run."""
    from django.db import connection
    from django.utils import timezone

    from bench._rows import programme
    from calls.models import Call
    from calls.operations.reminder_defaults import give_reminders

    at = timezone.now().replace(hour=12)
    call = Call.objects.create(
        programme=programme(),
        slug="bench-reminders",
        kind="funding",
        process="one_stage",
        editorial="published",
        published_at=at - timedelta(days=30),
        zone="Europe/Stockholm",
        opens_at=at - timedelta(days=20),
        closes_at=at + timedelta(days=6),
    )
    give_reminders(call)
    with connection.cursor() as cursor:
        cursor.execute(FILL.format(drafts=drafts))
        cursor.execute("SELECT id FROM accounts_user WHERE email LIKE 'officer%%' ORDER BY id")
        people = [row[0] for row in cursor.fetchall()]
        _write(call.pk, people, at)
        cursor.execute("ANALYZE")
    return at


def _write(call: int, people: list[int], at: datetime) -> None:
    from calls.models import Application
    from cooperation.notifications.models import Preference, Quiet
    from partnerships.models import Membership, Organisation

    leads = Organisation.objects.bulk_create(
        [
            Organisation(name=f"Lead {number}", slug=f"lead-{number}", kind="municipality")
            for number in range(len(people))
        ],
        batch_size=5_000,
    )
    Membership.objects.bulk_create(
        [
            Membership(
                user_id=person, organisation=lead, role="officer", verified_at=at, verified_by_id=person
            )
            for person, lead in zip(people, leads, strict=True)
        ],
        batch_size=5_000,
    )
    Application.objects.bulk_create(
        [
            Application(
                call_id=call,
                lead=lead,
                reference=f"B-{number}",
                created_at=at,
                created_by_id=person,
                changed_at=at,
                changed_by_id=person,
            )
            for number, (person, lead) in enumerate(zip(people, leads, strict=True))
        ],
        batch_size=5_000,
    )
    Quiet.objects.bulk_create(
        [Quiet(reader_id=person, from_hour=22, until_hour=6) for person in people[::10]], batch_size=5_000
    )
    Preference.objects.bulk_create(
        [Preference(reader_id=person, topic="deadlines", mode="daily") for person in people[5::10]],
        batch_size=5_000,
    )


def report(figures: dict[str, float]) -> None:
    """The line that the issue asks for, last."""
    words = (
        f"{name}={value:.0f}" if value > 100 else f"{name}={value:.2f}" for name, value in figures.items()
    )
    print("BENCH reminders " + " ".join(words), flush=True)


def main() -> None:
    with database(durable=True):
        report(measure())


if __name__ == "__main__":
    main()
