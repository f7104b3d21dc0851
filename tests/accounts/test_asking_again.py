"""Decisions, publishing and exports ask again who is there, and lose nothing meanwhile."""

import re
import time

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import get_resolver, reverse

from calls.models import Decision
from cooperation.accounts.asking_again import ASKED
from tests.accounts.factor_world import PASSWORD, begun, code_in, give_app, person, totp
from tests.authorisation.test_matrix import url_names
from tests.calls.desk_world import Desk

pytestmark = pytest.mark.django_db
ASKING = "/account/reauthenticate/"


@pytest.fixture
def ask(settings):
    settings.PROOF_MINUTES = 30
    return settings


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk.recommended("Ale")
    desk.helena.set_password(PASSWORD)
    desk.helena.save()
    return desk


def fields_of(html: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', html))


def test_approving_asks_who_has_been_silent_for_long(client, ask, desk):
    begun(client, desk.helena, minutes_ago=31)
    round_page = reverse("admin:calls_call_decisions", args=[desk.call.pk])
    seen = client.get(round_page).context["round"].seen
    approve = reverse("admin:calls_call_approve_list", args=[desk.call.pk])
    response = client.post(approve, {"seen": seen, "note": "Jury of 3 May"})
    assert response.url.startswith(ASKING)
    assert "nothing was sent yet" in client.get(response.url).content.decode()
    assert client.post(response.url, {"password": "wrong"}).status_code == 200
    assert client.post(response.url, {"password": PASSWORD}).url == "/account/continue/"
    page = client.get("/account/continue/").content.decode()
    kept = fields_of(page)
    assert f'action="{approve}"' in page
    assert (kept["seen"], kept["note"]) == (seen, "Jury of 3 May")
    assert Decision.objects.get().approved_by is None
    assert client.post(approve, kept).status_code == 302
    assert Decision.objects.get().approved_by == desk.helena


def test_who_proved_it_lately_is_not_asked(client, ask, desk):
    begun(client, desk.helena, minutes_ago=29)
    response = client.post(reverse("admin:calls_call_approve_list", args=[desk.call.pk]), {"seen": "0" * 16})
    assert response.status_code == 409


def test_a_file_that_takes_applications_out_asks_on_opening_too(client, ask, desk):
    begun(client, desk.helena, minutes_ago=31)
    response = client.get(reverse("admin:calls_application_export_file", args=[1]))
    assert response.url.startswith(ASKING)


def test_a_part_of_a_page_leads_the_whole_page(client, ask, desk):
    begun(client, desk.helena, minutes_ago=31)
    approve = reverse("admin:calls_call_approve_list", args=[desk.call.pk])
    headers = {"HX-Request": "true", "HX-Current-URL": "https://elsewhere.example//admin/calls/?x=1"}
    response = client.post(approve, headers=headers)
    assert response["HX-Redirect"] == f"{ASKING}?next=%2Fadmin%2Fcalls%2F%3Fx%3D1"


def test_the_factor_proves_it_where_there_is_one(client, ask, desk):
    desk.helena.set_unusable_password()
    desk.helena.save()
    give_app(desk.helena)
    begun(client, desk.helena, minutes_ago=31)
    response = client.get(reverse("admin:calls_application_export_file", args=[1]))
    page = client.get(response.url, follow=True)
    assert page.request["PATH_INFO"] == "/account/second-factor/reauthenticate/"
    address = f"{page.request['PATH_INFO']}?{page.request['QUERY_STRING']}"
    assert client.post(address, {"code": totp()}).url == "/account/continue/"
    assert client.get("/account/continue/").url == reverse("admin:calls_application_export_file", args=[1])


def test_who_logs_in_by_mailed_code_proves_it_by_one(client, ask, desk):
    desk.helena.set_unusable_password()
    desk.helena.save()
    begun(client, desk.helena, minutes_ago=31, method="code")
    approve = reverse("admin:calls_call_approve_list", args=[desk.call.pk])
    address = client.get(client.post(approve, {"seen": "0" * 16}).url).url
    assert address.startswith("/account/reauthenticate/code/")
    assert "Send me a code" in client.get(address).content.decode()
    assert not mail.outbox
    client.post(address, {"action": "send"})
    code = code_in(mail.outbox[0].body)
    for unreadable in ("", "é\x00", "x" * 9999):
        assert client.post(address, {"code": unreadable}).status_code == 200
    for wrong in ("0", "é", "ABCD-EFGH"):
        assert client.post(address, {"code": wrong}).status_code == 200
    # three wrong ones end it
    assert client.post(address, {"code": code}).status_code == 200
    client.post(address, {"action": "send"})
    assert client.post(address, {"code": code_in(mail.outbox[1].body)}).url == "/account/continue/"
    assert client.post(approve, {"seen": "0" * 16}).status_code == 409


def test_what_was_kept_is_not_sent_by_another_proof(client, ask, desk):
    begun(client, desk.helena, minutes_ago=31)
    approve = reverse("admin:calls_call_approve_list", args=[desk.call.pk])
    client.post(approve, {"seen": "0" * 16})
    response = client.post(f"{ASKING}?next=/my/messages/", {"password": PASSWORD})
    assert response.url == "/my/messages/"


def test_idle_staff_prove_again_and_lose_nothing(client, settings, desk):
    settings.STAFF_IDLE_MINUTES = 120
    begun(client, desk.helena, minutes_ago=121)
    response = client.post("/admin/", {"reason": "Half a page of thought"})
    client.post(response.url, {"password": PASSWORD})
    assert fields_of(client.get("/account/continue/").content.decode())["reason"] == "Half a page of thought"
    assert client.get("/admin/").status_code == 200
    assert time.time() - client.session["staff_seen_at"] < 60


def test_a_staff_session_ends_however_busy_it_is(client, settings, desk):
    begun(client, desk.helena, minutes_ago=60 * settings.STAFF_SESSION_HOURS + 1)
    response = client.post("/admin/", {"reason": "Half a page of thought"})
    assert response.url == "/account/login/?next=/account/continue/"
    assert "_auth_user_id" not in client.session
    address = {"login": desk.helena.email, "password": PASSWORD}
    EmailAddress.objects.create(user=desk.helena, email=desk.helena.email, primary=True, verified=True)
    page = client.post(response.url, address, follow=True)
    assert fields_of(page.content.decode())["reason"] == "Half a page of thought"


def test_what_one_person_wrote_is_not_handed_to_the_next(client, settings, desk):
    begun(client, desk.helena, minutes_ago=60 * settings.STAFF_SESSION_HOURS + 1)
    response = client.post("/admin/", {"reason": "Half a page of thought"})
    other = person("other@example.org")
    page = client.post(response.url, {"login": other.email, "password": PASSWORD}, follow=True)
    assert page.request["PATH_INFO"] == "/my/"
    assert "Half a page" not in page.content.decode()


def test_who_is_shut_out_stays_out_in_old_sessions(client):
    admin = person("admin@example.org", is_staff=True, is_superuser=True)
    user = person(is_staff=True)
    begun(client, user)
    other = type(client)()
    begun(other, admin)
    given = {"email": user.email, "name": "Marta", "language": "en", "time_zone": "UTC", "is_staff": "on"}
    address = reverse("admin:accounts_user_change", args=[user.pk])
    assert other.post(address, given).status_code == 302
    assert client.get("/admin/").status_code == 302
    assert other.post(address, {**given, "is_active": "on"}).status_code == 302
    assert client.get("/admin/").status_code == 302


def test_private_pages_are_not_kept_by_browsers(client):
    begun(client, person())
    for path in ("/account/second-factor/", "/account/continue/", "/account/reauthenticate/"):
        assert "no-store" in client.get(path)["Cache-Control"], path


# Pages whose name sounds like it, and which need no proof: they show, take back or only recommend.
HARMLESS = {
    "admin:calls_application_export_page",
    "admin:calls_application_export_chosen",
    "admin:calls_application_cancel_export",
    "admin:calls_call_recommend_votes",
}


def test_no_page_that_decides_publishes_or_exports_is_forgotten():
    existing = set(url_names(get_resolver()))
    assert set(ASKED) - existing == set()
    sounds = {name for name in existing if re.match(r"admin:.*(publish|approve|export|download|_vote)", name)}
    assert sounds - set(ASKED) == HARMLESS


def test_everybody_proves_it_before_an_account_gets_a_password(client, ask):
    user = person(password=None)
    begun(client, user, minutes_ago=31, method="code")
    assert client.get("/account/password/set/").url.startswith(ASKING)
    assert client.get("/my/messages/").status_code == 200
    begun(client, user, minutes_ago=29, method="code")
    assert client.get("/account/password/set/").status_code == 200


def test_codes_are_not_mailed_without_end(client, ask):
    ask.ACCOUNT_RATE_LIMITS = {}
    begun(client, person("asks@example.org", password=None), minutes_ago=31, method="code")
    for _more in range(4):
        page = client.post("/account/reauthenticate/code/", {"action": "send"})
    assert "Too many codes" in page.content.decode()
    assert len(mail.outbox) == 3
