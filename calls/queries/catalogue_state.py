"""Has the catalogue changed? One figure for all that a search can see, asked for before searching again."""

from datetime import datetime

from django.db import connection

from calls.models.call import CLOSING_SOON

# A row's place and the transaction that wrote it change with every change of the row, whoever wrote it and
# in whatever order transactions end; a clock or a number of a sequence would miss what commits late. The
# day is part of it, so that every search is done at least once a day.
STATE = """
SELECT md5(coalesce(string_agg(part, ' ' ORDER BY part), '') || %(day)s) FROM (
    SELECT 'c' || id || ctid || xmin || CASE WHEN opens_at > %(at)s THEN 'l' WHEN closes_at <= %(at)s THEN 'x'
        WHEN closes_at <= %(soon)s THEN 's' ELSE 'o' END FROM calls_call
    UNION ALL SELECT 't' || id || ctid || xmin FROM calls_calltext
    UNION ALL SELECT 'r' || id || ctid || xmin FROM calls_eligibilityrule
    UNION ALL SELECT 'q' || id || ctid || xmin FROM calls_quota
    UNION ALL SELECT 'm' || id || ctid || xmin FROM calls_call_themes
    UNION ALL SELECT 'p' || id || ctid || xmin FROM calls_programme
) AS parts (part)
"""


def catalogue_state(at: datetime) -> str:
    """A digest of the calls, their texts, rules, places and themes, and of their status on the clock `at`."""
    about: dict[str, datetime | str] = {"at": at, "soon": at + CLOSING_SOON, "day": at.date().isoformat()}
    with connection.cursor() as cursor:
        cursor.execute(STATE, about)
        return cursor.fetchone()[0]
