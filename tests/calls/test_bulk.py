"""One step on many applications: named before, done to exactly those, each with its own history."""

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.models import Application, Assignment, CorrectionRequest, Reviewer, Snapshot
from calls.operations.screening import screen
from cooperation.notifications.models import Message
from tests.calls.desk_world import Desk
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

BULK = reverse("admin:calls_application_bulk")


@pytest.fixture
def desk(client) -> Desk:
    found = Desk()
    client.force_login(found.marta)
    return found


def confirm(client, action: str, *rows: Application, **more):
    return client.get(BULK, {"action": action, "chosen": [row.pk for row in rows], **more})


def press(client, page, **more):
    about = page.context_data
    fields = {"named": about["named"], "able": about["able_named"], "sure": about["sure"]}
    return client.post(BULK, {"action": about["action"].key, **fields, **more})


def leads(rows) -> list[str]:
    return [getattr(row, "application", row).lead.name.partition(" ")[0] for row in rows]


def test_the_confirmation_names_the_cities_and_changes_nothing(client, desk):
    first, second = desk.submitted("Ale"), desk.eligible("Umeå")
    page = confirm(client, "screen", first, second)
    assert leads(page.context_data["able"]) == ["Ale"]
    assert leads(page.context_data["unable"]) == ["Umeå"]
    text = page.content.decode()
    assert "Ale municipality" in text
    assert "not waiting to be screened" in text
    first.refresh_from_db()
    assert first.status == "submitted"


def test_each_is_done_with_a_history_of_its_own(client, desk):
    rows = [desk.submitted("Ale"), desk.submitted("Umeå")]
    page = press(client, confirm(client, "screen", *rows))
    assert leads(page.context_data["done"]) == ["Ale", "Umeå"]
    for row in rows:
        row.refresh_from_db()
        assert row.status == "eligible"
        assert row.status_changes.filter(target="eligible", by=desk.marta).count() == 1


def test_what_changed_meanwhile_is_refused_by_name_and_the_rest_is_done(client, desk):
    moved, rest = desk.submitted("Ale"), desk.submitted("Umeå")
    page = confirm(client, "screen", moved, rest)
    screen(application=moved, eligible=False, note="No.", by=desk.helena, at=timezone.now())
    result = press(client, page)
    assert leads(result.context_data["done"]) == ["Umeå"]
    assert leads(result.context_data["refused"]) == ["Ale"]
    moved.refresh_from_db()
    assert moved.status == "ineligible"


def test_what_the_rules_did_not_let_pass_is_screened_on_its_own_page(client, desk):
    application = desk.submitted("Ale")
    Snapshot.objects.create(
        application=application, number=2, content='{"assessment": {"verdict": "not_eligible"}}',
        sha256="a" * 64, version=2, said_sha256="b" * 64, received_at=timezone.now(), submitted_by=desk.marta,
    )  # fmt: skip
    page = confirm(client, "screen", application)
    assert "did not let it pass" in page.content.decode()
    forged = f"{application.pk}:{application.version}"
    result = client.post(BULK, {"action": "screen", "named": forged, "able": forged, "sure": "yes"})
    assert leads(result.context_data["refused"]) == ["Ale"]
    application.refresh_from_db()
    assert application.status == "submitted"


def test_closing_reviews_leaves_those_without_a_finished_sheet(client, desk):
    scored, bare = desk.scored("Ale", by=desk.helena), desk.eligible("Umeå")
    page = confirm(client, "close", scored, bare)
    assert leads(page.context_data["unable"]) == ["Umeå"]
    assert leads(press(client, page).context_data["done"]) == ["Ale"]
    scored.refresh_from_db()
    assert scored.status == "reviewed"


def test_assigning_names_conflicts_before_and_after(client, desk):
    free, bound = desk.eligible("Ale"), desk.eligible("Umeå")
    expert = UserFactory(name="Ingrid")
    at = timezone.now()
    Reviewer.objects.create(user=expert, invited_at=at, invited_by=desk.marta, accepted_at=at, country="NO")
    bound.conflicts.create(user=expert, reason="Sister works there.", at=at, by=expert)
    asked = press(client, confirm(client, "assign", free, bound), reviewer=expert.pk)
    assert leads(asked.context_data["unable"]) == ["Umeå"]
    assert not Assignment.objects.filter(user=expert).exists()
    done = press(client, asked, reviewer=expert.pk)
    assert leads(done.context_data["done"]) == ["Ale"]
    assert list(Assignment.objects.filter(user=expert).values_list("application", flat=True)) == [free.pk]


def test_the_reviewer_gets_one_letter_about_all_that_they_are_given(client, desk):
    rows = [desk.eligible("Ale"), desk.eligible("Umeå"), desk.eligible("Lund")]
    expert = UserFactory(name="Ingrid")
    at = timezone.now()
    Reviewer.objects.create(user=expert, invited_at=at, invited_by=desk.marta, accepted_at=at, country="NO")
    asked = press(client, confirm(client, "assign", *rows), reviewer=expert.pk)
    Application.objects.filter(pk=rows[2].pk).update(version=99)
    done = press(client, asked, reviewer=expert.pk)
    assert leads(done.context_data["done"]) == ["Ale", "Umeå"]
    assert leads(done.context_data["refused"]) == ["Lund"]
    letter = Message.objects.get(recipient=expert.email)
    assert all(row.reference in letter.body for row in rows[:2])
    assert rows[2].reference not in letter.body


def test_the_same_correction_is_asked_of_many(client, desk):
    rows = [desk.submitted("Ale"), desk.submitted("Umeå")]
    fields = {
        "reasons": ["budget"],
        "note": "",
        "due_0": "2099-01-01",
        "due_1": "12:00",
        "due": "2099-01-01T12:00",
    }
    asked = press(client, confirm(client, "correct", *rows), **fields)
    done = press(client, asked, **fields)
    assert leads(done.context_data["done"]) == ["Ale", "Umeå"]
    assert CorrectionRequest.objects.filter(reasons=["budget"]).count() == 2


def test_all_in_this_list_are_those_of_its_filters(client, desk):
    desk.submitted("Ale")
    desk.submitted("Umeå")
    page = client.get(BULK, {"action": "screen", "scope": "all", "q": "Ale"})
    assert leads(page.context_data["able"]) == ["Ale"]


def test_who_has_not_the_right_is_refused_and_nothing_is_done(client, desk):
    application = desk.submitted("Ale")
    client.force_login(UserFactory(is_staff=True))
    named = f"{application.pk}:{application.version}"
    response = client.post(BULK, {"action": "screen", "named": named, "able": named, "sure": "yes"})
    assert response.status_code == 403
    application.refresh_from_db()
    assert application.status == "submitted"


@pytest.mark.parametrize(
    "named", ["", "x", "1", "1:", "9" * 500 + ":1", "²:1", "1:2:3", "\x00:1", "999999:1"]
)
def test_names_that_are_none_are_said_in_words(client, desk, named):
    response = client.post(BULK, {"action": "screen", "named": named, "able": named, "sure": "yes"})
    assert response.status_code in (400, 422)


def test_nothing_chosen_and_no_such_action(client, desk):
    assert client.get(BULK, {"action": "screen"}).status_code == 422
    assert client.get(BULK, {"action": "decide"}).status_code == 404
    assert client.get(BULK).status_code == 404


def test_a_draft_cannot_be_named(client, desk):
    draft = desk.submitted("Ale")
    Application.objects.filter(pk=draft.pk).update(status="draft")
    assert confirm(client, "screen", draft).status_code == 422
