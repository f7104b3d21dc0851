"""Each Celery setting shows its effect: on real workers, and on brokers that refuse or hang."""

import ast
import inspect
import socket
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from celery import Celery
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from calls.models import PairingRun
from calls.operations.pairing import request_run
from cooperation.celery import app
from cooperation.jobs.broker import queue_lengths
from cooperation.jobs.models import QueueSeen, WorkerSeen
from cooperation.notifications.models import Message
from cooperation.notifications.operations import nudge_after_commit
from cooperation.queues import JOBS, MAIL, queue_name, queue_names
from tests.calls.desk_world import staff_person
from tests.celery_worker import running_worker, wait_until

PACKAGES = ("cooperation", "partnerships", "calls")
PREFIX = settings.CELERY_TASK_DEFAULT_QUEUE


@pytest.fixture(scope="module")
def ours() -> dict:
    """Every task of the portal, by name."""
    app.loader.import_default_modules()
    return {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}


# --- what every task has ------------------------------------------------------------------------------------


def test_the_portal_has_tasks(ours):
    assert {"notifications.sweep", "calls.execute_pairing_run", "jobs.look_around"} <= set(ours)


def test_every_task_ends_by_itself_is_acknowledged_late_and_leaves_no_result(ours):
    for name, task in ours.items():
        soft, hard = (
            task.soft_time_limit or app.conf.task_soft_time_limit,
            task.time_limit or app.conf.task_time_limit,
        )
        assert 0 < soft < hard <= 900, name
        assert (task.acks_late, task.reject_on_worker_lost, task.ignore_result) == (True, True, True), name


def test_a_worker_takes_one_task_at_a_time():
    assert app.conf.worker_prefetch_multiplier == 1


def test_tasks_take_ids_by_name_and_nothing_else(ours):
    for name, task in ours.items():
        for parameter in inspect.signature(task.run).parameters.values():
            assert parameter.kind is inspect.Parameter.KEYWORD_ONLY, name
            assert parameter.name.endswith("_id"), name
            assert parameter.annotation in (int, str, "int", "str"), name


def test_every_task_goes_to_a_queue_that_workers_take(ours):
    names = set(queue_names(PREFIX))
    for name in ours:
        assert app.amqp.router.route({}, name)["queue"].name in names


def test_routes_name_tasks_that_exist(ours):
    for name in app.conf.task_routes:
        if not name.endswith("*"):
            assert name in ours


def test_mail_shares_its_queue_with_nothing(ours):
    mail = queue_name(PREFIX, MAIL)
    through = {name for name in ours if app.amqp.router.route({}, name)["queue"].name == mail}
    assert all(name.startswith("notifications.") for name in through)


def test_a_queue_that_does_not_exist_is_refused():
    with pytest.raises(Exception, match="nowhere"):
        app.send_task("notifications.sweep", queue="nowhere")


# --- the schedule -------------------------------------------------------------------------------------------


def test_every_entry_of_the_schedule_names_a_task_and_ends_before_its_next_turn(ours):
    for name, entry in app.conf.beat_schedule.items():
        assert entry["task"] in ours, name
        assert (entry.get("args"), entry.get("kwargs")) == (None, None), name
        if name == "deliver-mail":
            continue  # mail leaves by a worker whose clock is ahead as well; a sweep of nothing is cheap
        # a beat that was away leaves no pile: what is not begun in time is dropped, the next turn does it
        expires = entry["options"]["expires"]
        assert 0 < expires <= 3000, name
        if isinstance(entry["schedule"], int | float):
            assert expires < entry["schedule"], name


def test_no_task_is_sent_for_later():
    """Time lives in PostgreSQL: a countdown beyond the visibility timeout would run several times."""
    later = {"countdown", "eta"}
    found = []
    for file in (path for package in PACKAGES for path in Path(package).rglob("*.py")):
        text = file.read_text(encoding="utf-8")
        if not any(word in text for word in later):
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and _sends(node):
                found += [f"{file}:{node.lineno}" for word in node.keywords if word.arg in later]
    assert found == []


def _sends(node: ast.Call) -> bool:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    return name in {"apply_async", "send_task", "retry", "signature", "delay"}


# --- a broker that is away ----------------------------------------------------------------------------------


@contextmanager
def refusing():
    """An address where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    yield port


@contextmanager
def hanging():
    """An address that takes connections and never says a word, as a stopped broker does."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


@pytest.mark.parametrize("away", [refusing, hanging])
def test_publishing_to_a_broker_that_is_away_costs_about_a_second(away):
    with away() as port:
        other = Celery("away", set_as_current=False)
        other.config_from_object("django.conf:settings", namespace="CELERY")
        other.conf.broker_url = f"redis://127.0.0.1:{port}/0"
        started = time.monotonic()
        with pytest.raises((OperationalError, OSError)):
            other.send_task("notifications.sweep", retry=False)
        assert time.monotonic() - started < 1.5


# --- real workers -------------------------------------------------------------------------------------------

worker = pytest.mark.worker
stored = pytest.mark.django_db(transaction=True)


@worker
@stored
def test_a_matching_run_does_not_delay_mail(pairing_call, tmp_path):
    """One worker is busy with a run that takes for ever; another, of the other queues, sends at once."""
    slow = tmp_path / "slow"
    slow.touch()
    jobs = {"PAIRING_SOLVER": "tests.calls.pairing_solvers", "PAIRING_FAULT": "slow_while"}
    busy, free = queue_name(PREFIX, JOBS), f"{PREFIX},{queue_name(PREFIX, MAIL)}"
    with (
        running_worker(queues=busy, **jobs, PAIRING_SLOW_WHILE=str(slow)),
        running_worker(queues=free),
    ):
        at = timezone.now()
        run = request_run(call=pairing_call, by=staff_person("marta@example.org"), at=at)
        wait_until(lambda: PairingRun.objects.get(pk=run.pk).done_per_mille > 0)
        # a second job waits behind the first
        app.send_task("calls.make_export", kwargs={"export_id": 0}, retry=False)
        post_one(at)
        app.send_task("jobs.look_around", retry=False)
        began = time.monotonic()
        wait_until(Message.objects.filter(state="sent").exists, seconds=10)
        assert time.monotonic() - began < 3
        assert PairingRun.objects.get(pk=run.pk).state == "running"
        # what a busy worker cannot begin stays where another one can take it
        assert queue_lengths([busy]) == {busy: 1}
        wait_until(QueueSeen.objects.filter(queue=PREFIX).exists)
        seen = WorkerSeen.objects.get()
        assert (seen.queues, seen.version) == (sorted(free.split(",")), "0.1.0")
        slow.unlink()
        wait_until(lambda: PairingRun.objects.get(pk=run.pk).state == "done")


def post_one(at) -> None:
    words = {"recipient": "anna@example.org", "language": "en", "subject": "Received", "body": "Received."}
    with transaction.atomic():
        Message.objects.create(key="one", kind="receipt", not_before=at, created_at=at, **words)
        nudge_after_commit()
