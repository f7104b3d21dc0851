"""The team of an application: invited by mail, bound to an address, in force at once and ended at once."""

import hashlib
import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from calls.access import NotAllowed
from calls.models import Application, TeamMember
from calls.models.team import TeamRole
from calls.operations.applications import save_answers, withdraw
from calls.operations.status import NotPossible
from calls.operations.submission import submit
from calls.operations.team import MOST_A_DAY, MOST_MEMBERS, accept, change_role, invite, revoke
from cooperation.accounts.models import User
from cooperation.notifications.models import Message
from tests.calls.worlds import World, small_world
from tests.factories import UserFactory
from tests.quick import AMOUNTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return small_world()


@pytest.fixture
def draft(world) -> Application:
    return world.complete()


@pytest.fixture
def colleague(db) -> User:
    return UserFactory(email="colleague@example.org", name="Ola Nordmann")


def invited(draft: Application, world: World, email="colleague@example.org", role=TeamRole.EDITOR):
    return invite(application=draft, email=email, role=role, by=world.officer, at=timezone.now())


def joined(draft: Application, world: World, colleague: User, role=TeamRole.EDITOR) -> TeamMember:
    _member, token = invited(draft, world, colleague.email, role)
    return accept(token=token, by=colleague, at=timezone.now())


def page(draft: Application, name: str = "team") -> str:
    return reverse(f"calls:{name}", args=[draft.reference])


# --- inviting -----------------------------------------------------------------------------------------------


def test_the_token_is_in_the_mail_and_only_its_hash_is_kept(world, draft):
    member, token = invited(draft, world, "Colleague@Example.org")
    mail = Message.objects.get(kind="team_invitation")
    assert mail.recipient == member.email == "colleague@example.org"
    assert f"/invitations/{token}/" in mail.body
    assert "Karin Lindqvist" in mail.subject
    assert all(place in mail.body for place in ("Stockholm", "UTC"))
    assert member.token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert token not in str(TeamMember.objects.values().get())


@pytest.mark.parametrize("language", ["sv", "es"])
def test_the_mail_is_in_the_invited_persons_language_else_the_inviters(world, draft, language):
    User.objects.filter(pk=world.officer.pk).update(language=language)
    world.officer.refresh_from_db()
    invited(draft, world)
    assert f"/{language}/invitations/" in Message.objects.get(kind="team_invitation").body
    UserFactory(email="polish@example.org", language="pl")
    invited(draft, world, "polish@example.org")
    assert "/pl/invitations/" in Message.objects.get(recipient="polish@example.org").body


@pytest.mark.parametrize("who", ["viewer", "stranger", "editor"])
def test_only_the_leads_own_writers_decide_who_works_on_it(world, draft, colleague, who):
    member = joined(draft, world, colleague, TeamRole.SUBMITTER)
    person = {"viewer": world.viewer, "stranger": UserFactory(), "editor": colleague}[who]
    at = timezone.now()
    with pytest.raises(NotAllowed):
        invite(application=draft, email="x@example.org", role=TeamRole.VIEWER, by=person, at=at)
    with pytest.raises(NotAllowed):
        change_role(application=draft, member=member.pk, role=TeamRole.VIEWER, by=person, at=at)
    with pytest.raises(NotAllowed):
        revoke(application=draft, member=member.pk, by=person, at=at)


def test_who_works_on_it_already_is_not_invited(world, draft, colleague):
    joined(draft, world, colleague)
    for email in (world.approver.email.upper(), colleague.email):
        with pytest.raises(NotPossible, match="works on this application already"):
            invited(draft, world, email)


def test_inviting_again_replaces_the_open_invitation(world, draft, colleague):
    _first, old = invited(draft, world)
    _second, new = invited(draft, world, role=TeamRole.VIEWER)
    with pytest.raises(NotPossible, match="taken back"):
        accept(token=old, by=colleague, at=timezone.now())
    assert accept(token=new, by=colleague, at=timezone.now()).role == TeamRole.VIEWER


def test_a_team_is_no_mailing_list(world, draft):
    for number in range(MOST_MEMBERS):
        invited(draft, world, f"invited-{number}@example.org")
    with pytest.raises(NotPossible, match="at most 50 people"):
        invited(draft, world, "one-more@example.org")


def test_inviting_and_taking_back_writes_to_strangers_only_so_often(world, draft):
    at = timezone.now()
    for number in range(MOST_A_DAY):
        ask = {"email": f"stranger-{number}@example.org", "role": TeamRole.VIEWER}
        member, _token = invite(application=draft, by=world.officer, at=at, **ask)
        revoke(application=draft, member=member.pk, by=world.officer, at=at)
    with pytest.raises(NotPossible, match="the limit"):
        invite(application=draft, email="one@example.org", role=TeamRole.VIEWER, by=world.officer, at=at)
    tomorrow = at + timedelta(days=1)
    invite(application=draft, email="one@example.org", role=TeamRole.VIEWER, by=world.officer, at=tomorrow)


