"""Two sweeps of the alerts at once, and many people who give one address at once."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from calls.models import Alert, AlertNews
from calls.models.alert import Frequency
from calls.operations.alert_sweeping import sweep_alerts
from cooperation.notifications.models import Message
from tests.calls.alert_world import asked, call_of, coordinator, saved
from tests.factories import UserFactory
from tests.races.together import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_sweeps_at_once_tell_once():
    at = timezone.now()
    readers = [coordinator(), *(UserFactory() for _number in range(4))]
    for reader in readers:
        saved(reader, Frequency.INSTANT, at=at)
    for number in range(3):
        opens = at + timedelta(minutes=number + 1)
        call_of(f"new-{number}", opens=opens, published_at=at)
        later = opens + timedelta(minutes=1)
        found = together(*[partial(sweep_alerts, at=later)] * 3)
        assert not [row for row in found if isinstance(row, Exception)], found
        sweep_alerts(at=later)
    assert AlertNews.objects.filter(kind="new").count() == len(readers) * 3
    assert Message.objects.filter(kind="alert").count() == len(readers) * 3
    assert not AlertNews.objects.filter(told_at=None).exists()


def test_one_address_given_many_times_at_once_gets_one_mail():
    at = timezone.now()
    found = together(*[partial(asked, "ola@example.org", at)] * 6)
    assert found == [None] * 6
    assert Alert.objects.count() == Message.objects.count() == 1
