"""A lost factor is forgotten by an administrator: recorded, mailed, and never one's own."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.core.management import CommandError, call_command
from django.urls import reverse

from cooperation.history.models import HistoryEntry
from cooperation.notifications.models import Message
from tests.accounts.factor_world import SECRET, begun, give_app, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return person("admin@example.org", is_staff=True, is_superuser=True)


def act(client, *people):
    given = {"action": "forget", "_selected_action": [row.pk for row in people]}
    asked = client.post(reverse("admin:accounts_user_changelist"), given)
    assert asked.status_code != 200 or people[0].email in asked.content.decode()
    assert Authenticator.objects.exists()
    given["confirmed"] = "yes"
    return client.post(reverse("admin:accounts_user_changelist"), given, follow=True).content.decode()


def test_an_administrator_forgets_a_lost_factor(client, boss):
    user = person(is_staff=True)
    give_app(user)
    theirs = type(client)()
    begun(theirs, user)
    begun(client, boss)
    assert "sets up a new second factor" in act(client, user)
    assert not user.authenticator_set.exists()
    assert theirs.get("/admin/").status_code == 302
    letter = Message.objects.get(kind="account_changed")
    assert (letter.recipient, letter.subject) == (user.email, "Your second factor was taken off your account")
    entry = HistoryEntry.objects.get(table="mfa_authenticator", change="delete")
    assert (entry.actor, entry.before["user_id"]) == (boss.pk, user.pk)
    assert "data" not in entry.before
    assert (
        "Second factor" in client.get(reverse("admin:accounts_user_change", args=[user.pk])).content.decode()
    )


def test_nobody_forgets_their_own_and_no_ordinary_staff_does(client, boss):
    user = person(is_staff=True)
    for row in (boss, user):
        give_app(row)
    begun(client, boss)
    assert "You cannot forget your own second factor" in act(client, boss)
    begun(client, user)
    act(client, boss)
    assert Authenticator.objects.count() == 2


def test_the_command_does_the_same(capsys, boss):
    give_app(boss)
    call_command("forget_second_factor", "ADMIN@example.org")
    assert "has no second factor any more" in capsys.readouterr().out
    assert Message.objects.filter(kind="account_changed").count() == 1
    with pytest.raises(CommandError, match="has no second factor"):
        call_command("forget_second_factor", "admin@example.org")
    with pytest.raises(CommandError, match="Nobody logs in as"):
        call_command("forget_second_factor", "nobody@example.org")


def test_no_page_of_the_admin_shows_a_secret(client, boss):
    assert not admin.site.is_registered(Authenticator)
    give_app(boss)
    begun(client, boss)
    page = client.get(reverse("admin:accounts_user_change", args=[boss.pk])).content.decode()
    assert "since" in page
    assert SECRET not in page
