"""The page of background work: what is late is said to be, the broker may be away, the queries stay few."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as configured
from django.db import DatabaseError, connection
from django.urls import reverse
from django.utils import timezone

from cooperation.jobs import noting
from cooperation.jobs.lateness import is_late, next_time
from cooperation.jobs.locks import only_one
from cooperation.jobs.models import QueueSeen, TaskRun, WorkerSeen
from cooperation.jobs.queries import Background
from cooperation.jobs.tasks import look_around
from cooperation.jobs.watching import see_queue
from cooperation.queues import queue_names
from cooperation.schedule import SCHEDULE
from tests.calls.desk_world import staff_person
from tests.factories import UserFactory
from tests.pages import said

pytestmark = pytest.mark.django_db
PAGE = reverse("admin:jobs_taskrun_changelist")
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def admin(client):
    person = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(person)
    return person


def all_well(at) -> None:
    """Every queue worked, every task done half a minute ago."""
    for queue in queue_names(configured.CELERY_TASK_DEFAULT_QUEUE):
        see_queue(queue=queue, worker="worker@one", at=at)
    WorkerSeen.objects.create(name="worker@one", queues=["portal"], started_at=at - MINUTE, seen_at=at)
    TaskRun.objects.bulk_create(
        TaskRun(task=task, begun_at=at, finished_at=at, result=0)
        for task in {entry["task"] for entry in SCHEDULE.values()}
    )


# --- what is late -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "last", "late_after"),
    [
        ("deliver-mail", AT, AT + timedelta(seconds=30)),
        ("seal-history", AT, AT + timedelta(seconds=60)),
        ("remind-of-partnership-reports", AT, AT + timedelta(minutes=35)),
        ("remind-of-commitments", AT, AT + timedelta(minutes=50)),
    ],
)
def test_a_task_is_late_once_its_next_time_and_some_patience_have_passed(name, last, late_after):
    entry = SCHEDULE[name]
    assert next_time(entry, last) == late_after
    assert not is_late(entry, last, at=late_after + 3 * MINUTE)
    assert is_late(entry, last, at=late_after + 3 * MINUTE + timedelta(seconds=1))


def test_what_never_ran_is_late_where_no_worker_was_ever_seen():
    assert is_late(SCHEDULE["deliver-mail"], None, at=AT)


def test_all_well_has_no_troubles_and_an_hour_later_everything_frequent_is_late():
    all_well(AT)
    assert Background(AT + MINUTE).troubles == 0
    later = Background(AT + timedelta(hours=1))
    names = {line.name for line in later.schedule if line.late}
    assert {"deliver-mail", "seal-history"} <= names
    assert later.troubles == len(names) + 4
    assert later.scheduler_is_unseen


def test_a_matching_run_that_fills_its_queue_is_no_trouble_for_a_quarter_of_an_hour():
    all_well(AT)
    unseen = [line.unseen for line in Background(AT + 10 * MINUTE).queues]
    assert unseen == [True, True, False, True]


# --- the page -----------------------------------------------------------------------------------------------


def test_the_page_names_what_is_late_and_what_to_do(client, admin):
    all_well(timezone.now() - timedelta(hours=1))
    TaskRun.objects.filter(task="history.seal").update(failures=3, last_error="OperationalError: gone")
    page = said(client.get(PAGE))
    assert "Nobody works it" in page
    assert f"--queues {configured.CELERY_TASK_DEFAULT_QUEUE}-mail" in page
    assert "Failed 3 times in a row" in page
    assert "OperationalError: gone" in page
    assert "Scheduler not seen" in page


def test_the_page_comes_up_with_the_broker_away(client, admin, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    page = said(client.get(PAGE))
    assert "The broker does not answer" in page
    assert "deliver_mail" in page


def test_the_page_asks_the_same_few_queries_however_much_there_is(client, admin, django_assert_num_queries):
    all_well(timezone.now())
    for workers in (1, 3, 20):
        for number in range(workers):
            seen = {"queues": [], "started_at": AT, "seen_at": timezone.now()}
            WorkerSeen.objects.update_or_create(name=f"worker@{number}", defaults=seen)
        with django_assert_num_queries(PAGE_QUERIES):
            client.get(PAGE)


PAGE_QUERIES = 16


def test_the_work_queue_tells_whoever_keeps_the_portal_running(client, admin):
    assert "Background work that is late" in said(client.get(reverse("admin:index")))
    all_well(timezone.now())
    page = said(client.get(reverse("admin:index")))
    assert "Background work that is late" not in page.split("Nothing waits in")[0]


def test_programme_staff_read_the_page_and_have_no_line_about_it(client):
    client.force_login(staff_person("marta@example.org"))
    assert client.get(PAGE).status_code == 200
    assert "Background work that is late" not in said(client.get(reverse("admin:index")))


# --- notes of workers ---------------------------------------------------------------------------------------


class Request:
    is_eager = False
    hostname = "worker@one"


class Task:
    """What Celery hands to its signals, as far as the notes look at it."""

    def __init__(self, name: str) -> None:
        self.name, self.request = name, Request()


@pytest.fixture
def notes(monkeypatch):
    """Notes as a worker makes them, outside of transactions."""
    monkeypatch.setattr(noting, "_softly", lambda write: write())
    monkeypatch.setattr(noting, "_noted", {})


def test_a_run_is_noted_with_its_result_and_failures_are_counted_until_one_goes_well(notes):
    sweep = Task("notifications.sweep")
    noting.note_begin(task=sweep, task_id="1")
    noting.note_end(task=sweep, task_id="1", retval=3, state="SUCCESS")
    run = TaskRun.objects.get()
    assert (run.result, run.failures, run.last_error) == (3, 0, "")
    for number in "23":
        noting._noted.clear()
        noting.note_begin(task=sweep, task_id=number)
        noting.note_end(task=sweep, task_id=number, retval=OSError("no\x00 route"), state="FAILURE")
    run.refresh_from_db()
    assert (run.failures, run.last_error) == (2, "OSError: no route")
    assert run.finished_at < run.begun_at
    noting._noted.clear()
    noting.note_begin(task=sweep, task_id="4")
    noting.note_end(task=sweep, task_id="4", retval=0, state="SUCCESS")
    run.refresh_from_db()
    assert (run.failures, run.last_error) == (0, "")
    assert WorkerSeen.objects.get().name == "worker@one"


def test_notes_are_throttled_and_only_about_what_is_scheduled(notes, django_assert_num_queries):
    noting.note_begin(task=Task("calls.make_export"), task_id="1")
    assert not TaskRun.objects.exists()
    noting.note_begin(task=Task("notifications.sweep"), task_id="2")
    noting._is_time("worker")
    with django_assert_num_queries(0):
        noting.note_begin(task=Task("notifications.sweep"), task_id="3")
        noting.note_end(task=Task("notifications.sweep"), task_id="3", retval=0, state="SUCCESS")


@pytest.mark.django_db(transaction=True)
def test_a_note_that_cannot_be_written_stops_nothing():
    def write() -> None:
        raise DatabaseError("away")

    noting._softly(write)


def test_looking_around_shows_the_queue_and_forgets_workers_of_yesterday():
    WorkerSeen.objects.create(name="old", started_at=AT, seen_at=timezone.now() - timedelta(days=2))
    look_around.apply(routing_key="x")
    assert QueueSeen.objects.count() == 1
    assert not WorkerSeen.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_only_one_process_has_a_lock_and_another_has_it_afterwards():
    with only_one("sweep") as mine:
        assert (mine, elsewhere("sweep"), elsewhere("another")) == (True, False, True)
    assert elsewhere("sweep")


def elsewhere(name: str) -> bool:
    """Whether somebody with a connection of their own gets the lock."""
    found: list[bool] = []

    def ask() -> None:
        with only_one(name) as got:
            found.append(got)
        connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join(timeout=10)
    return found[0]
