"""The pages of a call's reminders: the rules, and the plan of what will be sent to whom."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from calls.models import Call, ReminderRule
from calls.operations.cloning import clone_call
from calls.operations.reminding import remind
from calls.queries import reminder_plan
from calls.queries.reminder_plan import plan_of
from calls.queries.reminder_words import days_in_words
from cooperation.accounts.models import User
from cooperation.notifications.bulk import zones_known
from cooperation.notifications.delivery import deliver_due
from cooperation.notifications.models import Message, Preference, Quiet
from tests.calls.desk_world import staff_person
from tests.calls.reminded import rules
from tests.calls.setup_world import setter
from tests.calls.worlds import World, small_world
from tests.factories import ApplicationFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db
PLAN, COMING, POSTED = 17, 14, 14  # queries of the pages, however many people there are
# 14:59 in Stockholm, where the call closes; a Monday in winter
CLOSES = datetime(2027, 2, 15, 13, 59, tzinfo=UTC)
LIST = "admin:calls_call_setup_part"


@pytest.fixture
def world() -> World:
    return small_world(
        opens_at=CLOSES - timedelta(days=90), closes_at=CLOSES, published_at=CLOSES - timedelta(days=91)
    )


@pytest.fixture
def marta(client):
    person = setter()
    client.force_login(person)
    return person


def page(client, call: Call, name: str, *more, **data) -> str:
    return client.get(reverse(f"admin:calls_call_{name}", args=[call.pk, *more]), data).content.decode()


# --- the rules ---


def test_staff_add_change_and_take_out_a_reminder_of_a_published_call(client, world, marta):
    rules(world.call, ("draft", 7))
    add = reverse("admin:calls_call_setup_part_add", args=[world.call.pk, "reminders"])
    typed = {"audience": "draft", "days": "2", "active": "on"}
    assert client.post(add, typed).status_code == 302
    row = world.call.reminders.get(days=2)
    assert "2 days before" in page(client, world.call, "setup_part", "reminders")
    change = reverse("admin:calls_call_setup_row", args=[world.call.pk, "reminders", row.pk])
    seen = client.get(change).context["seen"]
    assert client.post(change, {"audience": "draft", "days": "4", "seen": seen}).status_code == 302
    row.refresh_from_db()
    assert (row.days, row.active) == (4, False)
    assert "4 days before; not sent" in page(client, world.call, "setup_part", "reminders")
    stale = client.post(change, {"audience": "draft", "days": "5", "seen": seen})
    assert stale.status_code == 409
    assert "Somebody else changed this" in stale.content.decode()
    remove = reverse("admin:calls_call_setup_row_remove", args=[world.call.pk, "reminders", row.pk])
    assert client.post(remove).status_code == 302
    assert [rule.days for rule in world.call.reminders.all()] == [7]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"days": ""}, "This field is required"),
        ({"days": "soon"}, "Enter a whole number"),
        ({"days": "-1"}, "greater than or equal to 0"),
        ({"days": "9" * 400}, "less than or equal to 365"),
        ({"days": "0"}, "At the due time it is too late"),
        ({"days": "7"}, "has this reminder already"),
        ({"days": "2\x00"}, "Enter a whole number"),
        ({"audience": "mayor"}, "Select a valid choice"),
        ({"repeat_days": "7"}, "Only overdue reviews are repeated"),
        ({"audience": "review", "repeat_days": "0"}, "greater than or equal to 1"),
    ],
)
def test_what_cannot_be_a_reminder_is_refused_in_words(client, world, marta, typed, sentence):
    rules(world.call, ("draft", 7))
    add = reverse("admin:calls_call_setup_part_add", args=[world.call.pk, "reminders"])
    refused = client.post(add, {"audience": "draft", "days": "2", "active": "on", **typed})
    assert refused.status_code == 422
    assert sentence in refused.content.decode()
    assert ReminderRule.objects.count() == 1


def test_only_staff_who_set_up_calls_change_reminders(client, world):
    reading = UserFactory(is_staff=True)
    client.force_login(reading)
    add = reverse("admin:calls_call_setup_part_add", args=[world.call.pk, "reminders"])
    before = ReminderRule.objects.count()
    assert client.post(add, {"audience": "draft", "days": "2"}).status_code == 403
    row = ReminderRule.objects.first()
    remove = reverse("admin:calls_call_setup_row_remove", args=[world.call.pk, "reminders", row.pk])
    assert client.post(remove).status_code == 403
    assert ReminderRule.objects.count() == before


def test_the_next_round_begins_with_the_same_reminders(world, marta):
    rules(world.call, ("draft", 5), ("review", 0, 14))
    day = (CLOSES + timedelta(days=200)).date()
    new = clone_call(call=world.call, slug="next", opens_on=day, by=marta, at=CLOSES)
    assert [(row.audience, row.days, row.repeat_days) for row in new.reminders.all()] == [
        ("draft", 5, None), ("review", 0, 14),
    ]  # fmt: skip
    assert [days_in_words(row) for row in new.reminders.all()] == [
        "5 days before", "when it is due, then every 14 days",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "kept"), [("30, 7, -1", [30, 7, -1]), ("7 14;7", [14, 7]), ("", []), ("x", None), ("999", None)]
)
def test_what_founded_partnerships_inherit_is_typed_as_a_list(client, world, marta, typed, kept):
    address = reverse("admin:calls_call_setup_report_reminders", args=[world.call.pk])
    seen = client.get(address).context["seen"]
    answer = client.post(address, {"report_reminder_days": typed, "seen": seen})
    assert answer.status_code == (422 if kept is None else 302)
    world.call.refresh_from_db()
    assert world.call.report_reminder_days == ([30, 7, -1] if kept is None else kept)


# --- the plan ---


def plan_at(world: World, **before) -> reminder_plan.Plan:
    return plan_of(world.call, CLOSES - timedelta(**before))


def test_the_plan_says_who_will_be_told_before_it_is_sent(world):
    rules(world.call, ("draft", 7), ("draft", 3), ("correction", 2))
    world.draft()
    plan = plan_at(world, days=10)
    assert [(line.days, line.people, line.at) for line in plan.coming] == [
        (7, 2, CLOSES - timedelta(days=7)), (3, 2, CLOSES - timedelta(days=3)),
    ]  # fmt: skip
    assert [(rule.audience, rule.days) for rule in plan.idle] == [("correction", 2)]
    assert plan.past == []


def test_with_nobody_to_tell_the_plan_says_so(client, world, marta, monkeypatch):
    rules(world.call, ("draft", 7))
    assert [(line.days, line.people) for line in plan_at(world, days=10).coming] == [(7, 0)]
    text = page(client, world.call, "reminders")
    assert "nobody now" in text or "Nobody now" in text


def test_the_plan_shows_what_became_of_each_reminder(world, mailoutbox):
    rules(world.call, ("draft", 7), ("draft", 3))
    world.draft()
    Preference.objects.create(reader=world.approver, topic="deadlines", mode="daily")
    at = CLOSES - timedelta(days=7)
    remind(at=at)
    deliver_due(clock=lambda: at)
    plan = plan_at(world, days=6)
    assert [(line.days, dict(line.states)) for line in plan.past] == [(7, {"sent": 1, "held": 1})]
    assert [(line.days, line.people) for line in plan.coming] == [(3, 2)]


def test_a_moved_deadline_has_a_plan_of_its_own(world):
    rules(world.call, ("draft", 7))
    world.draft()
    remind(at=CLOSES - timedelta(days=7))
    Call.objects.update(closes_at=CLOSES + timedelta(days=14))
    world.call.refresh_from_db()
    plan = plan_at(world, days=6)
    assert [line.due for line in plan.past] == [CLOSES]
    assert [(line.due, line.people) for line in plan.coming] == [(CLOSES + timedelta(days=14), 2)]


def test_the_people_behind_a_number_with_their_own_clocks_and_quiet_hours(world, client, marta, monkeypatch):
    """Seven days before, it is 14:59 in Stockholm: 10:59 in Montevideo, 21:59 in Perth, where it is quiet."""
    rules(world.call, ("draft", 7))
    world.draft()
    for person, zone in ((world.officer, "America/Montevideo"), (world.approver, "Australia/Perth")):
        person.time_zone = zone
        person.save()
    at = CLOSES - timedelta(days=10)
    monkeypatch.setattr("calls.admin.setup.reminder_plan.database_now", lambda: at)
    reader = setter_who_reads(client)
    text = page(client, world.call, "reminder_people", kind="reminder", due=int(CLOSES.timestamp()), days=7)
    assert "8 February 2027, 10:59 Montevideo" in text
    assert "9 February 2027, 07:00 Perth" in text
    assert "9 February 2027, 00:00 Stockholm" in text
    assert "1 draft" in text
    assert world.call.applications.get().reference not in text  # a draft stays with the city
    assert reader.email != world.officer.email


def setter_who_reads(client):
    person = staff_person("reader@example.org", "change_call", "view_application")
    client.force_login(person)
    return person


def test_own_quiet_hours_and_the_digest_are_planned_too(world, client, monkeypatch):
    rules(world.call, ("draft", 7))
    world.draft()
    Quiet.objects.create(reader=world.officer, from_hour=12, until_hour=18)
    Preference.objects.create(reader=world.approver, topic="deadlines", mode="weekly")
    User.objects.update(time_zone="Europe/Stockholm")
    at = CLOSES - timedelta(days=10)
    monkeypatch.setattr("calls.admin.setup.reminder_plan.database_now", lambda: at)
    setter_who_reads(client)
    text = page(client, world.call, "reminder_people", kind="reminder", due=int(CLOSES.timestamp()), days=7)
    assert "8 February 2027, 18:00 Stockholm" in text
    assert "In the weekly digest" in text


def test_who_may_not_read_applications_sees_counts_and_no_people(client, world):
    client.force_login(UserFactory(is_staff=True))
    world.draft()
    remind(at=CLOSES - timedelta(days=7))
    address = reverse("admin:calls_call_reminder_people", args=[world.call.pk])
    query = {"kind": "reminder", "due": int(CLOSES.timestamp()), "days": 7, "posted": 1}
    assert client.get(address, query).status_code == 403
    text = page(client, world.call, "reminders")
    assert "2 wait" in text
    assert world.officer.email not in text
    setter_who_reads(client)
    assert world.officer.email in client.get(address, query).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "receipt"}, {"due": "x"}, {"days": ""}, {"due": "9" * 400}, {"days": "4"}, {"kind": "a\x00"}],
)
def test_an_address_that_names_no_reminder_is_not_found(client, world, wrong):
    world.draft()
    remind(at=CLOSES - timedelta(days=7))
    setter_who_reads(client)
    address = reverse("admin:calls_call_reminder_people", args=[world.call.pk])
    query = {"kind": "reminder", "due": int(CLOSES.timestamp()), "days": 7, "posted": 1, **wrong}
    assert client.get(address, query).status_code in (400, 404)  # 400: NUL is refused before any page


@pytest.mark.parametrize("count", [1, 3, 20])
def test_the_plan_and_its_people_ask_no_more_for_more_people(
    client, world, count, monkeypatch, django_assert_num_queries
):
    rules(world.call, ("draft", 7), ("draft", 3))
    for member in MembershipFactory.create_batch(count):
        ApplicationFactory(call=world.call, lead=member.organisation)
    at = CLOSES - timedelta(days=6)
    remind(at=at)
    monkeypatch.setattr("calls.admin.setup.reminder_plan.database_now", lambda: at)
    setter_who_reads(client)
    page(client, world.call, "reminders")
    due = int(CLOSES.timestamp())
    zones_known()  # asked once a process
    with django_assert_num_queries(PLAN):
        assert page(client, world.call, "reminders").count("<tr>") == 4
    with django_assert_num_queries(COMING):
        text = page(client, world.call, "reminder_people", kind="reminder", due=due, days=3)
        assert text.count("<tr>") == count + 1
    with django_assert_num_queries(POSTED):
        text = page(client, world.call, "reminder_people", kind="reminder", due=due, days=7, posted=1)
        assert text.count("<tr>") == count + 1
    assert Message.objects.filter(kind="reminder").count() == count
