"""Posting what the database finds: one statement for any number of messages, worded when they are sent.

For each row it decides what `operations.post_all` decides for a letter: reader, language, key and
Message-ID, the reader's quiet hours, and whether the message is kept for a digest.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection, models

from cooperation.accounts.models import User
from cooperation.notifications.kinds import Kind, kind_of
from cooperation.notifications.models import Message, MessageState, Mode, Preference, Quiet
from cooperation.notifications.operations import mail_domain, nudge_after_commit
from cooperation.notifications.timing import QUIET_FROM, QUIET_UNTIL, URGENT


@dataclass(frozen=True)
class Found:
    """A SELECT of `key`, `reader_id`, `about` (jsonb) and `expires_at`, with its parameters."""

    sql: str
    parameters: Sequence[Any] = ()


def post_found(kind_name: str, found: Found, *, at: datetime) -> int:
    """Store a message of a kind for each row whose key was not posted before; return how many.

    Two that run at once store each message once: the key is unique, and both insert in its order.
    """
    kind = kind_of(kind_name)
    columns = {**plain_columns(), **_columns(kind)}
    names = ", ".join(connection.ops.quote_name(name) for name in columns)
    values = ", ".join(expression for expression, _given in columns.values())
    given = [parameter for _expression, parameters in columns.values() for parameter in parameters]
    sql = f"""
        WITH given(at) AS (VALUES (%s::timestamptz))
        INSERT INTO {Message._meta.db_table} ({names})
        SELECT {values}
        FROM ({found.sql}) AS found
        CROSS JOIN given
        {_readers()}
        WHERE person.is_active
          AND NOT EXISTS (SELECT 1 FROM {Message._meta.db_table} AS known WHERE known.key = found.key)
        ORDER BY found.key
        ON CONFLICT (key) DO NOTHING
    """  # noqa: S608 names of our own columns, and the ORM's own SQL
    with connection.cursor() as cursor:
        cursor.execute(sql, [at, *given, *found.parameters, kind.topic.value, zones_known()])
        posted = cursor.rowcount
    if posted:
        nudge_after_commit()
    return posted


@dataclass(frozen=True)
class Leaving:
    """When a message to one reader would leave, and how: a mode of the reader's preferences."""

    reader_id: int
    about: Mapping[str, Any]
    not_before: datetime
    mode: str


def leaving(
    kind_name: str, found: Found, *, at: datetime, posted_at: datetime, first: int, most: int
) -> list[Leaving]:
    """What `post_found` would decide for some of the rows if they were posted at an instant to come.

    `found` is asked as of `at`. Nothing is stored; the readers are in the order of their ids.
    """
    kind = kind_of(kind_name)
    mode = f"COALESCE(chosen.mode, '{Mode.AT_ONCE.value}')" if kind.optional else f"'{Mode.AT_ONCE.value}'"
    sql = f"""
        WITH given(at, posted) AS (VALUES (%s::timestamptz, %s::timestamptz))
        SELECT person.id, found.about, {_not_before(kind, "given.posted")}, {mode}
        FROM ({found.sql}) AS found CROSS JOIN given {_readers()}
        WHERE person.is_active ORDER BY person.id, found.key OFFSET %s LIMIT %s
    """  # noqa: S608 names of our own columns, and the ORM's own SQL
    with connection.cursor() as cursor:
        asked = [at, posted_at, *found.parameters, kind.topic.value, zones_known(), first, most]
        cursor.execute(sql, asked)
        rows = cursor.fetchall()
    return [Leaving(reader, _read(about), leaves, chosen) for reader, about, leaves, chosen in rows]


def _read(about: Any) -> Any:
    return json.loads(about) if isinstance(about, str) else about


def _readers() -> str:
    return f"""
        JOIN {User._meta.db_table} AS person ON person.id = found.reader_id
        LEFT JOIN {Quiet._meta.db_table} AS own ON own.reader_id = person.id
        LEFT JOIN {Preference._meta.db_table} AS chosen
            ON chosen.reader_id = person.id AND chosen.topic = %s
        LEFT JOIN unnest(%s::text[]) AS known_zone(name) ON known_zone.name = person.time_zone
    """


