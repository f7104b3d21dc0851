"""Posting what the database finds: the same key, state and instant as a letter posted from Python."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from hypothesis import example, given, settings
from hypothesis import strategies as some

from cooperation.accounts.zones import zone_choices
from cooperation.notifications.bulk import Found, end_of_quiet_sql, leaving, post_found, zones_known
from cooperation.notifications.models import Message, Preference, Quiet
from cooperation.notifications.operations import Letter, message_id, post_all
from cooperation.notifications.timing import end_of_quiet
from tests.factories import UserFactory
from tests.races.together import together

ZONES = (
    *("Europe/Stockholm", "Europe/Brussels", "America/Santiago", "America/Montevideo", "Australia/Sydney"),
    *("Australia/Lord_Howe", "America/St_Johns", "Asia/Kathmandu", "Atlantic/Azores", "Pacific/Chatham"),
)
# The nights in which clocks change in 2027, in both hemispheres.
NIGHTS = (
    *("2027-03-28", "2027-10-31", "2027-04-04", "2027-09-05", "2027-10-03", "2027-03-14", "2027-11-07"),
    *("2027-02-07", "2027-03-14", "2027-09-26"),
)
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
ANY = some.builds(lambda minutes: FIRST + timedelta(minutes=minutes), some.integers(0, 3 * 365 * 24 * 60))
IN_A_NIGHT = some.builds(
    lambda night, minutes: datetime.fromisoformat(night).replace(tzinfo=UTC) + timedelta(minutes=minutes),
    some.sampled_from(NIGHTS),
    some.integers(-24 * 60, 24 * 60),
)
HOUR = some.integers(0, 23)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None)
@example(datetime(2027, 3, 28, 0, 30, tzinfo=UTC), "Europe/Stockholm", 21, 2)  # an hour that never comes
@example(datetime(2027, 10, 30, 22, 0, tzinfo=UTC), "Europe/Stockholm", 21, 2)  # one that comes twice
@example(datetime(2027, 4, 3, 12, 0, tzinfo=UTC), "Australia/Lord_Howe", 21, 2)  # half an hour back
@example(datetime(2027, 9, 5, 3, 30, tzinfo=UTC), "America/Santiago", 21, 0)  # midnight never comes
@given(at=IN_A_NIGHT | ANY, zone=some.sampled_from(ZONES), begins=HOUR, ends=HOUR)
def test_sql_and_python_end_the_quiet_at_the_same_instant(at, zone, begins, ends):
    with connection.cursor() as cursor:
        sql = end_of_quiet_sql("at", "zone", "begins", "ends")
        cursor.execute(
            f"SELECT {sql} FROM (VALUES (%s::timestamptz, %s, %s, %s)) AS one(at, zone, begins, ends)",  # noqa: S608
            [at, zone, begins, ends],
        )
        (found,) = cursor.fetchone()
    assert found == end_of_quiet(at, zone, (begins, ends))


def both(kind: str, reader, at: datetime, expires_at: datetime | None) -> tuple[Message, Message]:
    """The same message posted from Python and by the database."""
    letter = Letter(
        key=f"{kind}:python",
        kind=kind,
        reader=reader,
        recipient=reader.email,
        language=reader.language,
        template="calls/mail/reminder_many.txt",
        context={"days": 3, "lines": []},
        about={"call": 1},
        expires_at=expires_at,
    )
    post_all([letter], at=at)
    sql = (
        """SELECT %s AS key, %s AS reader_id, '{"call": 1}'::jsonb AS about, %s::timestamptz AS expires_at"""
    )
    post_found(kind, Found(sql, [f"{kind}:sql", reader.pk, expires_at]), at=at)
    return Message.objects.get(key=f"{kind}:python"), Message.objects.get(key=f"{kind}:sql")


OWN = {"subject", "body", "html", "path", "action", "id", "key", "message_id"}


@pytest.mark.django_db
@pytest.mark.parametrize("mode", [None, "daily", "weekly", "at_once"])
@pytest.mark.parametrize(("quiet", "hours"), [(None, 23), ((22, 6), 23), (None, 12), ((9, 9), 23)])
@pytest.mark.parametrize("expires_in", [None, 5, 100])
def test_a_message_is_the_same_from_either_side(mode, quiet, hours, expires_in):
    reader = UserFactory(time_zone="America/Santiago", language="es")
    if mode:
        Preference.objects.create(reader=reader, topic="deadlines", mode=mode)
    if quiet:
        Quiet.objects.create(reader=reader, from_hour=quiet[0], until_hour=quiet[1])
    at = datetime(2027, 4, 3, hours, 10, tzinfo=ZoneInfo("America/Santiago"))
    expires_at = at + timedelta(hours=expires_in) if expires_in else None
    python, sql = both("reminder", reader, at, expires_at)
    fields = [field.attname for field in Message._meta.concrete_fields if field.name not in OWN]
    assert {name: getattr(python, name) for name in fields} == {name: getattr(sql, name) for name in fields}
    assert sql.message_id == message_id(sql.key)
    assert (sql.subject, sql.body) == ("", "")


@pytest.mark.django_db
def test_what_is_read_in_the_portal_only_is_held_until_it_is_worded():
    reader = UserFactory()
    Preference.objects.create(reader=reader, topic="deadlines", mode="portal")
    _python, sql = both("reminder", reader, datetime(2027, 1, 4, 12, tzinfo=UTC), None)
    assert sql.state == "held"


@pytest.mark.django_db
def test_a_key_is_posted_once_and_a_person_who_left_gets_nothing():
    people = [UserFactory(), UserFactory(is_active=False)]
    found = Found(
        "SELECT 'k' || id AS key, id AS reader_id, '{}'::jsonb AS about, NULL::timestamptz AS expires_at"
        " FROM accounts_user WHERE id = ANY(%s)",
        [[person.pk for person in people]],
    )
    at = datetime(2027, 1, 4, 12, tzinfo=UTC)
    assert [post_found("reminder", found, at=at), post_found("reminder", found, at=at)] == [1, 0]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_post_each_message_once():
    people = UserFactory.create_batch(40)

    def post(order: str) -> int:
        rows = (
            "SELECT 'k' || id AS key, id AS reader_id, '{}'::jsonb AS about, NULL::timestamptz AS expires_at"
        )
        found = Found(f"{rows} FROM accounts_user ORDER BY {order}")
        return post_found("reminder", found, at=datetime(2027, 1, 4, 12, tzinfo=UTC))

    posted = together(lambda: post("id"), lambda: post("-id"))
    assert sum(posted) == Message.objects.count() == len(people)


@pytest.mark.django_db
def test_a_clock_that_the_database_does_not_know_stops_nobodys_messages():
    people = [UserFactory(time_zone=zone) for zone in ("localtime", "Europe/Atlantis", "Europe/Stockholm")]
    rows = "SELECT 'k' || id AS key, id AS reader_id, '{}'::jsonb AS about, NULL::timestamptz AS expires_at"
    found = Found(f"{rows} FROM accounts_user WHERE id = ANY(%s)", [[person.pk for person in people]])
    at = datetime(2027, 1, 4, 22, tzinfo=UTC)
    assert len(leaving("reminder", found, at=at, posted_at=at, first=0, most=9)) == 3
    assert post_found("reminder", found, at=at) == 3
    hours = Message.objects.order_by("reader_id").values_list("not_before", flat=True)
    assert [moment.astimezone(UTC).hour for moment in hours] == [7, 7, 6]


@pytest.mark.django_db
def test_the_database_knows_every_clock_that_somebody_can_choose():
    assert {zone for zone, _label in zone_choices()} <= set(zones_known())
