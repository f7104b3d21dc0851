"""A Celery worker as a process of its own, on the real broker, with the test database."""

import os
import subprocess
import sys
import time
import uuid
from datetime import timedelta
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from calls.models import PairingRun
from calls.operations.pairing import request_run
from calls.tasks import execute_pairing_run, remind_of_deadlines
from cooperation.notifications.models import Message
from tests.factories import ApplicationFactory, CallFactory, MembershipFactory, UserFactory

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]


def _database_url() -> str:
    """The address of the TEST database: the server's own address with the test database's name."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))


@pytest.fixture
def queue():
    """A running worker's queue; the worker ends with the test."""
    name = f"test-{uuid.uuid4().hex[:8]}"
    environment = os.environ | {
        "DATABASE_URL": _database_url(),
        "REDIS_URL": settings.REDIS_URL,
        "CELERY_QUEUE": name,
        "SECRET_KEY": "only-for-this-test",
        "EMAIL_URL": "consolemail://",
    }
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "cooperation",
        "worker",
        "--pool=solo",
        "-Q",
        name,
        "-l",
        "WARNING",
    ]
    process = subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR)
    yield name
    process.terminate()
    process.wait(timeout=20)


def _wait_until(condition, seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "the worker did not do it in time"
        time.sleep(0.1)


def test_the_reminder_job_runs_in_a_worker(queue):
    membership = MembershipFactory(user__email="officer@example.org")
    call = CallFactory(closes_at=timezone.now() + timedelta(days=2))
    ApplicationFactory(call=call, lead=membership.organisation)
    remind_of_deadlines.apply_async(queue=queue)
    _wait_until(Message.objects.filter(kind="reminder").exists)
    message = Message.objects.get(kind="reminder")
    assert message.recipient == "officer@example.org"
    remind_of_deadlines.apply_async(queue=queue)
    time.sleep(1)
    assert Message.objects.filter(kind="reminder").count() == 1


def test_a_pairing_run_is_solved_in_a_worker(queue, pairing_call):
    run = request_run(call=pairing_call, by=UserFactory(is_staff=True), at=timezone.now())
    execute_pairing_run.apply_async(kwargs={"run_id": run.pk}, queue=queue)
    _wait_until(lambda: PairingRun.objects.get(pk=run.pk).state in {"done", "failed"})
    run.refresh_from_db()
    assert run.error == ""
    assert run.proposals.count() == 2
