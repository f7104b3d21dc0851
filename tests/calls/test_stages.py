"""Several stages and several cut-off dates: who is invited, what a submission counts for, what pages say."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from calls.models import Application, Call, CutOff, Decision
from calls.operations.applications import start
from calls.operations.deciding import approve, recommend
from calls.operations.publishing import publish_call
from calls.operations.results import publish_results
from calls.operations.status import NotPossible
from calls.queries.cut_offs import cut_off_for, next_cut_offs
from calls.queries.invitations import invitations_of, is_invited
from cooperation.notifications.models import Message
from tests.calls.admin_forms import change, posted
from tests.calls.desk_world import Desk, staff_person
from tests.calls.worlds import World, small_world
from tests.factories import CallFactory, CallTextFactory, MembershipFactory, OrganisationFactory, UserFactory
from tests.pages import said

# --- stages ---


@pytest.fixture
def world(db) -> World:
    """Ale applies to a first stage; the second, "full", is for the invited."""
    world = small_world(slug="idea", process="two_stages")
    full = CallFactory(slug="full", process="two_stages", admits="invited", text=None)
    CallTextFactory(call=full, title="Full proposal")
    Call.objects.filter(pk=world.call.pk).update(promotes_to=full)
    world.call.refresh_from_db()
    return world


def full() -> Call:
    return Call.objects.get(slug="full")


def selected(world: World) -> Application:
    """Ale's first application, selected yesterday."""
    application = world.complete()
    at = timezone.now() - timedelta(days=1)
    Application.objects.filter(pk=application.pk).update(status="selected", submitted_at=at)
    return Application.objects.get(pk=application.pk)


