"""One clock decides: the database's."""

from datetime import datetime

from django.db import connection


def database_now() -> datetime:
    """The instant on PostgreSQL's clock, with microseconds, in UTC."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]
