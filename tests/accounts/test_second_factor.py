"""Staff pages open with a second factor, however a session began; its secret stays secret."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client

from cooperation.accounts import sealing_secrets
from cooperation.history.models import HistoryEntry
from cooperation.notifications.models import Message
from tests.accounts.factor_world import SECRET, begun, code_in, give_app, log_in, logged_in, person, totp
from tests.calls.desk_world import Desk

pytestmark = pytest.mark.django_db
SETTING_UP = "/account/second-factor/"


def by_code(client: Client, user) -> None:
    page = client.post("/account/login/code/", {"email": user.email}, follow=True)
    client.post(page.request["PATH_INFO"], {"code": code_in(mail.outbox[-1].body)})


def after_reset(client: Client, user) -> None:
    client.post("/account/password/reset/", {"email": user.email})
    address = re.search(r"http://\S+?(/account/password/reset/key/\S+)", mail.outbox[-1].body)
    assert address is not None
    given = dict.fromkeys(("password1", "password2"), "another quiet river")
    page = client.get(address[1], follow=True)
    client.post(page.request["PATH_INFO"], given)
    client.post("/account/login/", {"login": user.email, "password": "another quiet river"})


DOORS = {"password": log_in, "code": by_code, "reset": after_reset}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("rights", [{"is_staff": True}, {"is_superuser": True, "is_staff": True}])
def test_staff_without_one_set_it_up_first(client, required, door, rights):
    user = person(**rights)
    DOORS[door](client, user)
    assert logged_in(client)
    for path in ("/admin/", "/calls/", "/admin/login/", "/my/messages/"):
        response = client.get(path)
        assert (response.status_code, response.url.partition("?")[0]) == (302, SETTING_UP), path
    assert "Staff pages open once you set up" in client.get(SETTING_UP).content.decode()
    assert client.get("/account/logout/").status_code == 200


@pytest.mark.parametrize("door", DOORS)
def test_whoever_has_one_is_asked_for_it_at_every_door(client, door):
    """In either setting."""
    user = person(is_staff=True)
    give_app(user)
    DOORS[door](client, user)
    assert not logged_in(client)
    assert client.get("/admin/").url.startswith("/admin/login/")
    wrong = client.post("/account/second-factor/authenticate/", {"code": "000000"})
    assert "This code is wrong" in wrong.content.decode()
    client.post("/account/second-factor/authenticate/", {"code": totp()})
    assert logged_in(client)
    assert client.get("/admin/").status_code == 200


def test_an_older_session_gives_the_factor_that_another_set_up(client, required):
    user = person(is_staff=True)
    log_in(client, user)
    give_app(user)
    assert client.get("/admin/").url.startswith("/account/second-factor/reauthenticate/")
    # neither the password nor the account's own pages are a way around it
    client.post("/account/reauthenticate/?next=/admin/", {"password": "a long and quiet river"})
    for path in ("/admin/", SETTING_UP, "/account/email/", "/account/password/change/"):
        assert client.get(path).url.startswith("/account/second-factor/reauthenticate/"), path
    client.post("/account/second-factor/reauthenticate/?next=/admin/", {"code": totp()})
    assert client.get("/admin/").status_code == 200


def test_experts_and_officers_are_not_forced(client, required):
    log_in(client, person())
    assert client.get("/my/messages/").status_code == 200


def test_where_it_is_optional_staff_pages_open_without(client):
    log_in(client, person(is_staff=True))
    assert client.get("/admin/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_setting_up_leads_back_with_what_was_typed(client, required):
    log_in(client, person(is_staff=True))
    client.post("/admin/?list=2", {"reason": 'Two lines,\nand "quotes".', "submit": "x"})
    page = client.get("/account/second-factor/totp/activate/")
    assert '<svg class="qr"' in page.content.decode()
    assert "data:image" not in page.content.decode()
    secret = client.session["mfa.totp.secret"]
    page = client.post("/account/second-factor/totp/activate/", {"code": totp(secret)}, follow=True)
    html = page.content.decode()
    assert html.count("<li><code>") == 10
    assert "recovery-codes.txt" in html
    assert "/account/continue/" in html
    # shown once
    assert "<li><code>" not in client.get("/account/second-factor/recovery-codes/").content.decode()
    form = client.get("/account/continue/").content.decode()
    assert 'action="/admin/?list=2"' in form
    assert "Two lines,\nand &quot;quotes&quot;." in form
    assert client.get("/admin/").status_code == 200
    assert Message.objects.get(kind="account_changed").subject.startswith("An authenticator app was set up")
    told = HistoryEntry.objects.get(table="mfa_authenticator", after__type="totp")
    assert "data" not in told.after
    # the code that set it up does not log in
    other = Client()
    log_in(other, Authenticator.objects.get(type="totp").user)
    other.post("/account/second-factor/authenticate/", {"code": totp(secret)})
    assert not logged_in(other)


def test_a_code_of_the_app_and_a_recovery_code_open_once(client):
    user = person()
    give_app(user)
    codes = Authenticator.objects.create(
        user=user,
        type="recovery_codes",
        data={"seed": sealing_secrets.seal("ab" * 40), "used_mask": 0},
    )
    for code in (totp(), codes.wrap().get_unused_codes()[3]):
        for opens in (True, False):
            other = Client()
            log_in(other, user)
            other.post("/account/second-factor/authenticate/", {"code": code})
            assert logged_in(other) is opens, (code, opens)


def test_guessing_ends(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
    user = person("guessed@example.org")
    give_app(user)
    log_in(client, user)
    for _guess in range(5):
        client.post("/account/second-factor/authenticate/", {"code": "000000"})
    client.post("/account/second-factor/authenticate/", {"code": totp()})
    assert not logged_in(client)


def test_a_copy_of_the_database_opens_nothing(client, settings):
    user = person()
    app = give_app(user)
    assert SECRET not in str(app.data)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another key"
    log_in(client, user)
    page = client.post("/account/second-factor/authenticate/", {"code": totp()})
    assert (page.status_code, logged_in(client)) == (200, False)
    settings.SECRET_KEY_FALLBACKS = [old]
    client.post("/account/second-factor/authenticate/", {"code": totp()})
    assert logged_in(client)


def test_staff_keep_one_where_it_is_required(client, required):
    user = person(is_staff=True)
    app = give_app(user)
    begun(client, user, method="mfa", type="totp", id=app.pk)
    page = client.post("/account/second-factor/totp/deactivate/")
    assert "Set up another one first" in page.content.decode()
    required.STAFF_SECOND_FACTOR = "optional"
    client.post("/account/second-factor/totp/deactivate/")
    assert not user.authenticator_set.exists()


BROKEN = (
    *("{}", "[]", "null", "1", "x" * 9999, "[" * 5000),
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {}}',
    '{"id":"AA","rawId":"%","response":{"clientDataJSON":"AA","attestationObject":"AA"}}',
    '{"id":"AA","rawId":"AA","response":{"clientDataJSON":"e30","authenticatorData":"AA"}}',
)


def test_what_no_passkey_says_is_refused_in_words(client):
    user = person()
    begun(client, user)
    for answer in BROKEN:
        client.get("/account/second-factor/webauthn/add/")
        page = client.post("/account/second-factor/webauthn/add/", {"credential": answer})
        assert page.status_code == 200, answer
    assert not user.authenticator_set.exists()
    give_app(user)
    log_in(other := Client(), user)
    for answer in BROKEN:
        page = other.post("/account/second-factor/authenticate/", {"credential": answer})
        assert page.status_code == 200, answer
    assert not logged_in(other)


def test_experts_are_asked_kindly(client):
    desk = Desk()
    ingrid = person("ingrid@example.org")
    desk.assign(desk.eligible("Ale"), ingrid)
    asked = "Keep them safe: set up a second factor"
    assert asked in log_in(client, ingrid).content.decode()
    give_app(ingrid)
    log_in(other := Client(), ingrid)
    page = other.post("/account/second-factor/authenticate/", {"code": totp()}, follow=True)
    assert asked not in page.content.decode()


def test_a_passkey_is_offered_to_those_who_have_one(client):
    user = person()
    give_app(user)
    assert "data-passkey" not in log_in(client, user).content.decode()
