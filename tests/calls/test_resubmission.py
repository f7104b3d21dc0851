"""After the first submission: change, submit again, go back, withdraw, reopen. What was submitted stays."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from calls.models import Application, Attempt, Call, RolePlace, SetAside, Snapshot, Waiver
from calls.operations.applications import (
    StaleVersion,
    add_partner,
    remove_partner,
    reopen,
    save_answers,
    start,
    withdraw,
)
from calls.operations.restoring import restore
from calls.operations.screening import screen
from calls.operations.status import NotPossible
from calls.operations.submission import NotComplete, submit
from calls.queries.submitted import latest_submission
from cooperation.notifications.models import Message
from partnerships.models import Membership
from tests.calls.desk_world import staff_person
from tests.calls.worlds import World, small_world
from tests.factories import CityFactory, OrganisationFactory, RuleFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return small_world()


@pytest.fixture
def sent(world) -> Application:
    """An application with one submission."""
    draft = world.complete()
    add_partner(application=draft, city=world.gaborone, by=world.officer, at=timezone.now())
    submit(application=draft, version=None, by=world.officer, at=timezone.now())
    draft.refresh_from_db()
    return draft


def page(name: str, application: Application) -> str:
    return reverse(f"calls:{name}", args=[application.reference])


def write(world: World, application: Application, **answers) -> Application:
    application.refresh_from_db()
    return save_answers(
        application=application,
        answers=answers,
        version=application.version,
        by=world.approver,
        at=timezone.now(),
    )


def again(world: World, application: Application) -> Snapshot:
    application.refresh_from_db()
    about = {"application": application, "version": application.version, "by": world.officer}
    return submit(**about, at=timezone.now())


# --- changing and submitting again --------------------------------------------------------------------------


def test_what_is_written_after_submitting_does_not_touch_what_was_submitted(world, sent):
    before = Snapshot.objects.get().content
    write(world, sent, summary="Something else.", title="Another title")
    sent.refresh_from_db()
    assert sent.status == "submitted"
    assert Snapshot.objects.get().content == before
    assert sent.title == "Youth in local decisions"
    answers = [row.answer for row in latest_submission(sent).sections[0].answers]
    assert answers == ["Youth in local decisions", "Young people decide."]


def test_the_last_submission_counts_and_both_are_kept(world, sent):
    write(world, sent, summary="Something else.", title="Another title")
    second = again(world, sent)
    sent.refresh_from_db()
    assert (second.number, sent.status, sent.title) == (2, "submitted", "Another title")
    assert sent.submitted_at == second.received_at
    assert [row.number for row in sent.snapshots.all()] == [1, 2]
    assert "Something else." in second.content
    assert "Something else." not in sent.snapshots.first().content
    keys = Message.objects.filter(kind="receipt").values_list("key", flat=True)
    assert {key.split(":")[2] for key in keys} == {"1", "2"}


def test_submitting_again_without_a_change_gives_the_same_receipt(world, sent):
    assert again(world, sent).number == 1
    assert Attempt.objects.filter(accepted=True).count() == 1


def test_a_text_changed_and_changed_back_says_nothing_new(world, sent):
    write(world, sent, summary="Something else.")
    write(world, sent, summary="Young people decide.")
    assert again(world, sent).number == 1


def test_a_page_of_before_the_second_submission_submits_nothing(world, sent):
    write(world, sent, summary="Something else.")
    again(world, sent)
    first = Snapshot.objects.get(number=1)
    with pytest.raises(NotPossible, match="Somebody changed the application"):
        submit(application=sent, version=first.version, by=world.officer, at=timezone.now())


def test_an_incomplete_change_is_refused_and_the_first_submission_still_counts(world, sent):
    write(world, sent, summary="")
    with pytest.raises(NotComplete):
        again(world, sent)
    sent.refresh_from_db()
    assert sent.status == "submitted"
    assert Attempt.objects.get(accepted=False).reason.endswith("Answer “Summary”.")
    assert latest_submission(sent).snapshot.number == 1


@pytest.mark.parametrize(("microseconds", "accepted"), [(-1, True), (0, False), (1, False)])
def test_a_second_submission_is_received_strictly_before_the_deadline(world, sent, microseconds, accepted):
    write(world, sent, summary="Something else.")
    sent.refresh_from_db()
    at = sent.closes_at + timedelta(microseconds=microseconds)
    about = {"application": sent, "version": sent.version, "by": world.officer, "at": at}
    if accepted:
        assert submit(**about).received_at == at
    else:
        with pytest.raises(NotPossible, match="The call closed before"):
            submit(**about)
        assert latest_submission(sent).snapshot.number == 1


def test_after_the_deadline_the_page_that_was_sent_still_gives_its_receipt(world, sent):
    first = Snapshot.objects.get()
    late = sent.closes_at + timedelta(days=1)
    assert submit(application=sent, version=first.version, by=world.officer, at=late) == first
    assert not Attempt.objects.filter(accepted=False).exists()


def test_the_check_lists_what_changed_and_says_what_the_button_does(client, world, sent):
    write(world, sent, summary="Something else.")
    client.force_login(world.officer)
    text = client.get(page("check_answers", sent)).content.decode()
    assert "You changed 1 point after submitting. Submission 1 counts until you submit again" in text
    assert "What changed since submission 1" in text
    assert "<del>Young people decide.</del>" in text
    assert "<ins>Something else.</ins>" in text
    assert "Submit the changed application" in text
    for name in ("application", "receipt"):
        assert "You changed 1 point after submitting" in client.get(page(name, sent)).content.decode()


def test_without_a_change_there_is_nothing_to_submit(client, world, sent):
    client.force_login(world.officer)
    text = client.get(page("check_answers", sent)).content.decode()
    assert "Submission 1 counts. You can change it until" in text
    assert "There is nothing new to submit." in text
    assert '<form method="post" action="' + page("submit", sent) not in text


def test_a_partner_taken_out_is_a_change(client, world, sent):
    remove_partner(application=sent, city=world.gaborone, by=world.officer, at=timezone.now())
    client.force_login(world.officer)
    text = client.get(page("restore", sent)).content.decode()
    assert "<del>Gaborone</del>" in text


def test_changes_that_missed_the_deadline_are_said_to_be_missed(client, world, sent):
    write(world, sent, summary="Something else.")
    Call.objects.update(closes_at=timezone.now())
    client.force_login(world.officer)
    text = client.get(page("application", sent)).content.decode()
    assert "1 point that you changed afterwards was not submitted before the deadline." in text
    read = client.get(page("check_answers", sent)).content.decode()
    read = read.split("The call’s rules")[0].split("and did not submit", 1)[1]
    unsent, submitted = read.split("<h2>Summary</h2>")
    assert "Something else." in unsent
    assert "Something else." not in submitted
    assert "Young people decide." in submitted


def test_an_earlier_receipt_says_that_it_does_not_count_any_more(client, world, sent):
    write(world, sent, summary="Something else.", title="Another title")
    again(world, sent)
    client.force_login(world.officer)
    first = client.get(page("receipt", sent) + "?submission=1").content.decode()
    assert "This submission does not count any more: submission 2 was received on" in first
    assert "Youth in local decisions" in first
    second = client.get(page("receipt", sent)).content.decode()
    assert "Submission 2." in second
    assert "It replaces submission 1 of" in second
    assert client.get(page("receipt", sent) + "?submission=3").status_code == 404
    assert client.get(page("receipt", sent) + "?submission=x").status_code == 404


# --- going back ---------------------------------------------------------------------------------------------


def test_going_back_returns_answers_and_partners_and_keeps_what_was_written(world, sent):
    write(world, sent, summary="Something else.")
    remove_partner(application=sent, city=world.gaborone, by=world.officer, at=timezone.now())
    add_partner(application=sent, city=CityFactory(name="Ghanzi"), by=world.officer, at=timezone.now())
    sent.refresh_from_db()
    restore(application=sent, version=sent.version, by=world.officer, at=timezone.now())
    sent.refresh_from_db()
    assert sent.answers["summary"] == "Young people decide."
    assert [row.city.name for row in sent.partners.all()] == ["Gaborone"]
    aside = SetAside.objects.get()
    assert aside.answers["summary"] == "Something else."
    assert again(world, sent).number == 1


def test_going_back_asks_first_and_shows_what_is_set_aside(client, world, sent):
    write(world, sent, summary="Something else.")
    sent.refresh_from_db()
    client.force_login(world.officer)
    text = client.get(page("restore", sent)).content.decode()
    assert "Go back to submission 1?" in text
    assert "<ins>Something else.</ins>" in text
    assert client.post(page("restore", sent), {"version": sent.version}).url == page("application", sent)
    history = client.get(page("history", sent)).content.decode()
    assert "Something else." in history


def test_going_back_over_a_colleagues_newer_words_is_refused(client, world, sent):
    write(world, sent, summary="Something else.")
    sent.refresh_from_db()
    seen = sent.version
    write(world, sent, summary="Newer words.")
    with pytest.raises(StaleVersion):
        restore(application=sent, version=seen, by=world.officer, at=timezone.now())
    client.force_login(world.officer)
    response = client.post(page("restore", sent), {"version": seen})
    assert response.status_code == 409
    assert "Newer words." in response.content.decode()


def test_going_back_twice_sets_aside_once(world, sent):
    write(world, sent, summary="Something else.")
    for _time in range(2):
        restore(application=sent, version=None, by=world.officer, at=timezone.now())
    assert SetAside.objects.count() == 1


def test_a_draft_has_nothing_to_go_back_to(client, world):
    draft = world.complete()
    client.force_login(world.officer)
    assert "There is nothing to take back" in client.get(page("restore", draft)).content.decode()
    assert client.post(page("restore", draft), {"version": draft.version}).status_code == 409


def test_screening_decides_on_what_was_submitted_and_sets_the_rest_aside(world, sent):
    write(world, sent, summary="Something else.")
    screen(application=sent, eligible=True, note="", by=staff_person(), at=sent.closes_at)
    sent.refresh_from_db()
    assert (sent.status, sent.answers["summary"]) == ("eligible", "Young people decide.")
    assert SetAside.objects.get().answers["summary"] == "Something else."


# --- withdrawing and reopening ------------------------------------------------------------------------------


def test_what_was_withdrawn_is_reopened_and_submitted_again(client, world, sent):
    client.force_login(world.officer)
    client.post(page("withdraw", sent), {"note": ""})
    assert "Reopen this application" in client.get(page("application", sent)).content.decode()
    assert "Reopen this application?" in client.get(page("reopen", sent)).content.decode()
    assert client.post(page("reopen", sent)).url == page("application", sent)
    text = client.get(page("application", sent)).content.decode()
    assert "Nothing counts yet: this application was withdrawn and reopened" in text
    assert again(world, sent).number == 2


def test_reopening_is_refused_after_the_deadline(client, world, sent):
    withdraw(application=sent, by=world.officer, at=timezone.now())
    with pytest.raises(NotPossible, match="stays withdrawn"):
        reopen(application=sent, by=world.officer, at=sent.closes_at)
    Call.objects.update(closes_at=timezone.now())
    client.force_login(world.officer)
    assert "cannot be reopened" in client.get(page("reopen", sent)).content.decode()
    assert client.post(page("reopen", sent)).status_code == 409


def test_reopening_is_refused_while_another_application_lives(client, world, sent):
    withdraw(application=sent, by=world.officer, at=timezone.now())
    other = start(call=world.call, lead=world.lead, by=world.officer, at=timezone.now())
    client.force_login(world.officer)
    assert other.reference in client.get(page("reopen", sent)).content.decode()
    with pytest.raises(NotPossible, match=other.reference):
        reopen(application=sent, by=world.officer, at=timezone.now())


@pytest.mark.parametrize("name", ["withdraw", "reopen", "restore"])
def test_only_those_who_act_for_the_lead_take_these_steps(client, world, sent, name):
    client.force_login(world.viewer)
    assert client.get(page(name, sent)).status_code == 403
    assert client.post(page(name, sent), {"version": sent.version}).status_code == 403
    sent.refresh_from_db()
    assert sent.status == "submitted"


# --- places -------------------------------------------------------------------------------------------------


def test_a_refused_submission_takes_no_place(world):
    RuleFactory(
        call=world.call, kind="applications_per_role", parameters={"coordinator": 1, "partner": 1}, position=9
    )
    other = OrganisationFactory()
    person = UserFactory()
    Membership.objects.create(
        user=person, organisation=other, role="officer",
        verified_at=timezone.now(), verified_by=world.approver,
    )  # fmt: skip
    rival = start(call=world.call, lead=other, by=person, at=timezone.now())
    Application.objects.filter(pk=rival.pk).update(answers={"title": "Rival", "summary": "Short."})
    for draft, by in ((world.complete(), world.officer), (rival, person)):
        add_partner(application=draft, city=world.gaborone, by=by, at=timezone.now())
    first = Application.objects.get(lead=world.lead)
    submit(application=first, version=None, by=world.officer, at=timezone.now())
    with pytest.raises((NotPossible, NotComplete)):
        submit(application=rival, version=None, by=person, at=timezone.now())
    assert set(RolePlace.objects.values_list("application__reference", flat=True)) == {first.reference}
    withdraw(application=first, by=world.officer, at=timezone.now())
    assert not RolePlace.objects.exists()


def test_a_waived_limit_asks_for_no_place(world):
    rule = RuleFactory(
        call=world.call, kind="applications_per_role", parameters={"coordinator": 0, "partner": 0}, position=9
    )
    draft = world.complete()
    with pytest.raises((NotPossible, NotComplete)):
        submit(application=draft, version=None, by=world.officer, at=timezone.now())
    Waiver.objects.create(
        application=draft, rule=rule, reason="A merger.", at=timezone.now(), by=UserFactory(is_staff=True)
    )
    assert submit(application=draft, version=None, by=world.officer, at=timezone.now()).number == 1
    assert not RolePlace.objects.exists()


def test_the_snapshot_says_its_number_and_what_it_was_read_from(sent):
    content = json.loads(Snapshot.objects.get().content)
    assert content["submission"] == 1
    assert content["partners"][0]["city"] == "gaborone"
    assert content["partners"][0]["consent"] == {"state": "not_invited"}
