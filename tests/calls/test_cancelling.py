"""Cancelling a published call: who may, what stops at that instant, what stays, and who hears of it once."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from calls.access import NotAllowed
from calls.models import (
    Alert,
    Application,
    Assignment,
    Attempt,
    Call,
    Programme,
    WebhookDelivery,
    WebhookEndpoint,
)
from calls.models.call import Phase
from calls.operations.amending import amend_call
from calls.operations.applications import reopen, save_answers, start, withdraw
from calls.operations.cancelling import ask_cancellation, cancel_call, why_not_cancel
from calls.operations.extending import extend
from calls.operations.reminding import remind
from calls.operations.status import NotPossible
from calls.operations.submission import submit
from calls.queries.assignments import unfinished
from calls.queries.calendar import dates_of
from cooperation.accounts.models import User
from cooperation.notifications.delivery import deliver_due
from cooperation.notifications.models import Message
from tests.calls.desk_world import Desk, staff_person
from tests.calls.worlds import World, small_world
from tests.factories import CallFactory, MembershipFactory, OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 2, 1, 12, tzinfo=UTC)
CLOSES = datetime(2027, 3, 1, 22, 59, tzinfo=UTC)
DAY = timedelta(days=1)
REASONS = {"en": "The funds were withdrawn.", "sv": "Pengarna drogs tillbaka."}


@pytest.fixture
def marta() -> User:
    return staff_person("marta@example.org", "change_call")


@pytest.fixture
def world() -> World:
    return small_world(opens_at=NOW - 10 * DAY, closes_at=CLOSES)


def cancel(world: World, by: User, **more):
    return cancel_call(**{"call": world.call, "reasons": REASONS, "by": by, "at": NOW, **more})


def told() -> Counter[str]:
    return Counter(Message.objects.filter(kind="call_cancelled").values_list("recipient", flat=True))


# --- the operation ---


def test_the_reason_is_a_numbered_amendment_and_the_call_closes_at_that_instant(world, marta):
    amendment = cancel(world, marta)
    call = Call.objects.get()
    assert (amendment.number, amendment.reasons, amendment.published_on) == (1, REASONS, NOW.date())
    assert (call.editorial, call.cancelled_at, call.cancelled_by) == ("cancelled", NOW, marta)
    assert call.cancellation == amendment
    assert call.phase(NOW) is Phase.CLOSED
    assert not (Call.objects.open(NOW).exists())
    assert not (Call.objects.forthcoming(NOW).exists())
    assert Call.objects.closed(NOW).get() == call


@pytest.mark.parametrize(
    ("reasons", "words"),
    [
        ({}, "Give the reason"),
        ({"en": "  "}, "Give the reason"),
        ({"sv": "Bara svenska."}, "Give the reason"),
        ({"en": "x" * 10_000}, "too long"),
    ],
)
def test_a_reason_that_decides_is_required(world, marta, reasons, words):
    with pytest.raises(NotPossible, match=words):
        cancel(world, marta, reasons=reasons)
    assert (Call.objects.get().editorial, told()) == ("published", Counter())


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"editorial": "draft", "published_at": None}, "is a draft"),
        ({"editorial": "archived"}, "is archived"),
        ({"results_published_at": NOW}, "results are published"),
    ],
)
def test_only_a_published_call_before_its_results_is_cancelled(world, marta, state, words):
    Call.objects.update(**state)
    with pytest.raises(NotPossible, match=words):
        cancel(world, marta)


def test_a_round_that_is_over_is_cancelled_only_while_somebody_waits(world, marta):
    """Of old rounds the portal keeps the call alone: nothing of them is cancelled."""
    after = CLOSES + DAY
    begun = world.complete()
    assert "nothing to cancel" not in why_not_cancel(world.call, CLOSES - DAY)
    with pytest.raises(NotPossible, match="nothing to cancel"):
        cancel(world, marta, at=after)
    Application.objects.update(extended_to=after + DAY)
    assert why_not_cancel(world.call, after) == ""
    Application.objects.update(extended_to=None)
    submit(application=begun, version=None, by=world.officer, at=CLOSES - DAY)
    assert cancel(world, marta, at=after).cancels


def test_it_is_cancelled_once_and_by_who_sets_up_calls(world, marta):
    with pytest.raises(NotAllowed):
        cancel(world, staff_person("reader@example.org", "screen_application"))
    cancel(world, marta)
    with pytest.raises(NotPossible, match="cancelled already"):
        cancel(world, marta)
    assert Call.objects.get().amendments.count() == 1


# --- two persons ---


@pytest.fixture
def two(world) -> World:
    Programme.objects.update(two_person_publishing=True)
    return world


def test_one_asks_and_another_cancels(two, marta):
    other = staff_person("olof@example.org", "change_call")
    with pytest.raises(NotPossible, match="Ask for it first"):
        cancel(two, marta)
    ask_cancellation(call=two.call, reasons=REASONS, by=marta, at=NOW)
    with pytest.raises(NotAllowed, match="somebody else"):
        cancel(two, marta)
    with pytest.raises(NotPossible, match="changed after"):
        cancel(two, other, reasons={"en": "Another reason."})
    assert cancel(two, other).cancels


def test_a_change_of_the_call_voids_the_asking(two, marta):
    other = staff_person("olof@example.org", "change_call")
    ask_cancellation(call=two.call, reasons=REASONS, by=marta, at=NOW)
    amend_call(call=two.call, reasons={"en": "Later."}, closes_to=CLOSES + DAY, by=other, at=NOW)
    with pytest.raises(NotPossible, match="changed after"):
        cancel(two, other)
    assert (Call.objects.get().editorial, told()) == ("published", Counter())


def test_one_person_alone_asks_nobody(world, marta):
    with pytest.raises(NotPossible, match="one person cancels"):
        ask_cancellation(call=world.call, reasons=REASONS, by=marta, at=NOW)


# --- what stops, and what stays ---


def test_nothing_is_begun_written_or_submitted_any_more(world, marta):
    draft = world.complete()
    stranger = MembershipFactory(role="officer", organisation=OrganisationFactory())
    cancel(world, marta)
    stale = Call.objects.get()
    stale.editorial = "published"  # as a page read it before
    with pytest.raises(NotPossible, match="was cancelled"):
        start(call=stale, lead=stranger.organisation, by=stranger.user, at=NOW)
    with pytest.raises(NotPossible, match="is cancelled"):
        save_answers(
            application=draft, answers={"summary": "x"}, version=draft.version, by=world.officer, at=NOW
        )
    with pytest.raises(NotPossible, match="cancelled before this submission arrived"):
        submit(application=draft, version=None, by=world.officer, at=NOW)
    attempt = Attempt.objects.get()
    assert not attempt.accepted
    assert "cancelled" in attempt.reason
    for act in (
        lambda: amend_call(call=world.call, reasons=REASONS, by=marta, at=NOW),
        lambda: extend(application=draft, closes_to=CLOSES + DAY, reason="Ill.", by=marta, at=NOW),
    ):
        with pytest.raises(NotPossible, match="nothing in it changes"):
            act()


def test_what_was_submitted_is_kept_readable_and_can_be_withdrawn(world, marta):
    application = world.complete()
    snapshot = submit(application=application, version=None, by=world.officer, at=NOW)
    cancel(world, marta, at=NOW - timedelta(seconds=1))  # asked for before, carried out after it
    assert Call.objects.get().cancelled_at == NOW
    application.refresh_from_db()
    assert (application.status, application.snapshots.get()) == ("submitted", snapshot)
    client = Client()
    client.force_login(world.officer)
    page = client.get(reverse("calls:application", args=[application.reference])).content.decode()
    assert "Cancelled on" in page
    assert "The funds were withdrawn." in page
    assert client.get(reverse("calls:receipt", args=[application.reference])).status_code == 200
    assert "Call cancelled" in client.get(reverse("calls:my_applications")).content.decode()
    withdraw(application=application, by=world.officer, at=NOW + DAY)
    application.refresh_from_db()
    with pytest.raises(NotPossible, match="stays withdrawn"):
        reopen(application=application, by=world.officer, at=NOW + DAY)


def test_staff_neither_assign_nor_decide_in_it():
    desk = Desk()
    application = desk.reviewed()
    admin = UserFactory(is_staff=True, is_superuser=True)
    cancel_call(call=desk.call, reasons=REASONS, by=admin, at=timezone.now())
    client = Client()
    client.force_login(admin)
    path = reverse("admin:calls_call_publish_results", args=[desk.call.pk])
    assert client.post(path, {"partly": "on"}).status_code in (409, 422)
    application.refresh_from_db()
    assert application.status == "reviewed"


# --- who hears of it ---


def test_each_address_hears_once_in_its_language(world, marta):
    User.objects.filter(pk=world.officer.pk).update(language="sv")
    draft = world.complete()
    draft.partners.create(city=world.gaborone)
    for number, email in enumerate(("mayor@example.org", world.approver.email.upper())):
        draft.invitations.create(email=email, token_hash=str(number), sent_at=NOW, sent_by=world.officer)
    waits = UserFactory(email="waits@example.org")
    Alert.objects.create(owner=waits, call=world.call, confirmed_at=NOW, created_at=NOW)
    cancel(world, marta)
    assert told() == Counter(
        [world.officer.email, world.approver.email, "mayor@example.org", "waits@example.org"]
    )
    rows = {row.recipient: row for row in Message.objects.filter(kind="call_cancelled")}
    assert rows[world.officer.email].language == "sv"
    assert "Pengarna drogs tillbaka." in rows[world.officer.email].body
    assert draft.reference in rows["mayor@example.org"].body
    assert not Message.objects.filter(kind="amendment").exists()


def test_reviewers_with_work_left_hear_once_and_have_nothing_left():
    desk = Desk()
    reviewer = UserFactory(email="rita@example.org")
    for name in ("Ale", "Lund"):
        desk.assign(desk.eligible(name), reviewer)
    assert unfinished(Assignment.objects.filter(user=reviewer)).count() == 2
    at = timezone.now()
    cancel_call(call=desk.call, reasons=REASONS, by=UserFactory(is_staff=True, is_superuser=True), at=at)
    assert told()["rita@example.org"] == 1
    assert not unfinished(Assignment.objects.filter(user=reviewer)).exists()


def test_reminders_that_wait_lapse(world, marta):
    noon = CLOSES.replace(hour=12, minute=0)
    Call.objects.update(closes_at=noon)
    world.complete()
    assert remind(at=noon - DAY) > 0
    cancel(world, marta, at=noon - DAY)
    deliver_due(clock=lambda: noon - DAY)
    states = Counter(Message.objects.filter(kind="reminder").values_list("state", flat=True))
    assert set(states) == {"lapsed"}
    assert set(Message.objects.filter(kind="call_cancelled").values_list("state", flat=True)) == {"sent"}
    assert remind(at=noon - DAY / 2) == 0


def test_who_is_in_the_lead_and_in_the_team_hears_once(world, marta):
    draft = world.complete()
    draft.team.create(
        email="x@example.org", role="viewer", user=world.officer, token_hash="x", invited_at=NOW,
        invited_by=world.officer, expires_at=NOW, accepted_at=NOW,
    )  # fmt: skip
    cancel(world, marta)
    assert told()[world.officer.email] == 1


# --- calendars, feed, webhooks, catalogue ---


def test_calendars_feed_and_webhooks_follow(world, marta):
    WebhookEndpoint.objects.create(
        programme=world.call.programme, url="https://example.org/hook", events=["call.amended"],
        created_at=NOW, created_by=marta,
    )  # fmt: skip
    before = {entry.key: entry.revision for entry in dates_of(world.call, NOW)}
    at = timezone.now()
    cancel(world, marta, at=at)
    found = dates_of(Call.objects.get(), NOW)
    assert found
    assert all(entry.cancelled and entry.revision == before[entry.key] + 1 for entry in found)
    assert all(entry.changed_at == at for entry in found)
    assert '"cancelled": true' in WebhookDelivery.objects.get().body
    feed = Client().get("/calls/feed.atom").content.decode()
    assert "Cancelled: " in feed
    assert "The funds were withdrawn." in feed


def test_the_catalogue_and_the_call_say_it_and_offer_nothing(marta):
    call = CallFactory(slug="gone")
    cancel_call(call=call, reasons=REASONS, by=marta, at=timezone.now())
    page = Client().get(reverse("calls:list") + "?status=closed").content.decode()
    assert "Cancelled</span>" in page
    assert call.title in page
    assert call.title not in Client().get(reverse("calls:list") + "?status=open").content.decode()
    page = Client().get(call.get_absolute_url()).content.decode()
    assert "Cancelled on" in page
    assert "The funds were withdrawn." in page
    assert "action-bar" not in page
    assert "Start application" not in page


# --- the page of staff ---


def post(client: Client, call: Call, **data: str):
    return client.post(reverse("admin:calls_call_cancel", args=[call.pk]), data)


def test_the_page_says_who_is_told_and_cancels(world, marta):
    world.complete()
    client = Client()
    client.force_login(marta)
    page = client.get(reverse("admin:calls_call_cancel", args=[world.call.pk])).content.decode()
    assert "2 people who write or have submitted" in page
    good = {"reason_en": "No funds.", "confirm": "on", "step": "cancel"}
    for bad, words in (
        ({"reason_en": " "}, "Give the reason"),
        ({"reason_en": "x" * 10_000}, "at most 5000"),
        ({"reason_en": "a\x00b"}, "Null characters"),
        ({"confirm": ""}, "Tick that"),
    ):
        response = post(client, world.call, **{**good, **bad})
        assert (response.status_code, words in response.content.decode()) == (422, True), bad
    assert post(client, world.call, **good).status_code == 302
    assert post(client, world.call, **good).status_code == 409
    page = client.get(reverse("admin:calls_call_setup", args=[world.call.pk])).content.decode()
    assert "Nothing in it changes any more" in page
    assert "No funds." in page
    assert "Cancel the call" not in page


def test_two_persons_at_the_page(two, marta):
    other = staff_person("olof@example.org", "change_call")
    good = {"reason_en": "No funds.", "confirm": "on"}
    clients = {}
    for person in (marta, other):
        clients[person] = Client()
        clients[person].force_login(person)
    assert post(clients[marta], two.call, **good, step="ask").status_code == 302
    assert post(clients[marta], two.call, **good, step="cancel").status_code == 403
    page = clients[other].get(reverse("admin:calls_call_cancel", args=[two.call.pk])).content.decode()
    assert "No funds." in page
    assert "readonly" in page
    assert 'value="cancel"' in page
    assert post(clients[other], two.call, **good, step="cancel").status_code == 302
    assert Call.objects.get().cancelled_by == other
