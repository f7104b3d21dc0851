"""Submitting: exactly once, strictly before the deadline, with a receipt that can be checked."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.models import Application, Attempt, Call, Milestone, PartnerInvitation, Snapshot
from calls.operations.applications import add_partner, withdraw
from calls.operations.status import NotPossible
from calls.operations.submission import submit
from cooperation.notifications.models import Message
from partnerships.models import Membership
from tests.calls.worlds import World, small_world
from tests.factories import UserFactory
from tests.races.together import together

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return small_world()


def page(name: str, application: Application) -> str:
    return reverse(f"calls:{name}", args=[application.reference])


def send(client, application: Application, version: object = None):
    return client.post(page("submit", application), {"version": version or application.version})


def receipts():
    return Message.objects.filter(kind="receipt")


# --- checking -----------------------------------------------------------------------------------------------


def test_the_check_shows_answers_problems_and_rules(client, world):
    draft = world.draft(title="Youth", summary="x" * 60)
    client.force_login(world.officer)
    text = client.get(page("check_answers", draft)).content.decode()
    assert "1 point keeps you from submitting" in text
    assert "Shorten “Summary” by 10 characters. Nothing was cut off." in text
    assert reverse("calls:section", args=[draft.reference, "summary"]) + "#id_answer-summary" in text
    assert "You can submit once the point named above is settled." in text
    assert "Submit application" not in text
    assert "Ale can apply with a partner in Botswana." in text


def test_a_complete_draft_offers_to_submit(client, world):
    client.force_login(world.officer)
    text = client.get(page("check_answers", world.complete())).content.decode()
    assert "Submit application" in text
    assert "point keeps you from submitting" not in text
    assert "You can change it and submit again until" in text


def test_a_viewer_reads_the_check_and_cannot_submit(client, world):
    draft = world.complete()
    client.force_login(world.viewer)
    assert "Submit application" not in client.get(page("check_answers", draft)).content.decode()
    assert send(client, draft).status_code == 403
    assert Application.objects.get().status == "draft"
    assert not Attempt.objects.get().accepted


def test_a_viewers_attempt_after_the_submission_is_kept_as_refused(client, world):
    draft = world.complete()
    client.force_login(world.officer)
    send(client, draft)
    client.force_login(world.viewer)
    assert send(client, draft).status_code == 403
    assert list(Attempt.objects.values_list("by", "accepted")) == [
        (world.officer.pk, True),
        (world.viewer.pk, False),
    ]


# --- submitting ---------------------------------------------------------------------------------------------


def test_submitting_seals_a_copy_and_mails_every_writer(client, world):
    draft = world.complete()
    Membership.objects.create(user=UserFactory(), organisation=world.lead, role="officer")
    client.force_login(world.officer)
    before = timezone.now()
    assert send(client, draft).url == page("receipt", draft)
    snapshot = Snapshot.objects.get()
    draft.refresh_from_db()
    assert draft.status == "submitted"
    # early by what the database took to say what time it is
    assert before - timedelta(seconds=1) <= snapshot.received_at == draft.submitted_at
    assert snapshot.sha256 == hashlib.sha256(snapshot.content.encode()).hexdigest()
    content = json.loads(snapshot.content)
    assert [row["answer"] for row in content["answers"]] == [
        "Youth in local decisions",
        "Young people decide.",
    ]
    assert Attempt.objects.get().accepted
    assert set(receipts().values_list("recipient", flat=True)) == {
        world.officer.email,
        world.approver.email,
    }


def test_a_second_click_shows_the_same_receipt(client, world):
    draft = world.complete()
    client.force_login(world.officer)
    # twice the page that was sent, then the page as it is now, which says nothing new
    addresses = [send(client, draft, version).url for version in (1, 1, 2)]
    assert set(addresses) == {page("receipt", draft)}
    assert Attempt.objects.count() == 1
    assert Snapshot.objects.count() == 1
    assert receipts().count() == 2


@pytest.mark.django_db(transaction=True)
def test_submitting_twice_at_once_makes_one_submission(world):
    draft = world.complete()

    def click() -> int:
        return submit(application=draft, version=1, by=world.officer, at=timezone.now()).pk

    found = together(*[click] * 20)
    assert len(found) == 20
    assert set(found) == set(Snapshot.objects.values_list("pk", flat=True))
    assert Attempt.objects.count() == 1
    assert receipts().count() == 2


def test_missing_answers_are_named_and_linked(client, world):
    draft = world.draft(title="Youth")
    client.force_login(world.officer)
    response = send(client, draft)
    text = response.content.decode()
    assert response.status_code == 422
    assert "<title>Error:" in text
    assert 'role="alert"' in text
    assert "Answer “Summary”." in text
    reason = "Some points keep you from submitting. Answer “Summary”."
    assert Attempt.objects.get().reason == reason
    assert Application.objects.get().status == "draft"


@pytest.mark.parametrize("version", ["7", "", "x", "٣"])
def test_an_old_page_submits_nothing(client, world, version):
    draft = world.complete()
    client.force_login(world.officer)
    response = client.post(page("submit", draft), {"version": version})
    assert response.status_code == 409
    assert "Somebody changed the application since you opened this page." in response.content.decode()
    assert not Snapshot.objects.exists()


def test_after_the_deadline_nothing_is_received_and_the_attempt_is_kept(client, world):
    draft = world.complete()
    Call.objects.update(closes_at=timezone.now() - timedelta(seconds=1))
    client.force_login(world.officer)
    response = send(client, draft)
    assert response.status_code == 409
    assert "The call closed before this submission arrived." in response.content.decode()
    assert not Attempt.objects.get().accepted
    assert not Snapshot.objects.exists()
    assert not receipts().exists()


@pytest.mark.parametrize(("microseconds", "accepted"), [(-1, True), (0, False), (1, False)])
def test_the_closing_instant_itself_is_too_late(world, microseconds, accepted):
    draft = world.complete()
    at = world.call.closes_at + timedelta(microseconds=microseconds)
    if accepted:
        assert submit(application=draft, version=1, by=world.officer, at=at).received_at == at
    else:
        with pytest.raises(NotPossible):
            submit(application=draft, version=1, by=world.officer, at=at)


def test_submitting_is_by_post_only(client, world):
    client.force_login(world.officer)
    assert client.get(page("submit", world.complete())).status_code == 405


# --- the receipt --------------------------------------------------------------------------------------------


@pytest.fixture
def submitted(client, world) -> Application:
    Milestone.objects.create(
        call=world.call, key="board", labels={"en": "The board decides"},
        planned_on=timezone.now().date() + timedelta(days=90),
    )  # fmt: skip
    draft = world.complete()
    add_partner(application=draft, city=world.gaborone, by=world.officer, at=timezone.now())
    client.force_login(world.officer)
    send(client, draft, 2)
    draft.refresh_from_db()
    return draft


def test_the_receipt_shows_reference_times_fingerprint_and_what_comes_next(client, world, submitted):
    snapshot = Snapshot.objects.get()
    text = client.get(page("receipt", submitted)).content.decode()
    local = snapshot.received_at.astimezone(world.call.zone_info)
    assert submitted.reference in text
    assert f"{local:%H:%M:%S}" in text
    assert f".{snapshot.received_at:%f}" in text
    assert all(place in text for place in ("Stockholm", "Gaborone (UTC+2)", "UTC"))
    assert all(f"<li>{group}</li>" in text for group in snapshot.fingerprint)
    assert "The board decides" in text
    assert world.approver.email in text
    assert "before the deadline" in text
    assert "Submission 1 counts. You can change it until" in text
    assert reverse("calls:verify_this", args=[snapshot.sha256]) in text


def test_the_sealed_copy_is_downloaded_byte_by_byte(client, submitted):
    response = client.get(page("receipt", submitted) + "?format=json")
    assert response["Content-Type"].startswith("application/json")
    assert response["Content-Disposition"].startswith(f'attachment; filename="{submitted.reference}-')
    assert hashlib.sha256(response.content).hexdigest() == Snapshot.objects.get().sha256
    assert response["Cache-Control"] == "no-store, private"


def test_the_sealed_copy_is_for_members_only(client, submitted):
    client.force_login(UserFactory())
    assert client.get(page("receipt", submitted) + "?format=json").status_code == 404


def test_a_draft_has_no_receipt(client, world):
    draft = world.draft()
    client.force_login(world.officer)
    response = client.get(page("receipt", draft), follow=True)
    assert response.redirect_chain == [(draft.get_absolute_url(), 302)]
    assert "There is no receipt yet" in response.content.decode()


def test_the_receipt_stays_after_withdrawing(client, world, submitted):
    withdraw(application=submitted, by=world.officer, at=timezone.now())
    assert "withdrawn since" in client.get(page("receipt", submitted)).content.decode()
    response = send(client, submitted, 3)
    assert response.status_code == 409
    assert "is no longer a draft" in response.content.decode()


def test_the_receipt_mail_begins_with_the_key_fact(world, submitted):
    world.officer.refresh_from_db()
    mail = receipts().get(recipient=world.officer.email)
    assert mail.subject == f"{submitted.reference} received: {world.call.title}"
    first, *rest = mail.body.splitlines()
    assert first == f"{submitted.reference}: we received the application of Ale municipality."
    body = "\n".join(rest)
    assert "Submission 1, by Karin Lindqvist." in body
    assert "You can change it and submit again until" in body
    assert reverse("calls:verify_this", args=[Snapshot.objects.get().sha256]) in body
    assert all(group in body for group in Snapshot.objects.get().fingerprint)
    assert all(place in body for place in (" Stockholm", " Gaborone", " UTC"))
    assert "What to do next" in body
    assert page("receipt", submitted) in body
    assert "&" not in mail.body


def test_an_invited_partner_is_mailed_in_its_language_and_named_on_the_receipt(client, world):
    draft = world.complete()
    add_partner(application=draft, city=world.gaborone, by=world.officer, at=timezone.now())
    PartnerInvitation.objects.create(
        application=draft, city=world.gaborone, email="mayor@example.org", language="en",
        token_hash="a" * 64, sent_at=timezone.now(), sent_by=world.officer,
    )  # fmt: skip
    client.force_login(world.officer)
    send(client, draft, 2)
    mail = Message.objects.get(kind="partner_receipt")
    assert mail.recipient == "mayor@example.org"
    assert "in which Gaborone takes part" in mail.body
    assert "The lead can change it and submit again until" in mail.body
    assert reverse("calls:verify_this", args=[Snapshot.objects.get().sha256]) in mail.body
    assert page("application", draft) not in mail.body
    assert "mayor@example.org" in client.get(page("receipt", draft)).content.decode()
