"""What waits for a person of a city stands on top of "My applications", while it can be done."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.models import Application, Call, Decision
from calls.models.decision import Outcome
from calls.operations.answering import accept_place
from calls.operations.correcting_submissions import request_correction
from calls.operations.deciding import approve
from calls.operations.results import publish_results
from calls.queries.city_tasks import Kind, tasks_of
from cooperation.accounts.models import User
from tests.calls.desk_world import Desk
from tests.factories import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return Desk()


def offered(desk: Desk, name: str = "Ale") -> Application:
    Call.objects.filter(pk=desk.call.pk).update(acceptance_days=14)
    desk.call.refresh_from_db()
    application = desk.recommended(name, Outcome.SELECTED)
    approve(application=application, by=desk.helena, at=timezone.now())
    publish_results(call=desk.call, by=desk.helena, at=timezone.now())
    return Application.objects.get(pk=application.pk)


def officer(application: Application) -> User:
    return application.lead.memberships.get(role="officer").user


def kinds(user: User, *, later: timedelta = timedelta()) -> list[Kind]:
    return [task.kind for task in tasks_of(user, timezone.now() + later)]


def test_a_place_waits_until_it_is_answered(client, desk):
    application = offered(desk)
    assert kinds(officer(application)) == [Kind.PLACE]
    client.force_login(officer(application))
    page = client.get(reverse("calls:my_applications")).content.decode()
    assert page.index("Waiting for you") < page.index(application.lead.name)
    assert reverse("calls:offer", args=[application.reference]) in page
    accept_place(application=application, by=officer(application), at=timezone.now())
    assert kinds(officer(application)) == []
    assert "Waiting for you" not in client.get(reverse("calls:my_applications")).content.decode()


def test_what_is_overdue_or_not_told_does_not_wait(desk):
    application = offered(desk)
    assert kinds(officer(application), later=timedelta(days=30)) == []
    Decision.objects.update(published_at=None, published_by=None)
    assert kinds(officer(application)) == []


def test_it_waits_for_nobody_who_may_not_do_it(desk):
    application = offered(desk)
    lead = application.lead
    viewer = MembershipFactory(organisation=lead, role="viewer").user
    unverified = MembershipFactory(organisation=lead, verified_at=None, verified_by=None).user
    for user in (viewer, unverified, UserFactory(), desk.marta):
        assert kinds(user) == []


def test_a_correction_waits_before_a_place_that_is_due_later(desk):
    place, asked = offered(desk), desk.submitted("Kalmar")
    user = officer(place)
    MembershipFactory(user=user, organisation=asked.lead, role="officer")
    request_correction(
        application=asked,
        reasons=["signature_missing"],
        note="",
        due_at=timezone.now() + timedelta(days=3),
        by=desk.marta,
        at=timezone.now(),
    )
    assert kinds(user) == [Kind.CORRECTION, Kind.PLACE]
    assert kinds(user, later=timedelta(days=4)) == [Kind.PLACE]
