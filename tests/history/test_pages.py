"""The history on the pages of staff: complete, readable, blind where it must be, and fast at any length."""

import time

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from calls.models import Application, Score
from calls.models.reading import What
from calls.operations.assigning import assign
from calls.operations.reading import record_reading
from calls.operations.submission import submit
from calls.queries import history_words
from calls.queries.history_names import RECORDS
from cooperation.accounts.models import User
from tests.calls.desk_world import Desk, days_ago, staff_person
from tests.factories import CallFactory, UserFactory
from tests.quick import AMOUNTS

pytestmark = pytest.mark.django_db
LIST = "/admin/history/historyentry/"
LIST_QUERIES = 13


def as_(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page(application: Application, show: str = "") -> str:
    query = f"?show={show}" if show else ""
    return f"/admin/calls/application/{application.pk}/history/{query}"


def read(person: User, address: str) -> str:
    answer = as_(person).get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def outsider() -> User:
    """Staff who read applications, and to whom none is assigned."""
    known = User.objects.filter(email="ines@example.org").first()
    return known or staff_person("ines@example.org")


def officer_of(application: Application) -> User:
    return application.snapshots.latest("number").submitted_by


# --- one application -------------------------------------------------------------------------------


def test_what_happened_is_told_with_names_and_reasons():
    desk = Desk()
    application = desk.decided("Ale")
    told = read(outsider(), page(application))
    for words in (
        "Draft begun", "Submission 1 received", "Eligible, under review", "Assigned to Marta, by hand",
        "Review finished", "Reviewed", "Recommended: Selected", "Clear.", "Approved: Selected", "Helena",
        "Result published",
    ):  # fmt: skip
        assert words in told, words
    assert told.index("Result published") < told.index("Approved: Selected") < told.index("Draft begun")


def test_what_a_second_submission_changed_is_told_field_by_field():
    desk = Desk()
    application = desk.submitted("Ale")
    Application.objects.filter(pk=application.pk).update(
        answers={"what": "Young people decide."}, version=application.version + 1
    )
    application.refresh_from_db()
    submit(application=application, version=application.version, by=officer_of(application), at=days_ago(2))
    told = read(outsider(), page(application))
    assert "1 point differs from the submission before" in told
    assert "<del>Young people are heard.</del>" in told
    assert "<ins>Young people decide.</ins>" in told


def test_every_change_is_told_in_words():
    desk = Desk()
    application = desk.decided("Ale")
    told = read(outsider(), page(application, "entries"))
    assert "Status change" in told
    assert "Decision" in told
    assert "<del>Reviewed</del>" in told
    assert "<ins>Selected</ins>" in told
    assert "Approved by" in told
    assert "Helena" in told
    assert "approved_by_id" not in told


def test_every_record_and_field_that_is_told_has_words_to_translate():
    """A new field without a verbose name of its own gets its word in calls/queries/history_names.py."""
    unnamed = []
    for table in history_words._recorded():
        if table not in RECORDS and isinstance(history_words._models()[table]._meta.verbose_name, str):
            unnamed.append(table)
        for column, field in history_words._columns(table).items():
            if column != "id" and isinstance(history_words._label_of(field, column), str):
                unnamed.append(f"{table}.{column}")
    assert unnamed == []


def test_who_read_it_is_told():
    desk = Desk()
    application = desk.submitted("Ale")
    record_reading(application=application, by=desk.helena, at=timezone.now(), what=What.PDF)
    told = read(outsider(), page(application, "readings"))
    assert "Helena" in told
    assert "the PDF" in told


def test_the_page_is_for_staff_who_read_applications():
    desk = Desk()
    application = desk.scored("Ale")
    reviewer = UserFactory()
    assign(application=application, reviewer=reviewer, by=desk.marta, at=timezone.now())
    officer = officer_of(application)
    nobody = User.objects.create_user("other@example.org", is_staff=True)
    for address in (page(application), LIST):
        assert as_(reviewer).get(address).status_code == 302
        assert as_(officer).get(address).status_code == 302
        assert as_(nobody).get(address).status_code == 403
        assert as_(outsider()).post(address).status_code == 405


def test_a_draft_is_the_same_404_as_none():
    desk = Desk()
    application = desk.submitted("Ale")
    Application.objects.filter(pk=application.pk).update(status="draft", submitted_at=None)
    client = as_(outsider())
    assert client.get(page(application)).status_code == 404
    assert client.get("/admin/calls/application/987654/history/").status_code == 404


# --- who reviews does not read who scored how ---------------------------------------------------------------


def canary() -> tuple[Desk, Application]:
    """Helena scores; Marta still has to."""
    desk = Desk()
    desk.helena.name = "Canary Reviewer"
    desk.helena.save()
    application = desk.scored("Ale", by=desk.helena)
    Score.objects.update(note="Canary note")
    application.reviews.update(comment="Canary comment")
    assign(application=application, reviewer=desk.marta, by=desk.helena, at=timezone.now())
    record_reading(application=application, by=desk.helena, at=timezone.now(), what=What.DESK)
    return desk, application


def every_page(application: Application) -> list[str]:
    shows = [page(application, show) for show in ("", "entries", "readings")]
    return [*shows, LIST, f"{LIST}?table=calls_score", f"{LIST}?table=calls_review"]


def test_staff_who_still_have_to_score_learn_nothing_of_the_others():
    desk, application = canary()
    for address in every_page(application):
        assert "Canary" not in read(desk.marta, address), address
    told = f"{LIST}?who=helena@example.org"
    assert "<strong>Score" not in read(desk.marta, told)
    assert "Canary note" in read(outsider(), page(application, "entries")), "the canary sings for others"


def test_staff_with_a_conflict_of_interest_learn_nothing_after_the_review_either():
    desk, application = canary()
    application.conflicts.create(user=desk.marta, reason="A cousin.", at=timezone.now(), by=desk.marta)
    Application.objects.filter(pk=application.pk).update(status="reviewed")
    for address in every_page(application):
        assert "Canary" not in read(desk.marta, address), address


def test_the_history_of_the_city_names_no_reviewer():
    _desk, application = canary()
    told = read(officer_of(application), f"/applications/{application.reference}/history/")
    assert "Canary" not in told


def test_who_has_which_rights_is_for_those_who_manage_people():
    UserFactory(email="secret.person@example.org")
    assert "secret.person" not in read(outsider(), f"{LIST}?table=accounts_user")
    boss = User.objects.create_superuser("boss@example.org")
    assert "secret.person" in read(boss, f"{LIST}?table=accounts_user")


# --- everything ---------------------------------------------------------------------------------------------


def test_the_list_filters_by_record_person_and_day():
    desk = Desk()
    application = desk.submitted("Ale")
    as_(desk.marta).post(
        f"/admin/calls/application/{application.pk}/screen/",
        {"eligible": "yes", "note": "", "version": application.version},
    )
    everything = read(outsider(), LIST)
    mine = read(
        outsider(), f"{LIST}?who=MARTA@example.org&table=calls_statuschange&day={timezone.now():%Y-%m-%d}"
    )
    assert "<strong>Criterion" in everything
    assert "<strong>Criterion" not in mine
    assert mine.count("<strong>Status change") == 1
    assert "<strong>" not in read(outsider(), f"{LIST}?table=calls_statuschange&day=2020-01-01")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("table=secrets", "Select a valid choice"),
        ("who=nobody@example.org", "Nobody has this address"),
        ("who=x'; DROP TABLE", "Nobody has this address"),
        ("day=yesterday", "Enter a valid date"),
        ("day=9999-12-31", "still to come"),
        ("day=2026-02-30", "Enter a valid date"),
    ],
)
def test_what_cannot_be_asked_is_said(query, sentence):
    answer = as_(outsider()).get(f"{LIST}?{query}")
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


