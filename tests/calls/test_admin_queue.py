"""The work queue, and the plain lists beside it: who sees them, what may be changed, what is refused."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.models import Amendment, Call, CallText, Programme
from calls.operations.pairing import execute_run, recommend_pair, request_run
from cooperation.notifications.models import Message
from tests.calls.admin_forms import change, posted
from tests.calls.desk_world import Desk, staff_person
from tests.factories import ApplicationFactory, CallFactory, ProgrammeFactory, SectionFactory, UserFactory

pytestmark = pytest.mark.django_db

INDEX = reverse("admin:index")
QUERIES = 17  # session, person, two of rights, two looks at the clock, eleven counts


def queue(client) -> dict[str, tuple[int, str]]:
    """What the page counts: label -> (count, address)."""
    groups = client.get(INDEX).context["groups"]
    return {str(row.label): (row.count, row.url) for group in groups for row in group["errands"]}


def dead_message() -> Message:
    now = timezone.now()
    return Message.objects.create(
        key="k", kind="receipt", recipient="a@example.org", language="en", subject="Receipt", body="Text",
        state="dead", not_before=now, created_at=now, message_id="<1@example.org>",
    )  # fmt: skip


def test_each_errand_is_counted_and_leads_to_its_list(client):
    desk = Desk()
    desk.submitted("Ale")
    desk.eligible("Umeå")
    desk.scored("Lund")
    desk.reviewed("Kalmar")
    desk.recommended("Växjö")
    desk.decided("Malmö")
    closing = CallFactory(closes_at=timezone.now() + timedelta(days=3))
    ApplicationFactory(call=closing)
    ApplicationFactory(call=desk.call)
    dead_message()
    client.force_login(desk.marta)
    found = queue(client)
    assert {label: count for label, (count, _url) in found.items() if count} == {
        "To screen": 1,
        "Under review, not scored by you": 1,
        "Scored, review to be finished": 1,
        "Reviewed, waiting for a recommendation": 1,
        "Recommended, waiting for a second person": 1,
        "Drafts in calls that close within 7 days": 1,
        "Mail that could not be delivered": 1,
    }
    for count, url in found.values():
        if url:
            listed = client.get(url)
            assert listed.status_code == 200
            assert listed.context["cl"].result_count == count
    assert found["Drafts in calls that close within 7 days"][1] == ""


def test_pairing_waits_for_a_run_and_then_for_a_second_person(client, pairing_call):
    marta = staff_person()
    client.force_login(marta)
    board = reverse("admin:calls_call_pairing", args=[pairing_call.pk])
    assert queue(client)["Pairing calls without a run"] == (1, board)
    run = request_run(call=pairing_call, by=marta, at=timezone.now())
    assert queue(client)["Pairing calls without a run"][0] == 0
    execute_run(run_id=run.pk, at=timezone.now())
    proposal = recommend_pair(proposal=run.proposals.first(), by=marta, at=timezone.now())
    count, url = queue(client)["Recommended pairs, waiting for a second person"]
    assert (count, url) == (1, f"{board}?run=1&pair={proposal.pk}")
    assert client.get(url).status_code == 200


@pytest.mark.parametrize("count", [1, 3, 20])
def test_the_queue_costs_the_same_however_much_waits(client, count, django_assert_num_queries):
    for _number in range(count):
        ApplicationFactory(status="submitted", submitted_at=timezone.now())
    client.force_login(staff_person())
    with django_assert_num_queries(QUERIES):
        client.get(INDEX)


def test_a_visitor_logs_in_and_an_officer_is_refused(client):
    assert client.get(INDEX).status_code == 302
    client.force_login(UserFactory())
    assert client.get(INDEX, follow=True).status_code == 403


@pytest.mark.parametrize(
    "name",
    [
        *["calls_application", "calls_call", "calls_programme", "calls_section", "calls_decision"],
        *["calls_pairingrun", "notifications_message"],
    ],
)
def test_every_list_opens_and_stays_calm_with_strange_input(client, name):
    desk = Desk()
    desk.decided()
    dead_message()
    client.force_login(desk.marta)
    address = reverse(f"admin:{name}_changelist")
    assert client.get(address).status_code == 200
    assert client.get(f"{address}?q=Ale").status_code == 200
    assert client.get(f"{address}?q=%00").status_code == 400
    assert client.get(f"{address}?o=99.x&p=-5").status_code in (200, 302)


# --- calls, set up by hand ---


@pytest.fixture
def editor():
    return staff_person("lena@example.org", "add_call", "change_call", "add_programme", "change_programme")


def draft_call() -> Call:
    return CallFactory(editorial="draft", published_at=None)


def test_a_published_call_is_read_only(client, editor):
    call = CallFactory()
    client.force_login(editor)
    page = client.get(change(call))
    assert page.status_code == 200
    assert 'name="slug"' not in page.content.decode()
    assert client.post(change(call), {"slug": "other"}).status_code == 403
    call.refresh_from_db()
    assert call.slug != "other"


def test_a_draft_is_written_on_the_clocks_of_its_zone(client, editor):
    call = draft_call()
    client.force_login(editor)
    data = posted(client, change(call), closes_at_0="2090-06-15", closes_at_1="23:59:00")
    response = client.post(change(call), data)
    assert response.status_code == 302, response.context["errors"]
    call.refresh_from_db()
    assert call.closes_at.isoformat() == "2090-06-15T21:59:00+00:00"
    assert call.editorial == "draft"


@pytest.mark.parametrize(("fold", "hour"), [("0", "00"), ("1", "01")])
def test_a_draft_closes_in_the_chosen_one_of_two_equal_hours(client, editor, fold, hour):
    call = draft_call()
    client.force_login(editor)
    closes = {"closes_at_0": "2090-10-29", "closes_at_1": "02:30:00"}
    response = client.post(change(call), posted(client, change(call), **closes, closes_at_fold=fold))
    assert response.status_code == 302, response.context["errors"]
    call.refresh_from_db()
    assert call.closes_at.isoformat() == f"2090-10-29T{hour}:30:00+00:00"
    # shown again, the page knows which one was chosen, and saving it changes nothing
    again = posted(client, change(call), **closes)
    assert again["closes_at_fold"] == int(fold)
    assert client.post(change(call), again).status_code == 302
    call.refresh_from_db()
    assert call.closes_at.isoformat() == f"2090-10-29T{hour}:30:00+00:00"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("closes_at_0", "2027-03-28", "2027-03-28 02:30 does not exist in Europe/Stockholm"),
        ("closes_at_0", "2027-10-31", "first 02:30 (UTC+2)"),
        ("closes_at_0", "9999-12-31", "Choose a year from 2000 to 2100."),
        ("closes_at_0", "Easter", "Enter a valid date."),
        ("zone", "Mars/Olympus", "No such time zone."),
        ("slug", "a\x00b", "Null characters are not allowed."),
        ("pairing", '{"salt": "a\\u0000b"}', "Null characters are not allowed."),
        ("pairing", "{", "valid JSON"),
        ("texts-0-authoritative", "", "Mark exactly one language version as authoritative."),
    ],
)
def test_unsound_values_are_refused_in_words(client, editor, field, value, sentence):
    call = draft_call()
    client.force_login(editor)
    data = posted(client, change(call), closes_at_1="02:30:00", **{field: value})
    response = client.post(change(call), data)
    assert response.status_code == 200
    assert sentence in response.content.decode()


def test_texts_per_language_are_objects(client, editor):
    programme = ProgrammeFactory()
    client.force_login(editor)
    for names in ('["Waste"]', '{"en": 5}', '{"xx": "Waste"}', '{"en": "a\\u0000"}'):
        response = client.post(change(programme), posted(client, change(programme), names=names))
        assert response.status_code == 200
        assert response.context["adminform"].form.errors["names"]
    assert Programme.objects.get().names == programme.names


def test_staff_who_do_not_set_up_calls_only_read(client):
    call = draft_call()
    section = SectionFactory(call=call)
    client.force_login(staff_person())
    for row in (call, section, call.programme):
        assert client.get(change(row)).status_code == 200
        assert client.post(change(row), {}).status_code == 403
    assert client.get(reverse("admin:calls_call_add")).status_code == 403


# --- publishing and amending ---


def publish(client, *ids: object):
    data = {"action": "publish", "_selected_action": list(ids), "index": 0}
    return client.post(reverse("admin:calls_call_changelist"), data, follow=True)


def test_publishing_is_an_action_that_says_what_is_missing(client, editor):
    ready, incomplete, done = draft_call(), draft_call(), CallFactory()
    CallText.objects.filter(call=incomplete).update(authoritative=False)
    client.force_login(editor)
    page = publish(client, ready.pk, incomplete.pk, done.pk).content.decode()
    assert "Mark exactly one language version as authoritative." in page
    assert "changes by amendment only" in " ".join(page.split()) or "change by amendment only" in page
    ready.refresh_from_db()
    incomplete.refresh_from_db()
    assert (ready.editorial, incomplete.editorial) == ("published", "draft")


@pytest.mark.parametrize("chosen", ["x", "9" * 30, "-1", "a\x00b"])
def test_an_id_that_is_none_publishes_nothing(client, editor, chosen):
    call = draft_call()
    client.force_login(editor)
    assert publish(client, chosen).status_code == 200
    call.refresh_from_db()
    assert call.editorial == "draft"


def amend(client, call: Call, closes: str = "", reason: str = "More time."):
    address = reverse("admin:calls_call_amend", args=[call.pk])
    return client.post(address, {"closes": closes, "reason_en": reason})


def test_an_amendment_moves_the_deadline_in_the_calls_zone(client, editor):
    call = CallFactory()
    before = call.closes_at
    client.force_login(editor)
    assert amend(client, call, "2090-06-15T23:59").status_code == 302
    call.refresh_from_db()
    assert call.closes_at.isoformat() == "2090-06-15T21:59:00+00:00"
    amendment = Amendment.objects.get()
    assert (amendment.number, amendment.closes_from, amendment.reasons) == (1, before, {"en": "More time."})


@pytest.mark.parametrize(
    ("closes", "sentence"),
    [
        ("2027-03-28T02:30", "does not exist in Europe/Stockholm"),
        ("2027-03-28T02:30", "2027-03-28 01:59 and 2027-03-28 03:00"),
        ("9999-12-31T23:59", "Choose a year from 2000 to 2100."),
        ("tomorrow", "Enter a valid date/time."),
    ],
)
def test_an_hour_the_clock_skips_is_refused_in_words(client, editor, closes, sentence):
    call = CallFactory()
    client.force_login(editor)
    response = amend(client, call, closes)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Amendment.objects.exists()


def test_an_amendment_needs_a_reason_and_a_sensible_date(client, editor):
    call = CallFactory()
    client.force_login(editor)
    assert amend(client, call, reason="").status_code == 422
    assert amend(client, call, reason="a\x00b").status_code == 422
    response = amend(client, call, "2020-01-01T12:00")
    assert response.status_code == 422
    assert "the call would close at once" in response.content.decode()
    assert amend(client, draft_call()).status_code == 409
    assert not Amendment.objects.exists()


def test_staff_who_do_not_set_up_calls_cannot_amend(client):
    call = CallFactory()
    client.force_login(staff_person())
    assert amend(client, call).status_code == 403
    assert not Amendment.objects.exists()
