"""Which texts of the outbox stay closed to staff: who else reviews what they still score themselves."""

from datetime import timedelta

import pytest
from django.utils import timezone

from calls.admin.closed_mail import why_closed
from calls.models import Assignment
from tests.calls.desk_world import staff_person
from tests.factories import ApplicationFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("reminds", [False, True])
def test_who_still_scores_does_not_read_who_else_reviews(reminds):
    at = timezone.now() - timedelta(days=1)
    application = ApplicationFactory(status="eligible", submitted_at=at)
    scorer, other = staff_person("scorer@example.org"), staff_person("other@example.org")
    rows = [
        Assignment.objects.create(application=application, user=person, assigned_by=other, assigned_at=at)
        for person in (scorer, UserFactory())
    ]
    about = {"call": application.call_id, "user": rows[1].user_id, "assignments": [rows[1].pk]}
    if reminds:
        about = {"call": application.call_id, "asks": ["review"], "application": application.pk}
    assert "while you review it yourself" in why_closed(about, scorer)
    assert why_closed(about, other) == ""
    assert why_closed({"application": None, "enquiry": 1}, other) == ""