def test_nobody_is_invited_to_what_is_withdrawn(world, draft, colleague):
    _member, token = invited(draft, world)
    withdraw(application=draft, by=world.officer, at=timezone.now())
    with pytest.raises(NotPossible, match="is withdrawn"):
        invited(draft, world, "x@example.org")
    with pytest.raises(NotPossible, match="is withdrawn"):
        accept(token=token, by=colleague, at=timezone.now())


# --- accepting ----------------------------------------------------------------------------------------------


def test_an_invitation_is_for_one_address(client, world, draft, colleague):
    _member, token = invited(draft, world)
    url = reverse("calls:invitation", args=[token])
    client.force_login(UserFactory())
    for response in (client.get(url), client.post(url)):
        text = response.content.decode()
        assert response.status_code == 403
        assert "This invitation is for another address." in text
        assert draft.reference not in text
        assert draft.title not in text
    assert not TeamMember.objects.active().exists()


def test_the_invited_person_sees_what_it_is_and_accepts(client, world, draft, colleague):
    _member, token = invited(draft, world)
    url = reverse("calls:invitation", args=[token])
    client.force_login(colleague)
    response = client.get(url)
    text = response.content.decode()
    assert "Karin Lindqvist invites you" in text
    assert draft.reference in text
    assert "read and change" in text
    assert response["Cache-Control"] == "no-store, private"
    assert not TeamMember.objects.active().exists(), "looking is not accepting"
    assert client.post(url).url == draft.get_absolute_url()
    assert client.get(draft.get_absolute_url()).status_code == 200
    # the link opens the application from now on; a second click is harmless
    assert client.get(url).url == client.post(url).url == draft.get_absolute_url()
    assert TeamMember.objects.active().count() == 1


def test_who_is_not_logged_in_comes_back_after_logging_in(client, world, draft):
    _member, token = invited(draft, world)
    response = client.get(reverse("calls:invitation", args=[token]))
    assert response.status_code == 302
    assert response.url == f"{reverse('account_login')}?next=/invitations/{token}/"
    unknown = client.get(reverse("calls:invitation", args=["x" * 43]))
    assert unknown.status_code == 302, "who is not logged in learns nothing"


@pytest.mark.parametrize(
    ("after", "status"), [(timedelta(days=13, hours=23), 200), (timedelta(days=14), 410)]
)
def test_an_invitation_works_for_two_weeks(client, world, draft, colleague, after, status):
    _member, token = invite(
        application=draft,
        email=colleague.email,
        role=TeamRole.VIEWER,
        by=world.officer,
        at=timezone.now() - after,
    )
    client.force_login(colleague)
    response = client.get(reverse("calls:invitation", args=[token]))
    assert response.status_code == status
    if status == 410:
        assert f"has expired. Ask Karin Lindqvist, {world.officer.email}" in response.content.decode()
        assert client.post(reverse("calls:invitation", args=[token])).status_code == 410
        assert not TeamMember.objects.active().exists()


def test_an_invitation_that_was_taken_back_says_so(client, world, draft, colleague):
    member, token = invited(draft, world)
    revoke(application=draft, member=member.pk, by=world.officer, at=timezone.now())
    client.force_login(colleague)
    url = reverse("calls:invitation", args=[token])
    for response in (client.get(url), client.post(url)):
        assert response.status_code == 410
        assert "was taken back" in response.content.decode()


def test_unknown_invitations_are_a_404(client, colleague):
    client.force_login(colleague)
    for token in ("x" * 43, "short", "x" * 2_000):
        url = reverse("calls:invitation", args=[token])
        assert client.get(url).status_code == client.post(url).status_code == 404


# --- rights -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "writes", "submits"),
    [("viewer", False, False), ("editor", True, False), ("submitter", True, True)],
)
def test_each_role_may_do_what_it_says(world, draft, colleague, role, writes, submits):
    joined(draft, world, colleague, TeamRole(role))

    def write() -> None:
        save_answers(application=draft, answers={"title": "New"}, version=1, by=colleague, at=timezone.now())

    def send() -> None:
        submit(application=draft, version=None, by=colleague, at=timezone.now())

    assert Application.objects.visible_to(colleague).get() == draft
    for act, allowed in ((write, writes), (send, submits)):
        if allowed:
            act()
        else:
            with pytest.raises(NotAllowed):
                act()


def test_rights_end_at_once_in_the_middle_of_a_session(client, world, draft, colleague):
    member = joined(draft, world, colleague)
    client.force_login(colleague)
    section = reverse("calls:section", args=[draft.reference, "summary"])
    assert client.get(section).status_code == 200
    change_role(
        application=draft, member=member.pk, role=TeamRole.VIEWER, by=world.officer, at=timezone.now()
    )
    assert client.post(section, {"answer-title": "Mine", "version": 1}).status_code == 403
    revoke(application=draft, member=member.pk, by=world.officer, at=timezone.now())
    assert client.get(section).status_code == 404
    assert client.post(section, {"answer-title": "Mine", "version": 1}).status_code == 404
    assert client.get(page(draft)).status_code == 404
    draft.refresh_from_db()
    assert draft.title == "Youth in local decisions"