@cache
def zones_known() -> list[str]:
    """The time zones that PostgreSQL knows: it may be older than Python's, and one unknown name in one row
    would end the statement for everybody. Its reader's clock is UTC until the database knows the place."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_timezone_names")
        return [name for (name,) in cursor.fetchall()]


def plain_columns() -> dict[str, tuple[str, list[Any]]]:
    """Every column with what a new message has in it."""
    fields = (field for field in Message._meta.concrete_fields if not field.primary_key)
    return {str(field.column): ("%s", [_default(field)]) for field in fields}


def _default(field: models.Field) -> Any:
    value = None if field.null else field.get_default()
    return field.get_db_prep_save(value, connection) if value is not None else None


def _columns(kind: Kind) -> dict[str, tuple[str, list[Any]]]:
    """Column -> its expression over `given` and what is joined to it, with its parameters."""
    message_id = "'<' || left(encode(sha256(convert_to(found.key, 'UTF8')), 'hex'), 32) || %s"
    return {
        "key": ("found.key", []),
        "kind": ("%s", [kind.name]),
        "recipient": ("person.email", []),
        "reader_id": ("person.id", []),
        "language": ("person.language", []),
        "about": ("found.about", []),
        "state": (_state(kind), []),
        "not_before": (_not_before(kind), []),
        "expires_at": ("found.expires_at", []),
        "created_at": ("given.at", []),
        "message_id": (message_id, [f"@{mail_domain()}>"]),
    }


def _state(kind: Kind) -> str:
    """Held for a digest, or waiting. What is read in the portal only is held too: to be worded there."""
    waiting = f"'{MessageState.WAITING.value}'"
    if not kind.optional:
        return waiting
    at_once = f"COALESCE(chosen.mode, '{Mode.AT_ONCE.value}') = '{Mode.AT_ONCE.value}'"
    return f"CASE WHEN NOT {at_once} THEN '{MessageState.HELD.value}' ELSE {waiting} END"


def _not_before(kind: Kind, at: str = "given.at") -> str:
    """The same rule as `timing.not_before`, in SQL."""
    if not kind.quiet:
        return at
    morning = end_of_quiet_sql(at, "COALESCE(known_zone.name, 'UTC')", _hour("from"), _hour("until"))
    urgent = f"interval '{int(URGENT.total_seconds())} seconds'"
    return f"""(SELECT CASE WHEN morning + {urgent} >= found.expires_at THEN {at} ELSE morning END
        FROM (SELECT {morning} AS morning) AS ended)"""  # noqa: S608


def _hour(which: str) -> str:
    usual = {"from": QUIET_FROM, "until": QUIET_UNTIL}[which]
    return f"COALESCE(own.{which}_hour, {usual})"


def end_of_quiet_sql(at: str, zone: str, begins: str, ends: str) -> str:
    """`timing.end_of_quiet` as an SQL expression.

    An hour that the clocks of autumn show twice ends the quiet where it comes first: PostgreSQL means the
    second, so the instants an hour and half an hour before are asked whether they show the same.
    """
    return f"""(
        SELECT CASE WHEN NOT quiet THEN {at}
            WHEN (meant - interval '1 hour') AT TIME ZONE {zone} = wall THEN meant - interval '1 hour'
            WHEN (meant - interval '30 minutes') AT TIME ZONE {zone} = wall THEN meant - interval '30 minutes'
            ELSE meant END
        FROM (
            SELECT quiet, wall, wall AT TIME ZONE {zone} AS meant
            FROM (
                SELECT
                    CASE WHEN {begins} <= {ends} THEN {begins} <= hour AND hour < {ends}
                        ELSE hour >= {begins} OR hour < {ends} END AS quiet,
                    CASE WHEN {begins} > {ends} AND hour >= {begins}
                        THEN day + 1 ELSE day END + make_time({ends}, 0, 0) AS wall
                FROM (
                    SELECT extract(hour FROM {at} AT TIME ZONE {zone})::int AS hour,
                        ({at} AT TIME ZONE {zone})::date AS day
                ) AS shown
            ) AS night
        ) AS instant
    )"""  # noqa: S608
