"""Tasks published to the real broker and done by a worker process."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from calls.models import PairingRun
from calls.operations.pairing import request_run
from calls.tasks import remind
from cooperation.notifications.models import Message
from tests.celery_worker import running_worker, wait_until
from tests.factories import ApplicationFactory, CallFactory, MembershipFactory, UserFactory

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]


def test_jobs_run_in_a_worker(pairing_call):
    membership = MembershipFactory(user__email="officer@example.org")
    call = CallFactory(closes_at=timezone.now() + timedelta(days=2))
    ApplicationFactory(call=call, lead=membership.organisation)
    with running_worker():
        remind.delay()
        wait_until(Message.objects.filter(kind="reminder").exists)
        assert Message.objects.get(kind="reminder").recipient == "officer@example.org"
        remind.delay()
        run = request_run(call=pairing_call, by=UserFactory(is_staff=True), at=timezone.now())
        wait_until(lambda: PairingRun.objects.get(pk=run.pk).state in {"done", "failed"})
        time.sleep(0.5)
    run.refresh_from_db()
    assert run.error == ""
    assert run.proposals.count() == 2
    assert Message.objects.filter(kind="reminder").count() == 1