def test_a_team_member_finds_the_application_among_its_own(client, world, draft, colleague):
    joined(draft, world, colleague)
    client.force_login(colleague)
    text = client.get(reverse("calls:my_applications")).content.decode()
    assert draft.reference in text
    assert "Invited to single applications." in text


# --- the page -----------------------------------------------------------------------------------------------


def test_people_are_invited_changed_and_taken_out_on_the_page(client, world, draft, colleague):
    client.force_login(world.officer)
    url = page(draft)
    said = client.post(url, {"email": colleague.email, "role": "editor"}, follow=True).content.decode()
    assert "colleague@example.org is invited." in said
    member = TeamMember.objects.get()
    said = client.post(url, {"member": member.pk, "role": "viewer"}, follow=True).content.decode()
    assert "colleague@example.org: reads." in said
    said = client.post(url, {"remove": member.pk}, follow=True).content.decode()
    assert "can no longer open this application" in said
    member.refresh_from_db()
    assert member.revoked_by == world.officer


def test_a_viewer_sees_the_team_and_changes_nothing(client, world, draft):
    member, _token = invited(draft, world)
    client.force_login(world.viewer)
    text = client.get(page(draft)).content.decode()
    assert "colleague@example.org" in text
    assert "Send the invitation" not in text
    assert "Save role" not in text
    for data in ({"email": "x@example.org", "role": "viewer"}, {"remove": member.pk}):
        assert client.post(page(draft), data).status_code == 403


@pytest.mark.parametrize(
    ("typed", "status", "sentence"),
    [
        ({"email": "", "role": "viewer"}, 422, "Write an e-mail address."),
        ({"email": "nobody", "role": "viewer"}, 422, "Write a whole e-mail address"),
        ({"email": "a@example.org", "role": "boss"}, 422, "Choose what this person may do."),
        ({"email": "a\x00@example.org", "role": "viewer"}, 422, "held a character that cannot be kept"),
        ({"email": "\u202ea@example.org", "role": "viewer"}, 422, "held a character that cannot be kept"),
        ({"email": "ö" * 300 + "@example.org", "role": "viewer"}, 422, "Write a whole e-mail address"),
        ({"member": "9" * 40, "role": "viewer"}, 409, "no longer in the team"),
        ({"member": "1", "role": "boss"}, 409, "Choose what this person may do."),
        ({"remove": "\x00"}, 409, "no longer in the team"),
        ({"remove": "٣"}, 409, "no longer in the team"),
        ({}, 422, "Write an e-mail address."),
    ],
)
def test_what_cannot_be_done_is_said(client, world, draft, typed, status, sentence):
    client.force_login(world.officer)
    response = client.post(page(draft), typed)
    assert response.status_code == status
    assert sentence in response.content.decode()
    assert "<title>Error:" in " ".join(response.content.decode().split()).replace("<title> ", "<title>")
    assert not TeamMember.objects.exists()


@pytest.mark.parametrize("count", AMOUNTS)
def test_the_page_takes_the_same_queries_for_any_number(
    client, world, draft, count, django_assert_num_queries
):
    for _number in range(count):
        joined(draft, world, UserFactory())
    client.force_login(world.officer)
    # clock, session, person; application, texts, partners; may decide; people; team; may write
    with django_assert_num_queries(10):
        response = client.get(page(draft))
    assert response.content.decode().count("Works on it") == count


# --- the door -----------------------------------------------------------------------------------------------


def code_in(message) -> str:
    return re.search(r"^\s*([A-Z0-9-]{6,})\s*$", message.body, re.MULTILINE)[1]


def test_who_has_an_account_logs_in_by_code_and_is_at_the_invitation(client, world, draft, colleague):
    EmailAddress.objects.create(user=colleague, email=colleague.email, primary=True, verified=True)
    url = reverse("calls:invitation", args=[invited(draft, world)[1]])
    assert f"/account/signup/?next={quote(url, safe='')}" in client.get(url, follow=True).content.decode()
    sent = client.post("/account/login/code/", {"email": colleague.email, "next": url}, follow=True)
    answer = client.post(sent.request["PATH_INFO"], {"code": code_in(mail.outbox[0]), "next": url})
    assert answer.url == url


def test_who_is_new_signs_up_and_is_at_the_invitation(client, world, draft):
    url = reverse("calls:invitation", args=[invited(draft, world, "new@example.org")[1]])
    sent = client.post("/account/signup/", {"email": "new@example.org", "next": url}, follow=True)
    answer = client.post(sent.request["PATH_INFO"], {"code": code_in(mail.outbox[0]), "next": url})
    assert answer.url == url
    assert client.post(url).url == draft.get_absolute_url()
    assert client.get(draft.get_absolute_url()).status_code == 200
