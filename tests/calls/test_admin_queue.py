"""The work queue, and the plain lists beside it: who sees them, what may be changed, what is refused."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.models import (
    Amendment,
    Application,
    Assignment,
    Call,
    CallText,
    Complaint,
    CorrectionRequest,
    Decision,
    Milestone,
    Programme,
)
from calls.models.decision import Outcome
from calls.operations.assigning import assign
from calls.operations.correcting_submissions import request_correction
from calls.operations.deciding import approve, recommend, send_back
from calls.operations.proposing import recommend_run
from calls.queries.decisions import to_publish, without_recommendation
from cooperation.accounts.models import User
from cooperation.notifications.models import Message
from tests.calls.admin_forms import change, posted
from tests.calls.desk_world import Desk, days_ago, staff_person
from tests.calls.pairing_world import requested, solve_here
from tests.factories import (
    ApplicationFactory,
    CallFactory,
    ProgrammeFactory,
    QuestionFactory,
    SectionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

INDEX = reverse("admin:index")
QUERIES = 42  # session, person, two of rights, looks at the clock, then one for each line


def queue(client) -> dict[str, tuple[int, str]]:
    """What the page counts: label -> (count, address)."""
    groups = client.get(INDEX).context["groups"]
    return {str(row.label): (row.count, row.url) for group in groups for row in group.errands}


def counted(client) -> dict[str, int]:
    """The lines in which something waits."""
    return {label: count for label, (count, _url) in queue(client).items() if count}


def listed(client, url: str) -> int:
    """How many rows the list behind a line has."""
    response = client.get(url)
    assert response.status_code == 200
    if "cl" in (response.context or {}):
        return response.context["cl"].result_count
    return response.context["page"].paginator.count


def dead_message() -> Message:
    now = timezone.now()
    return Message.objects.create(
        key="k", kind="receipt", recipient="a@example.org", language="en", subject="Receipt", body="Text",
        state="dead", not_before=now, created_at=now, message_id="<1@example.org>",
    )  # fmt: skip


def boss() -> User:
    return staff_person(
        *("boss@example.org", "decide_application", "change_call", "add_call", "view_call", "view_enquiry")
    )


def busy_desk() -> Desk:
    """Something in every line that applications fill."""
    desk = Desk()
    now, yesterday = timezone.now(), days_ago(1)
    ask = {"reasons": ["budget"], "note": "", "due_at": days_ago(-7), "by": desk.marta, "at": now}
    for name in ("Ale", "Arvika", "Avesta", "Boden"):
        desk.submitted(name)
    asked, overdue, corrected = Application.objects.order_by("pk")[1:4]
    for application in (asked, overdue, corrected):
        request_correction(application=application, **ask)
    CorrectionRequest.objects.filter(application=overdue).update(due_at=yesterday)
    Application.objects.filter(pk=overdue.pk).update(extended_to=yesterday)
    answer = {"answered_at": now, "answer": corrected.snapshots.get()}
    CorrectionRequest.objects.filter(application=corrected).update(**answer)
    desk.eligible("Eslöv")
    stood_aside = desk.eligible("Falun")
    Assignment.objects.create(
        application=stood_aside, user=desk.marta, source="hand", assigned_at=now, assigned_by=desk.marta,
        ended_at=now, ended_by=desk.marta, end="conflict",
    )  # fmt: skip
    complete = desk.scored("Gävle")
    desk.score(complete, (3, 3), desk.helena)
    desk.reviewed("Kalmar")
    desk.recommended("Lund")
    approved = desk.recommended("Malmö")
    approve(application=approved, by=desk.helena, at=now)
    Decision.objects.create(
        application=_moved(desk, "Nora", "selected"), **_published(desk), acceptance_due_at=yesterday
    )
    Decision.objects.create(application=_moved(desk, "Orsa", "declined"), **_published(desk))
    rejected = _moved(desk, "Piteå", "rejected")
    Decision.objects.create(application=rejected, **{**_published(desk), "outcome": "rejected"})
    Complaint.objects.create(application=rejected, text="No.", at=now, by=desk.marta)
    return desk


def _moved(desk: Desk, name: str, status: str) -> Application:
    application = desk.submitted(name)
    Application.objects.filter(pk=application.pk).update(status=status)
    return application


def _published(desk: Desk) -> dict:
    then = days_ago(3)
    return {
        "outcome": "selected",
        "reason": "Clear.",
        "recommended_at": then,
        "recommended_by": desk.marta,
        "approved_at": then,
        "approved_by": desk.helena,
        "published_at": then,
        "published_by": desk.helena,
    }


EVERY_LINE = {
    "To score by you": 1,
    "Overdue: your score sheet": 1,
    "To screen": 3,
    "Corrected on request, to be read again": 1,
    "Correction asked, the time has passed": 1,
    "Waiting for the city: a correction is asked": 1,
    "Fewer reviewers than wanted": 2,
    "A reviewer stood aside, the place is open": 1,
    "Reviews overdue": 1,
    "Every review is in, to be closed": 1,
    "Reviewed, waiting for a recommendation": 1,
    "Recommended, waiting for a second person": 1,
    "Approved, the city does not know yet": 1,
    "Selected, no answer in time": 1,
    "Place declined, nobody recommended for it": 1,
    "Complaints to answer": 1,
    "Closing within 7 days, with drafts": 1,
    "Drafts of calls, waiting for a second person": 1,
    "Milestones passed": 1,
    "Mail that could not be delivered": 1,
}


def test_each_line_counts_exactly_the_list_that_it_leads_to(client):
    desk, chief = busy_desk(), boss()
    Call.objects.filter(pk=desk.call.pk).update(review_due_at=days_ago(1))
    assign(
        application=Application.objects.get(title="Youth of Eslöv"), reviewer=chief, by=chief, at=days_ago(0)
    )
    ApplicationFactory(call=CallFactory(closes_at=timezone.now() + timedelta(days=3)))
    asked = {"publication_asked_at": days_ago(0), "publication_asked_by": desk.marta}
    CallFactory(editorial="draft", published_at=None, **asked)
    Milestone.objects.create(
        call=desk.call, key="screening", labels={"en": "x"}, planned_on=days_ago(9).date()
    )
    dead_message()
    client.force_login(chief)
    assert counted(client) == EVERY_LINE
    for label, (count, url) in queue(client).items():
        if url:
            assert listed(client, url) == count, label


def test_what_is_mine_to_approve_is_not_what_i_recommended(client):
    desk = Desk()
    desk.recommended("Ale")
    marta = staff_person("lone@example.org", "decide_application")
    client.force_login(marta)
    assert "Recommended, waiting for a second person" in counted(client)
    Decision.objects.update(recommended_by=marta)
    assert "Recommended, waiting for a second person" not in counted(client)


def test_what_was_sent_back_waits_again_and_what_is_approved_does_not(client):
    desk = Desk()
    application = desk.recommended("Ale")
    client.force_login(boss())
    again, publish = "Reviewed, waiting for a recommendation", "Approved, the city does not know yet"
    assert again not in counted(client)
    send_back(application=application, reason="Say more.", by=desk.helena, at=timezone.now())
    assert counted(client)[again] == 1
    assert counted(client)[again] == without_recommendation(desk.call).count()
    recommend(
        application=application, outcome=Outcome.SELECTED, reason="More.", by=desk.marta, at=timezone.now()
    )
    approve(application=application, by=desk.helena, at=timezone.now())
    found = counted(client)
    assert (again in found, found[publish]) == (False, 1)
    assert found[publish] == to_publish(desk.call).count()


def test_a_person_sees_the_lines_that_their_rights_are_for(client):
    busy_desk()
    client.force_login(UserFactory(is_staff=True))
    assert counted(client) == {}
    assert {row.label for group in client.get(INDEX).context["groups"] for row in group.errands} == {
        "To score by you",
        "Overdue: your score sheet",
        *["Pairing calls without a run", "Cities that ask to be introduced"],
        *["Proposals whose answers are overdue", "Reports to accept", "Reports that are late"],
        "Mail that could not be delivered",
        "Mail that may not have left",
    }


def test_a_line_names_the_call_with_most_and_the_rest_is_folded(client):
    desk = Desk()
    desk.submitted("Ale")
    desk.submitted("Umeå")
    other = Desk(
        call=CallFactory(text__title="Another call", closes_at=days_ago(1)),
        marta=desk.marta,
        helena=desk.helena,
    )
    other.submitted("Lund")
    client.force_login(desk.marta)
    page = " ".join(client.get(INDEX).content.decode().split())
    assert "Most in Municipal Partnership: 2." in page
    idle = page[page.index('<details class="queue-idle"') :]
    assert "Reviews overdue" in idle
    assert "To screen" not in idle[: idle.index("</details>")]


def test_pairing_waits_for_a_run_and_then_for_a_second_person(client, pairing_call):
    marta = staff_person()
    client.force_login(staff_person("helena@example.org", "decide_application"))
    board = reverse("admin:calls_call_pairing", args=[pairing_call.pk])
    assert queue(client)["Pairing calls without a run"] == (1, board)
    run = requested(pairing_call, marta)
    assert queue(client)["Pairing calls without a run"][0] == 0
    recommend_run(run=solve_here(run), by=marta, at=timezone.now())
    count, url = queue(client)["Recommended pairings, waiting for a second person"]
    assert (count, url) == (1, f"{board}?run=1")
    assert client.get(url).status_code == 200


@pytest.mark.parametrize("count", [1, 3, 20])
def test_the_queue_costs_the_same_however_much_waits(client, count, django_assert_num_queries):
    for _number in range(count):
        ApplicationFactory(status="submitted", submitted_at=timezone.now())
    client.force_login(boss())
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


@pytest.mark.parametrize("field", ["settings", "options", "labels"])
@pytest.mark.parametrize(
    ("value", "sentence"),
    [('{"salt": "a\\u0000b"}', "Null characters are not allowed."), ("{", "valid JSON")],
)
def test_unsound_json_of_a_question_is_refused_in_words(client, editor, field, value, sentence):
    question = QuestionFactory(section=SectionFactory(call=draft_call()))
    client.force_login(editor)
    page = change(question.section)
    response = client.post(page, posted(client, page, **{f"questions-0-{field}": value}))
    assert response.status_code == 200
    assert sentence in response.content.decode()
    kept = getattr(question, field)
    question.refresh_from_db()
    assert getattr(question, field) == kept


def test_texts_per_language_are_objects(client, editor):
    programme = ProgrammeFactory()
    client.force_login(editor)
    for names in ('["Waste"]', '{"en": 5}', '{"xx": "Waste"}', '{"en": "a\\u0000"}'):
        response = client.post(change(programme), posted(client, change(programme), names=names))
        assert response.status_code == 200
        assert response.context["adminform"].form.errors["names"]
    assert Programme.objects.get().names == programme.names


def test_a_form_that_was_kept_leads_to_the_set_up(client):
    draft, add = draft_call(), reverse("admin:calls_call_add")
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    fields = {"programme": draft.programme.pk, "slug": "new-2028", "zone": "Europe/Stockholm"}
    fields |= {"kind": draft.kind, "process": draft.process, "languages": '["en"]'}
    fields |= {"opens_at_0": "2028-02-01", "opens_at_1": "09:00"}
    answer = client.post(add, posted(client, add, **fields))
    made = Call.objects.get(slug="new-2028")
    assert answer.url == reverse("admin:calls_call_setup", args=[made.pk])
    again = client.post(change(draft), posted(client, change(draft)))
    assert again.url == reverse("admin:calls_call_setup", args=[draft.pk])


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
    assert "The call is published already." in page
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
