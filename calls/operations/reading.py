"""The access log: who read the contents of an application, one statement however many are read."""

from datetime import datetime, timedelta

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from calls.models import Application, Reading
from calls.models.reading import What
from cooperation.accounts.models import User

# The same person at the same thing again within this time is one reading.
ONE_READING = timedelta(minutes=5)


def record_reading(*, application: Application, by: User, at: datetime, what: What) -> int:
    """Note that staff or a reviewer read an application; 1 if a row was written, 0 if none was due.

    Those who read it as their own, members of the lead and of its team, leave no trace here.
    """
    return _record(Application.objects.filter(pk=application.pk), by, at, what)


def record_exports(*, applications: QuerySet[Application], by: User, at: datetime) -> int:
    """Note that the applications of a list were exported, all of them in one statement; how many rows."""
    return _record(Application.objects.filter(pk__in=applications.values("pk")), by, at, What.EXPORT)


def _record(applications: QuerySet[Application], by: User, at: datetime, what: What) -> int:
    own = Application.objects.visible_to(by).filter(pk=OuterRef("pk"))
    recent = Reading.objects.filter(
        application=OuterRef("pk"), by=by, what=what, at__gt=at - ONE_READING, at__lte=at
    )
    due = applications.filter(~Exists(own), ~Exists(recent)).order_by().values("pk")
    try:
        rows, parameters = due.query.sql_with_params()
    except EmptyResultSet:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO calls_reading (application_id, by_id, at, what)"  # noqa: S608 the ORM's own SQL
            f" SELECT due.id, %s, %s, %s FROM ({rows}) AS due(id)",
            [by.pk, at, str(what), *parameters],
        )
        return cursor.rowcount
