"""Triggers write the history: whoever writes, however it is written, and with the name of who acts."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import InternalError, connection, transaction
from django.db.models import F
from django.test import Client
from django.utils import timezone

from calls.models import Application, Call, Score
from cooperation.accounts.models import User
from cooperation.history.actor import acting
from cooperation.history.models import HistoryEntry, HistorySeal
from tests.calls.desk_world import Desk
from tests.factories import CallFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


def newest(table: str) -> HistoryEntry:
    return HistoryEntry.objects.filter(table=table).latest("id")


def test_an_update_tells_only_what_differs():
    call = CallFactory(places=3)
    call.places, call.currency = 4, "EUR"
    call.save()
    entry = newest("calls_call")
    assert (entry.change, entry.row) == ("update", call.pk)
    assert entry.before == {"places": 3, "currency": "SEK"}
    assert entry.after == {"places": 4, "currency": "EUR"}


def test_bulk_updates_and_plain_sql_are_told_too():
    call = CallFactory(places=3)
    Call.objects.filter(pk=call.pk).update(places=F("places") + 1)
    assert newest("calls_call").after == {"places": 4}
    with connection.cursor() as cursor:
        cursor.execute("UPDATE calls_call SET places = 9")
    assert newest("calls_call").after == {"places": 9}


def test_a_whole_row_is_kept_when_it_is_added_and_when_it_is_deleted():
    membership = MembershipFactory()
    added = newest("partnerships_membership")
    number = membership.pk
    membership.delete()
    deleted = newest("partnerships_membership")
    assert (added.change, added.before, added.row) == ("insert", None, number)
    assert (deleted.change, deleted.after, deleted.row) == ("delete", None, number)
    assert added.after == deleted.before
    assert added.after["user_id"] == membership.user_id


def test_a_save_that_changes_nothing_leaves_no_entry():
    call = CallFactory()
    before = HistoryEntry.objects.count()
    call.save()
    assert HistoryEntry.objects.count() == before


def test_a_draft_stays_with_the_city():
    before = HistoryEntry.objects.filter(table="calls_application").count()
    draft = Desk().submitted("Ale")
    Application.objects.filter(pk=draft.pk).update(
        answers={"what": "A secret"}, title="Another", prefilled={}, version=7
    )
    told = HistoryEntry.objects.filter(table="calls_application")[before:]
    assert [entry.after["status"] for entry in told] == ["submitted"]
    assert not HistoryEntry.objects.filter(after__icontains="secret").exists()


def test_every_row_of_an_application_names_it():
    desk = Desk()
    application = desk.decided("Ale")
    tables = set(HistoryEntry.objects.filter(application=application.pk).values_list("table", flat=True))
    assert tables == {
        *("calls_application", "calls_statuschange", "calls_assignment"),
        *("calls_review", "calls_score", "calls_decision"),
    }
    scores = HistoryEntry.objects.filter(table="calls_score", application=application.pk)
    assert set(scores.values_list("row", flat=True)) == set(Score.objects.values_list("pk", flat=True))


def test_passwords_and_log_ins_are_never_told():
    user = UserFactory()
    user.set_password("a new one, and long")
    user.last_login = timezone.now()
    user.save()
    user.is_staff = True
    user.save()
    told = HistoryEntry.objects.filter(table="accounts_user", row=user.pk)
    assert [entry.change for entry in told] == ["update", "insert"]
    assert told[0].after == {"is_staff": True}
    assert not any("password" in (entry.after or {}) for entry in told)


def test_rights_of_people_and_groups_are_told():
    user, group = UserFactory(), Group.objects.create(name="Board")
    right = Permission.objects.get(codename="decide_application")
    user.groups.add(group)
    user.user_permissions.add(right)
    group.permissions.add(right)
    group.permissions.clear()
    assert newest("auth_group").after["name"] == "Board"
    assert newest("accounts_user_groups").after["user_id"] == user.pk
    assert newest("accounts_user_user_permissions").after["permission_id"] == right.pk
    assert (newest("auth_group_permissions").change, newest("auth_group_permissions").before["group_id"]) == (
        "delete",
        group.pk,
    )


@pytest.mark.parametrize("model", [HistoryEntry, HistorySeal])
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE {} SET at = now()",
        "DELETE FROM {}",
        "TRUNCATE {}",
        "SET pgtrigger.ignore = '{{}}'; DELETE FROM {}",
    ],
)
def test_the_database_keeps_the_history(model, sql, truncate_refused):
    HistorySeal.objects.create(number=1, at=timezone.now(), entries=0, ids=[], horizon=0)
    CallFactory()
    before = model.objects.count()
    with (
        pytest.raises(InternalError, match="rows of history_"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql.format(model._meta.db_table))
    assert model.objects.count() == before > 0


def test_pgtrigger_cannot_switch_it_off():
    import pgtrigger

    call = CallFactory(places=3)
    with pgtrigger.ignore():
        Call.objects.filter(pk=call.pk).update(places=4)
        with pytest.raises(InternalError), transaction.atomic():
            HistoryEntry.objects.all().delete()
    assert newest("calls_call").after == {"places": 4}


# --- who ---------------------------------------------------------------------------------------------------


def test_nobody_acts_where_nobody_is_named():
    CallFactory()
    assert newest("calls_call").actor is None


def test_who_acts_is_told_without_another_query(django_assert_num_queries):
    call, marta = CallFactory(places=3), UserFactory()
    with acting(marta), django_assert_num_queries(1):
        Call.objects.filter(pk=call.pk).update(places=4)
    assert newest("calls_call").actor == marta.pk


def test_the_innermost_person_acts_and_the_portal_can():
    call, marta, helena = CallFactory(), UserFactory(), UserFactory()
    told = []
    with acting(marta):
        with acting(helena):
            Call.objects.filter(pk=call.pk).update(places=11)
            told.append(newest("calls_call").actor)
        with acting(None):
            Call.objects.filter(pk=call.pk).update(places=12)
            told.append(newest("calls_call").actor)
        Call.objects.filter(pk=call.pk).update(places=13)
        told.append(newest("calls_call").actor)
    assert told == [helena.pk, None, marta.pk]


def test_statements_keep_their_results_and_counts():
    """RETURNING, many rows at once, a WITH that writes, a WITH that only reads, a cursor of the server."""
    marta = UserFactory()
    with acting(marta):
        calls = Call.objects.bulk_create(
            [CallFactory.build(programme=CallFactory().programme) for _ in range(3)]
        )
        assert all(call.pk for call in calls)
        numbers = [call.pk for call in calls]
        assert Call.objects.filter(pk__in=numbers).update(places=5) == 3
        with connection.cursor() as cursor:
            cursor.execute("UPDATE calls_call SET places = 6 WHERE id = %s RETURNING id", [numbers[0]])
            assert cursor.fetchall() == [(numbers[0],)]
            cursor.executemany("UPDATE calls_call SET places = %s WHERE id = %s", [(7, n) for n in numbers])
            cursor.execute("WITH one AS (SELECT 1 AS n) SELECT n FROM one")
            assert cursor.fetchone() == (1,)
            cursor.execute(
                "WITH done AS (UPDATE calls_call SET places = 8 WHERE id = %s RETURNING id)"
                " SELECT id FROM done",
                [numbers[1]],
            )
            assert cursor.fetchone() == (numbers[1],)
        with connection.chunked_cursor() as cursor:
            cursor.execute("WITH one AS (SELECT 1 AS n) SELECT n FROM one")
            assert cursor.fetchall() == [(1,)]
        assert list(Call.objects.filter(pk__in=numbers).order_by("pk").iterator())[1].places == 8
    told = HistoryEntry.objects.filter(table="calls_call", row__in=numbers)
    assert set(told.values_list("actor", flat=True)) == {marta.pk}


def test_a_request_acts_for_who_is_logged_in():
    desk = Desk()
    application = desk.submitted("Ale")
    client = Client()
    client.force_login(desk.marta)
    page = f"/admin/calls/application/{application.pk}/screen/"
    answer = client.post(page, {"eligible": "yes", "note": "", "version": application.version})
    assert answer.status_code == 302
    assert newest("calls_statuschange").actor == desk.marta.pk
    assert newest("calls_application").after == {"status": "eligible"}


def test_a_visitor_without_a_session_is_not_asked_for(client, django_assert_num_queries):
    """Finding out who acts starts only when something is written."""
    User.objects.all()
    with django_assert_num_queries(0):
        client.get("/account/login/")