def page(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    return said(response)


def test_only_the_selected_begin_the_second_stage_with_what_they_wrote(world):
    now = timezone.now()
    with pytest.raises(NotPossible, match="open to those invited"):
        start(call=full(), lead=world.lead, by=world.officer, at=now)
    earlier = selected(world)
    begun = start(call=full(), lead=world.lead, by=world.officer, at=now)
    assert begun.previous == earlier


def test_an_invitation_waits_until_the_next_application_is_begun(world):
    now = timezone.now()
    assert invitations_of(world.officer, now) == []
    selected(world)
    (invited,) = invitations_of(world.officer, now)
    assert (invited.call, invited.lead, invited.open) == (full(), world.lead, True)
    assert is_invited(world.officer, full())
    start(call=full(), lead=world.lead, by=world.officer, at=now)
    assert invitations_of(world.officer, now) == []
    assert is_invited(world.officer, full())


@pytest.mark.parametrize("status", ["submitted", "reserve", "rejected", "withdrawn"])
def test_nobody_else_is_invited(world, status):
    earlier = selected(world)
    Application.objects.filter(pk=earlier.pk).update(status=status)
    assert invitations_of(world.officer, timezone.now()) == []
    assert not is_invited(world.officer, full())


def test_invitations_are_for_those_who_write_while_the_call_is_published_and_not_over(world):
    selected(world)
    for person in (world.viewer, UserFactory(), MembershipFactory(organisation=OrganisationFactory()).user):
        assert invitations_of(person, timezone.now()) == []
    assert invitations_of(world.officer, full().closes_at) == []
    Call.objects.filter(slug="full").update(opens_at=timezone.now() + timedelta(days=2))
    assert not invitations_of(world.officer, timezone.now())[0].open
    Call.objects.filter(slug="full").update(editorial="draft", published_at=None)
    assert invitations_of(world.officer, timezone.now()) == []


def decided(desk: Desk, outcome: str) -> Message:
    """The letter to an application of the desk's call after both steps of the decision."""
    application, at = desk.reviewed("Ale"), timezone.now()
    MembershipFactory(organisation=application.lead)
    recommend(application=application, outcome=outcome, reason="Good.", by=desk.marta, at=at)
    decider = staff_person("boss@example.org", "decide_application")
    approve(application=application, by=decider, at=at)
    publish_results(call=application.call, by=decider, at=at)
    return Message.objects.filter(kind="decision").latest("pk")


@pytest.mark.parametrize(("outcome", "invited"), [("selected", True), ("rejected", False)])
def test_the_letter_carries_the_invitation(db, outcome, invited):
    desk = Desk()
    following = CallFactory(
        slug="full", admits="invited", closes_at=datetime(2090, 6, 15, 21, 59, tzinfo=UTC)
    )
    Call.objects.filter(pk=desk.call.pk).update(promotes_to=following)
    body = decided(desk, outcome).body
    assert ("/calls/full/apply/" in body) is invited
    assert ("15 June 2090, 23:59 Stockholm" in body) is invited
    assert Decision.objects.get().partnership is None


def test_my_page_the_call_and_its_stages_say_who_is_invited(world, client):
    text = page(client, "/calls/full/")
    assert "By invitation" in text
    assert "Start application" not in text
    assert 'href="/calls/idea/"' in text
    assert "Full proposal" in page(client, "/calls/idea/")
    selected(world)
    client.force_login(world.officer)
    text = page(client, "/my/")
    assert "Invited to Full proposal" in text
    assert reverse("calls:start", args=["full"]) in text
    text = page(client, "/calls/full/")
    assert "You are invited" in text
    assert "Start application" in text


def test_the_catalogue_says_what_shape_a_call_has(world, rolling, client):
    text = page(client, "/calls/")
    for words in ("By invitation: for those", "First stage: the best", "Decided at cut-off dates"):
        assert words in text


def test_a_draft_of_the_next_stage_is_not_shown(world, client):
    Call.objects.filter(slug="full").update(editorial="draft", published_at=None)
    assert "Full proposal" not in page(client, "/calls/idea/")


@pytest.mark.parametrize("count", [1, 3, 20])
def test_invitations_cost_the_same_however_many(world, count, django_assert_num_queries):
    now = timezone.now()
    for number in range(count):
        lead = OrganisationFactory()
        MembershipFactory(organisation=lead, user=world.officer)
        Application.objects.create(
            call=world.call, lead=lead, reference=f"S-{number}", status="selected", submitted_at=now,
            created_at=now, changed_at=now, created_by=world.officer, changed_by=world.officer,
        )  # fmt: skip
    with django_assert_num_queries(3):
        assert len(invitations_of(world.officer, now)) == count


# --- cut-offs ---

SPRING, AUTUMN = datetime(2027, 3, 15, 22, 59, tzinfo=UTC), datetime(2027, 10, 15, 21, 59, tzinfo=UTC)


@pytest.fixture
def rolling(db) -> Call:
    call = CallFactory(
        slug="rolling", process="cut_offs", opens_at=SPRING - timedelta(days=900), closes_at=None
    )
    for at, label in ((AUTUMN, "Autumn round"), (SPRING, "Spring round")):
        CutOff.objects.create(call=call, at=at, labels={"en": label})
    return call


@pytest.mark.parametrize(
    ("offset", "counts"), [(-1, "Spring round"), (0, "Autumn round"), (1, "Autumn round")]
)
def test_what_arrives_strictly_before_a_cut_off_counts_for_it(rolling, offset, counts):
    found = cut_off_for(rolling, SPRING + timedelta(microseconds=offset))
    assert str(found) == counts


def test_after_the_last_cut_off_and_without_any_there_is_none(rolling):
    assert cut_off_for(rolling, AUTUMN) is None
    assert next_cut_offs(rolling, AUTUMN) == []
    assert cut_off_for(CallFactory(), SPRING) is None


def test_the_call_page_lists_the_next_cut_offs(rolling, client):
    now = timezone.now()
    CutOff.objects.all().delete()
    for days in (-30, 30, 200):
        CutOff.objects.create(call=rolling, at=now + timedelta(days=days), labels={"en": f"Round of {days}"})
    text = page(client, "/calls/rolling/")
    assert "Next cut-off" in text
    assert "Round of 30" in text
    assert "Round of -30" not in text


def test_the_receipt_and_its_mail_name_the_cut_off(client, db):
    world = small_world(process="cut_offs", closes_at=None)
    CutOff.objects.create(
        call=world.call, at=timezone.now() + timedelta(days=30), labels={"en": "Spring round"}
    )
    application = world.complete()
    application.partners.create(city=world.gaborone)
    client.force_login(world.officer)
    response = client.post(
        reverse("calls:submit", args=[application.reference]), {"version": application.version}
    )
    assert response.status_code == 302
    assert "It counts for the cut-off" in page(client, reverse("calls:receipt", args=[application.reference]))
    assert "Spring round" in Message.objects.filter(kind="receipt").first().body


def test_a_call_with_cut_offs_is_published_with_the_first_one(rolling):
    CutOff.objects.all().delete()
    Call.objects.update(editorial="draft", published_at=None)
    rolling.refresh_from_db()
    marta = staff_person("marta@example.org", "change_call")
    with pytest.raises(NotPossible, match="Add the first one"):
        publish_call(call=rolling, by=marta, at=timezone.now())
    CutOff.objects.create(call=rolling, at=AUTUMN)
    assert publish_call(call=rolling, by=marta, at=timezone.now()).editorial == "published"


# --- the admin ---


def editable(client: Client, call: Call) -> tuple[str, dict[str, Any]]:
    client.force_login(staff_person("lena@example.org", "change_call"))
    return change(call), posted(client, change(call))


def test_staff_set_who_may_apply_and_the_cut_offs_in_the_zone_of_the_call(client, rolling):
    Call.objects.update(editorial="draft", published_at=None)
    CutOff.objects.all().delete()
    path, data = editable(client, rolling)
    row = {"cut_offs-TOTAL_FORMS": "1", "cut_offs-0-at_0": "2090-10-29", "cut_offs-0-at_1": "02:30:00"}
    data |= {**row, "cut_offs-0-labels": "{}", "admits": "invited", "consent_required": "on"}
    response = client.post(path, data)
    assert response.status_code == 200
    assert "happens twice in Europe/Stockholm" in response.content.decode()
    assert client.post(path, {**data, "cut_offs-0-at_fold": "1"}).status_code == 302
    rolling.refresh_from_db()
    assert (rolling.admits, rolling.consent_required) == ("invited", True)
    assert CutOff.objects.get().at == datetime(2090, 10, 29, 1, 30, tzinfo=UTC)