@pytest.mark.parametrize("before", ["x", "-1", "0", "99999999999999999999999", "²", "1;2"])
def test_an_unreadable_place_to_go_on_from_is_the_beginning_or_nothing(before):
    CallFactory()
    assert as_(outsider()).get(f"{LIST}?before={before}").status_code == 200


def test_older_entries_follow_page_by_page():
    for _number in range(60):
        CallFactory()
    client = as_(outsider())
    first = client.get(f"{LIST}?table=calls_call")
    older = first.context["older"]
    second = client.get(f"{LIST}?table=calls_call&before={older}")
    ids = [row.entry.pk for row in (*first.context["told"], *second.context["told"])]
    assert len(ids) == len(set(ids)) == 60
    assert ids == sorted(ids, reverse=True)
    assert second.context["older"] is None


def test_the_list_says_how_far_it_is_sealed():
    CallFactory()
    assert "No seal yet;" in read(outsider(), LIST)


# --- cost ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", AMOUNTS)
def test_the_list_costs_the_same_at_any_length(count, django_assert_num_queries):
    desk = Desk()
    for number in range(count):
        desk.submitted(f"City {number}")
    client = as_(outsider())
    client.get(LIST)
    with django_assert_num_queries(LIST_QUERIES):
        client.get(LIST)


@pytest.mark.parametrize(("show", "queries"), [("", 26), ("entries", 13), ("readings", 11)])
@pytest.mark.parametrize("count", AMOUNTS)
def test_the_history_of_one_costs_the_same_at_any_length(count, show, queries, django_assert_num_queries):
    desk = Desk()
    application = desk.scored("Ale")
    at = timezone.now()
    for number in range(count):
        reader = UserFactory(name=f"Reader {number}")
        assign(application=application, reviewer=reader, by=desk.marta, at=at)
        record_reading(application=application, by=reader, at=at, what=What.DESK)
    client = as_(outsider())
    client.get(page(application, show))
    with django_assert_num_queries(queries):
        client.get(page(application, show))


def test_a_hundred_thousand_entries_are_no_slower():
    marta = outsider()
    client = as_(marta)
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO history_historyentry
                      (txid, at, actor, "table", row, change, application, before, after)
               SELECT n, now() - n * interval '1 minute', n %% 50,
                      (ARRAY['calls_call', 'calls_statuschange', 'calls_application'])[n %% 3 + 1], n,
                      'update', n %% 5000, '{"places": 1}', '{"places": 2}'
               FROM generate_series(1, 100000) AS n""",
            [],
        )
        cursor.execute("ANALYZE history_historyentry")
    day = f"{days_ago(3):%Y-%m-%d}"
    for query in (
        "",
        f"?day={day}",
        f"?who={marta.email}",
        "?table=calls_call",
        f"?table=calls_call&day={day}",
    ):
        started = time.monotonic()
        assert client.get(LIST + query).status_code == 200
        assert time.monotonic() - started < 1, query
