"""Which reminders are due at an instant, and which ones come: rules met with who waits, in the database.

An offset counts days before what is due, below zero after it. Of the offsets that have passed only the
nearest counts: after any pause nobody gets more than one. The key of a message holds the due instant and the
offset, so that a moved deadline has reminders of its own.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from calls.models import Call, ReminderRule, TeamMember
from calls.models.reminder import LATE
from calls.models.team import EDITORS
from calls.queries.reminder_audiences import Sort
from cooperation.notifications.bulk import Found
from cooperation.notifications.models import Message
from partnerships.models import Membership
from partnerships.models.organisation import WRITERS

DAY = "interval '24 hours'"
NOW = "(SELECT at FROM given)"
# What says nothing new: a reminder of the draft since then told all that is missing; a reviewer hears of
# late reviews no more often than the rules say, also when a run was late itself.
NOT_SAID = {
    "missing_reminder": f"""
        said.kind = 'reminder' AND (said.about->>'due')::bigint = floor(extract(epoch FROM due))::bigint
        AND said.created_at >= due - days * {DAY}""",
    "review_reminder": f"""
        said.kind = 'review_reminder' AND said.state <> 'lapsed'
        AND said.created_at > {NOW} - {DAY} * (
            SELECT min(repeat_days) FROM calls_reminderrule WHERE call_id = step.call AND active
        )""",  # noqa: S608
}


@dataclass(frozen=True)
class Step:
    """One reminder to come: its offset, the due instant, when it is first to leave, how many people."""

    kind: str
    audiences: tuple[str, ...]
    days: int
    due: datetime
    at: datetime
    people: int


def due_now(sort: Sort, *, at: datetime) -> Found | None:
    """The messages of a sort that are due at an instant, posted before or not; None where nobody waits.

    The SELECT asks `given`, the CTE of the instant, of the statement around it.
    """
    waiting = _waiting(sort, at)
    if waiting is None:
        return None
    return _found(sort, waiting, _nearest(), unsaid=True)


def to_come(sort: Sort, call: Call, step: Step, *, at: datetime) -> Found | None:
    """The messages of one step of a call as they would be posted, if nothing changed until then."""
    waiting = _waiting(sort, at, call)
    if waiting is None:
        return None
    found = _found(sort, waiting, _coming())
    sql = f"""SELECT key, reader_id, about, expires_at FROM ({found.sql}) AS coming
        WHERE (about->>'days')::int = %s AND due = %s"""  # noqa: S608 our own names
    return Found(sql, [*found.parameters, step.days, step.due])


def steps_to_come(sort: Sort, call: Call, *, at: datetime) -> list[Step]:
    """The reminders of a call that will be due after an instant, if nothing changed until then."""
    waiting = _waiting(sort, at, call)
    if waiting is None:
        return []
    found = _found(sort, waiting, _coming())
    sql = f"""
        WITH given(at) AS (VALUES (%s::timestamptz))
        SELECT (about->>'days')::int, due, due - (about->>'days')::int * {DAY}, about->'asks', count(*)
        FROM ({found.sql}) AS found GROUP BY 1, 2, 3, 4 ORDER BY 3
    """  # noqa: S608 our own names
    with connection.cursor() as cursor:
        cursor.execute(sql, [at, *found.parameters])
        rows = cursor.fetchall()
    return [
        Step(sort.kind, tuple(_json(asks)), days, due, leaves, people)
        for days, due, leaves, asks, people in rows
    ]


def is_current(rules: Iterable[ReminderRule], days: int, due: datetime, at: datetime) -> bool:
    """Whether an offset is the nearest of those that have passed: no later one, and not taken out since."""
    return days == min((offset for rule in rules for offset in passed_offsets(rule, due, at)), default=None)


def passed_offsets(rule: ReminderRule, due: datetime, at: datetime) -> list[int]:
    """The newest offset of a rule whose instant has passed; none before its first."""
    first = rule.instant(due)
    if first > at:
        return []
    if not rule.late:
        return [rule.days]
    again = (at - first).days // rule.repeat_days * rule.repeat_days if rule.repeat_days else 0
    return [-(rule.days + again)]


def _waiting(sort: Sort, at: datetime, call: Call | None = None) -> Found | None:
    """Who waits, of every audience of a sort."""
    parts: list[str] = []
    parameters: list[Any] = []
    for rows in sort.rows(at):
        narrowed = rows.filter(asked_in=call.pk) if call else rows
        try:
            sql, given = narrowed.query.sql_with_params()
        except EmptyResultSet:
            continue
        parts.append(f"({sql})")
        parameters += given
    return Found(" UNION ALL ".join(parts), parameters) if parts else None


def _offset(elapsed_at: str) -> str:
    """The newest offset of a rule at an instant, with its repetitions."""
    late = "', '".join(audience.value for audience in LATE)
    since = f"extract(epoch FROM {elapsed_at} - waiting.due) / 86400 - rule.days"
    again = f"COALESCE(floor(({since}) / rule.repeat_days) * rule.repeat_days, 0)::int"
    return f"CASE WHEN rule.audience IN ('{late}') THEN -(rule.days + {again}) ELSE rule.days END"


def _signed() -> str:
    late = "', '".join(audience.value for audience in LATE)
    return f"CASE WHEN rule.audience IN ('{late}') THEN -rule.days ELSE rule.days END"


def _rules() -> str:
    return f"""FROM {ReminderRule._meta.db_table} AS rule
        WHERE rule.call_id = waiting.call AND rule.audience = waiting.audience AND rule.active"""


def _nearest() -> str:
    """The offsets that have passed: the nearest."""
    instant = f"waiting.due - ({_signed()}) * {DAY}"
    return f"""
        SELECT min({_offset(NOW)}) AS days {_rules()}
            AND {instant} <= {NOW} AND (waiting.since IS NULL OR waiting.since <= {instant})
    """


def _coming() -> str:
    """The offsets to come; of what repeats, the next one."""
    instant = f"waiting.due - ({_signed()}) * {DAY}"
    again = _offset(NOW) + " - rule.repeat_days"
    return f"""
        SELECT CASE WHEN {instant} > {NOW} THEN {_signed()} ELSE {again} END AS days
        {_rules()}
            AND ({instant} > {NOW} OR rule.repeat_days IS NOT NULL)
            AND (waiting.since IS NULL OR waiting.since <= {instant})
    """


def _found(sort: Sort, waiting: Found, offsets: str, *, unsaid: bool = False) -> Found:
    """One row for each message: its key, its reader, what it is about. Also `due`."""
    bundle = "'c' || call" if sort.together else "told.audience || told.item"
    sql = f"""
        WITH waiting(audience, item, application, call, lead, person, due, since) AS ({waiting.sql}),
        point AS (
            SELECT one.*, offsets.days
            FROM (SELECT DISTINCT call, audience, due, since FROM waiting) AS one
            CROSS JOIN LATERAL ({offsets.replace("waiting.", "one.")}) AS offsets
            WHERE offsets.days IS NOT NULL
        ),
        step AS (
            SELECT waiting.*, point.days FROM waiting JOIN point
            ON point.call = waiting.call AND point.audience = waiting.audience AND point.due = waiting.due
                AND COALESCE(point.since, point.due) = COALESCE(waiting.since, waiting.due)
        ),
        told AS (
            SELECT step.*, person AS reader FROM step WHERE person IS NOT NULL
            UNION ALL
            SELECT step.*, member.user_id FROM step
            JOIN {Membership._meta.db_table} AS member ON member.organisation_id = step.lead
            WHERE step.person IS NULL AND member.verified_at IS NOT NULL AND member.role = ANY(%s)
            UNION ALL
            SELECT step.*, team.user_id FROM step
            JOIN {TeamMember._meta.db_table} AS team ON team.application_id = step.application
            WHERE step.person IS NULL AND team.role = ANY(%s)
                AND team.accepted_at IS NOT NULL AND team.revoked_at IS NULL
        )
        SELECT
            concat_ws(':', %s || bundle, floor(extract(epoch FROM due))::bigint, days, reader) AS key,
            reader AS reader_id,
            jsonb_build_object(
                'call', call, 'reader', reader, 'due', floor(extract(epoch FROM due))::bigint, 'days', days,
                'asks', asks, 'rows', rows
            ) || CASE WHEN cardinality(applications) = 1
                THEN jsonb_build_object('application', applications[1])
                ELSE jsonb_build_object('applications', applications) END AS about,
            CASE WHEN days > 0 THEN due END AS expires_at,
            due
        FROM (
            SELECT bundle, call, reader, due, days,
                to_jsonb(array_agg(DISTINCT audience ORDER BY audience)) AS asks,
                to_jsonb(array_agg(DISTINCT item ORDER BY item)) AS rows,
                array_agg(DISTINCT application ORDER BY application) AS applications
            FROM ({_in_bundles(bundle, nearest=unsaid and len(sort.audiences) > 1)}) AS bundled
            GROUP BY bundle, call, reader, due, days
        ) AS step
        {_unsaid(sort) if unsaid else ""}
    """  # noqa: S608 names of our own columns, and the ORM's own SQL
    people: Sequence[Any] = [[str(role) for role in WRITERS], [str(role) for role in EDITORS]]
    return Found(sql, [*waiting.parameters, *people, f"{sort.kind}:"])


def _in_bundles(bundle: str, *, nearest: bool) -> str:
    """What one message tells together; where audiences share it, all have the nearest offset of them."""
    days = f"min(days) OVER (PARTITION BY {bundle}, reader, due)" if nearest else "days"
    return f"""SELECT {bundle} AS bundle, told.call, told.reader, told.due, told.audience, told.item,
        told.application, {days} AS days FROM told"""  # noqa: S608


def _unsaid(sort: Sort) -> str:
    if sort.kind not in NOT_SAID:
        return ""
    return f"""WHERE NOT EXISTS (
        SELECT 1 FROM {Message._meta.db_table} AS said
        WHERE said.reader_id = step.reader AND (said.about->>'call')::bigint = step.call
            AND {NOT_SAID[sort.kind]}
    )"""  # noqa: S608


def _json(value: Any) -> list[str]:
    return json.loads(value) if isinstance(value, str) else value
