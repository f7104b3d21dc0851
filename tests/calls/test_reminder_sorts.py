"""What each sort of reminder says, whom it reaches, and what silences it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from calls.admin.closed_mail import why_closed
from calls.models import Application, ApplicationPartner, Call
from calls.operations.founding import found_for
from calls.operations.reminding import remind
from calls.queries.reminder_steps import due_now
from cooperation.notifications.delivery import deliver_due
from cooperation.notifications.models import Message
from tests.calls.reminded import reminders, rules, words_of
from tests.calls.worlds import World, small_world
from tests.factories import (
    ApplicationFactory,
    MembershipFactory,
    OrganisationFactory,
    QuestionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
# A Monday noon in winter: nobody is in quiet hours, here or in UTC.
CLOSES = datetime(2027, 2, 15, 12, tzinfo=UTC)


def before(**delta: float) -> datetime:
    return CLOSES - timedelta(**delta)


@pytest.fixture
def world() -> World:
    return small_world(opens_at=before(days=90), closes_at=CLOSES, published_at=before(days=91))


def one(kind: str, reader) -> Message:
    return reminders(kind).get(reader=reader)


def send(at: datetime) -> list[tuple[str, int]]:
    """What leaves at an instant, as kind and offset."""
    sent = set(Message.objects.filter(state="sent").values_list("pk", flat=True))
    deliver_due(clock=lambda: at)
    rows = reminders().filter(state="sent").exclude(pk__in=sent)
    return [(row.kind, row.about["days"]) for row in rows.order_by("pk")]


# --- one message for a reader, whatever there is to say ---


def test_a_reader_with_many_drafts_in_a_call_gets_one_message(world):
    rules(world.call, ("draft", 7))
    drafts = [world.draft(title="Youth")]
    for _number in range(4):
        lead = OrganisationFactory()
        MembershipFactory(organisation=lead, user=world.officer)
        drafts.append(ApplicationFactory(call=world.call, lead=lead))
    assert remind(at=before(days=7)) == 2
    words = words_of(one("reminder", world.officer), before(days=7))
    assert words.subject.startswith("5 drafts are not submitted")
    assert all(draft.reference in words.body for draft in drafts)
    staff = UserFactory(is_staff=True)
    assert (
        why_closed(one("reminder", world.officer).about, staff)
        == "A draft stays with the city that writes it."
    )
    Application.objects.exclude(pk=drafts[0].pk).update(status="withdrawn")
    assert words_of(one("reminder", world.officer), before(days=7)).subject.startswith(drafts[0].reference)


def test_who_left_the_city_since_is_told_nothing(world):
    world.draft()
    remind(at=before(days=7))
    world.officer.memberships.all().delete()
    assert words_of(one("reminder", world.officer), before(days=7)) is None


# --- consents and documents ---


@pytest.fixture
def incomplete(world) -> Application:
    """A draft whose partner has not agreed, and that lacks a required letter."""
    Call.objects.update(consent_required=True)
    QuestionFactory(
        section=world.section, key="letter", type="file", labels={"en": "Letter"}, required=True, position=9
    )
    draft = world.draft(title="Youth")
    ApplicationPartner.objects.create(application=draft, city=world.gaborone)
    return draft


def test_the_lead_is_told_which_partner_has_not_agreed_and_which_document_is_missing(world, incomplete):
    rules(world.call, ("consent", 10), ("document", 10))
    assert remind(at=before(days=10)) == 2
    words = words_of(one("missing_reminder", world.officer), before(days=10))
    assert "2 consents or documents are missing" in words.subject
    assert "Gaborone has not agreed" in words.body
    assert "Not attached: Letter" in words.body
    incomplete.partners.all().delete()
    assert "Gaborone" not in words_of(one("missing_reminder", world.officer), before(days=10)).body


def test_a_rule_of_consents_alone_says_nothing_of_documents(world, incomplete):
    rules(world.call, ("consent", 10))
    remind(at=before(days=10))
    body = words_of(one("missing_reminder", world.officer), before(days=10)).body
    assert "Gaborone" in body
    assert "Letter" not in body


def test_a_reminder_of_the_draft_says_it_all_so_that_no_second_comes(world, incomplete):
    rules(world.call, ("draft", 7), ("consent", 10), ("document", 5))
    assert remind(at=before(days=4)) == 2
    assert set(reminders().values_list("kind", flat=True)) == {"reminder"}
    assert remind(at=before(days=3)) == 0


def test_in_time_each_comes_on_its_own_day(world, incomplete):
    rules(world.call, ("consent", 10), ("draft", 7), ("document", 5))
    told = []
    for days in range(12, 0, -1):
        remind(at=before(days=days))
        told += [(days, *row) for row in send(before(days=days))]
    expected = [(10, "missing_reminder", 10), (7, "reminder", 7), (5, "missing_reminder", 5)]
    assert sorted(set(told), reverse=True) == expected


def test_documents_with_a_later_day_of_their_own_are_reminded_after_the_call_has_closed(world):
    QuestionFactory(
        section=world.section,
        key="ids",
        type="file",
        labels={"en": "Identity"},
        required=True,
        settings={"due_on": "2027-02-25"},
        position=9,
    )
    rules(world.call, ("document", 5))
    sent = world.draft(title="Youth")
    Application.objects.filter(pk=sent.pk).update(status="submitted", submitted_at=before(days=1))
    due = datetime(2027, 2, 25, 23, tzinfo=UTC)  # the end of the 25th in Stockholm
    assert remind(at=due - timedelta(days=5, minutes=1)) == 0
    assert remind(at=due - timedelta(days=5)) == 2
    words = words_of(one("document_due", world.officer), due - timedelta(days=4))
    assert "Identity" in words.body
    assert "1 document is due by" in words.subject
    Application.objects.update(status="rejected")
    assert words_of(one("document_due", world.officer), due - timedelta(days=4)) is None


@pytest.mark.parametrize("wrong", ["soon", 7, None, "2027-02-31"])
def test_a_day_that_cannot_be_read_is_no_day(world, wrong):
    QuestionFactory(
        section=world.section, key="ids", type="file", required=True, settings={"due_on": wrong}, position=9
    )
    sent = world.draft()
    Application.objects.filter(pk=sent.pk).update(status="submitted", submitted_at=before(days=1))
    assert remind(at=CLOSES + timedelta(days=1)) == 0


# --- after downtime, and what silences ---


def test_after_a_time_without_senders_one_leaves_and_the_older_ones_lapse(world):
    world.draft()
    for days in (7, 3, 1):
        remind(at=before(days=days))
    assert send(before(hours=20)) == [("reminder", 1), ("reminder", 1)]
    assert reminders().filter(state="lapsed").count() == 4


def test_a_moved_deadline_lapses_what_waits_and_reminds_at_its_own_offsets(world):
    world.draft()
    remind(at=before(days=7))
    Call.objects.update(closes_at=CLOSES + timedelta(days=30))
    assert send(before(days=7)) == []
    assert set(reminders().values_list("state", flat=True)) == {"lapsed"}
    assert remind(at=CLOSES) == 0
    assert remind(at=CLOSES + timedelta(days=23)) == 2


def test_a_cancelled_call_is_silent_for_everybody(world):
    world.draft()
    remind(at=before(days=7))
    Call.objects.update(editorial="archived")
    assert send(before(days=7)) == []
    assert remind(at=before(days=3)) == 0


def test_a_rule_that_was_taken_out_or_switched_off_sends_nothing_more(world):
    rules(world.call, ("draft", 7), ("draft", 3))
    world.draft()
    remind(at=before(days=7))
    world.call.reminders.filter(days=7).update(active=False)
    assert send(before(days=7)) == []
    world.call.reminders.filter(days=3).delete()
    assert remind(at=before(days=3)) == 0


def test_a_rule_added_later_counts_from_then_on(world):
    rules(world.call, ("draft", 7))
    world.draft()
    remind(at=before(days=7))
    send(before(days=7))
    rules(world.call, ("draft", 7), ("draft", 2))
    assert remind(at=before(days=5)) == 0
    assert remind(at=before(days=2)) == 2


def test_a_call_without_rules_reminds_nobody(world):
    rules(world.call)
    world.draft()
    assert [remind(at=before(days=days)) for days in (7, 3, 1)] == [0, 0, 0]


def test_what_fails_for_one_sort_holds_up_no_other(world, monkeypatch):
    """A sort whose query the database refuses is logged; reminders of drafts go out."""
    world.draft()
    monkeypatch.setattr("calls.operations.reminding.due_now", refusing("answer_due"))
    assert remind(at=before(days=7)) == 2


def refusing(kind: str):
    def found(sort, *, at):
        if sort.kind == kind:
            raise ValueError(kind)
        return due_now(sort, at=at)

    return found


def test_the_days_of_a_partnership_are_those_of_its_call():
    world = small_world()
    Call.objects.update(report_reminder_days=[14, 2])
    application = world.draft(title="Youth")
    ApplicationPartner.objects.create(application=application, city=world.gaborone)
    application.refresh_from_db()
    made = found_for(application, datetime(2027, 3, 1, tzinfo=UTC))
    assert made.report_reminder_days == [14, 2]
    assert made.members.filter(joined_on=date(2027, 3, 1)).count() == 2
