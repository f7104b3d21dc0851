"""One door for everybody: a code by mail, in the portal's own pages."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from cooperation.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    user = User.objects.create_user(email="karin@example.org", name="Karin Lindqvist")
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


@pytest.mark.parametrize(
    "path", ["/account/login/", "/account/login/code/", "/account/signup/", "/account/password/reset/"]
)
def test_account_pages_wear_the_look(client: Client, path: str) -> None:
    html = client.get(path).content.decode()
    assert 'href="/static/css/portal' in html
    assert html.count("<h1>") == 1
    assert not re.search(r"\sstyle=|<style", html)


def test_a_code_by_mail_logs_in(client: Client, officer: User) -> None:
    page = client.post("/account/login/code/", {"email": officer.email}, follow=True)
    assert "We sent a code to karin@example.org" in page.content.decode()
    code = re.search(r"^\s*([A-Z0-9-]{6,})\s*$", mail.outbox[0].body, re.MULTILINE)
    assert code is not None
    assert code[1] in mail.outbox[0].subject
    client.post(page.request["PATH_INFO"], {"code": code[1]})
    assert client.session["_auth_user_id"] == str(officer.pk)


def test_a_wrong_code_is_said_at_the_field_and_in_the_title(client: Client, officer: User) -> None:
    page = client.post("/account/login/code/", {"email": officer.email}, follow=True)
    html = client.post(page.request["PATH_INFO"], {"code": "000000"}).content.decode()
    assert "<title>Error:" in html
    assert 'class="error-summary"' in html
    assert 'href="#id_code"' in html


def test_a_code_opens_an_account(client: Client) -> None:
    page = client.post("/account/signup/", {"email": "new@example.org"}, follow=True)
    assert "Confirm your e-mail address" in page.content.decode()
    code = re.search(r"^\s*([A-Z0-9-]{6,})\s*$", mail.outbox[0].body, re.MULTILINE)
    assert code is not None
    client.post(page.request["PATH_INFO"], {"code": code[1]})
    assert User.objects.get(email="new@example.org").pk == int(client.session["_auth_user_id"])


def test_logging_out_asks_once(client: Client, officer: User) -> None:
    client.force_login(officer)
    assert "What you saved stays saved" in client.get("/account/logout/").content.decode()
    client.post("/account/logout/")
    assert "_auth_user_id" not in client.session


def test_the_gallery_is_a_page(client: Client) -> None:
    assert client.get("/components/").status_code == 200
