"""The history: every step and every attempt, refused ones too, to the microsecond."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from calls.models import Amendment, Application, Attempt, SetAside, Snapshot, StatusChange, Waiver
from calls.operations.applications import reopen, withdraw
from calls.operations.extending import extend
from calls.operations.submission import NotComplete, submit
from tests.calls.desk_world import Desk
from tests.calls.worlds import World, small_world
from tests.factories import MembershipFactory, RuleFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return small_world()


def history(client, application: Application) -> str:
    return client.get(reverse("calls:history", args=[application.reference])).content.decode()


def test_a_refused_attempt_is_there_with_its_reason_and_its_microsecond(client, world):
    draft = world.draft(title="Youth")
    at = timezone.now().replace(microsecond=123_456)
    with pytest.raises(NotComplete):
        submit(application=draft, version=None, by=world.officer, at=at)
    client.force_login(world.viewer)
    text = history(client, draft)
    assert "Attempt to submit refused" in text
    assert "Answer “Summary”." in text
    local = at.astimezone(world.call.zone_info)
    assert f"{local:%H:%M:%S}<small>.123456</small>" in text


def test_the_whole_life_is_told_the_newest_first(client, world):
    staff = UserFactory(is_staff=True, name="Staff Person")
    staff.user_permissions.set(Permission.objects.filter(content_type__app_label="calls"))
    draft = world.complete()
    submit(application=draft, version=None, by=world.officer, at=timezone.now())
    extend(
        application=draft,
        closes_to=world.call.closes_at + timedelta(days=2),
        reason="Flood in the town hall.",
        by=staff,
        at=timezone.now(),
    )
    withdraw(application=draft, by=world.officer, at=timezone.now(), note="A better idea.")
    reopen(application=draft, by=world.officer, at=timezone.now())
    Amendment.objects.create(
        call=world.call, number=1, reasons={"en": "A new annex."},
        published_on=timezone.localdate() - timedelta(days=3),
    )  # fmt: skip
    rule = RuleFactory(call=world.call, position=8)
    Waiver.objects.create(
        application=draft, rule=rule, reason="They merged in May.", by=staff, ended_by=staff,
        at=timezone.now() - timedelta(days=1), ended_at=timezone.now(),
    )  # fmt: skip
    client.force_login(world.officer)
    text = history(client, draft)
    told = [
        "Reopened as a draft",
        "A better idea.",
        "Flood in the town hall.",
        "Submission 1 received",
        Snapshot.objects.get().fingerprint[3],
        "They merged in May.",
        "A new annex.",
        "Draft begun",
    ]
    places = [text.index(words) for words in told]
    assert places == sorted(places)
    assert "Staff Person" not in text
    assert "Waiver ended" in text


def test_a_stranger_learns_nothing(client, world):
    draft = world.complete()
    client.force_login(UserFactory())
    assert client.get(reverse("calls:history", args=[draft.reference])).status_code == 404


@pytest.mark.parametrize("count", [1, 3, 20])
def test_the_history_takes_the_same_queries_for_any_number(client, world, count, django_assert_num_queries):
    draft = world.complete()
    for number in range(count):
        at = timezone.now() + timedelta(seconds=number)
        who = {"application": draft, "by": UserFactory(), "at": at}
        Attempt.objects.create(**who, accepted=False, reason="No.")
        StatusChange.objects.create(**who, source="draft", target="withdrawn")
        SetAside.objects.create(**who, answers={"title": "Old"})
        Waiver.objects.create(**who, rule=RuleFactory(call=world.call, position=number + 5), reason="Fair.")
        Snapshot.objects.create(
            application=draft, number=number + 1, content="{}", sha256="a" * 64, version=1,
            said_sha256="b" * 64, received_at=at, submitted_by=who["by"],
        )  # fmt: skip
        Amendment.objects.create(
            call=world.call, number=number + 1, published_on=at.date(), reasons={"en": "x"}
        )
    client.force_login(world.officer)
    with django_assert_num_queries(21):
        history(client, draft)


def test_who_of_the_staff_decided_stays_with_the_staff(client):
    desk = Desk()
    decided = desk.decided()
    client.force_login(decided.created_by)
    MembershipFactory(user=decided.created_by, organisation=decided.lead)
    text = history(client, decided)
    assert "Eligible, under review" in text
    assert "Selected" in text
    assert str(decided.call.programme.organiser) in text
    for person in (desk.marta, desk.helena):
        assert str(person) not in text
