"""What holds for every page: policy, request id, health, languages, refused bytes, no inline code."""

import asyncio
import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from aiosmtpd.smtp import Envelope
from django.conf import settings
from django.test import Client

from cooperation.demo.mail import Keep

MAILS = {Path(settings.BASE_DIR) / "templates/notifications/mail.html"}
TEMPLATES = sorted((Path(settings.BASE_DIR) / "templates").rglob("*.html"))
pytestmark = pytest.mark.django_db


def test_policy_forbids_everything_that_is_not_ours(client):
    policy = client.get("/calls/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_no_inline_script_or_style(path):
    text = path.read_text()
    if path in MAILS:
        text = text.replace("<style>", "", 1)  # no policy goes with a mail, and no file of ours either
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text)
    assert not re.search(r"<style|<script(?![^>]*\ssrc=)", text)


def test_each_answer_carries_a_request_id(client):
    assert re.fullmatch(r"[0-9a-f]{32}", client.get("/calls/").headers["X-Request-ID"])
    given = client.get("/calls/", headers={"X-Request-ID": "abcdef12-3456"})
    assert given.headers["X-Request-ID"] == "abcdef12-3456"
    forged = client.get("/calls/", headers={"X-Request-ID": "x" * 500})
    assert re.fullmatch(r"[0-9a-f]{32}", forged.headers["X-Request-ID"])


def test_health_names_services_and_their_state(client):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    checks = json.loads(answer.content)["checks"]
    assert set(checks) == {"database", "broker", "outbox"}
    assert all(check["fine"] for check in checks.values())
    assert checks["outbox"]["detail"] == 0


@pytest.mark.parametrize(
    "address",
    [
        "/calls/?q=%00",
        "/cities/?q=a%00b",
        "/calls/%00/",
        "/account/login/?next=%00",
        "/admin/?x=%00",
        "/?%00=1",
    ],
)
def test_nul_bytes_are_refused_with_a_sentence(client, address):
    answer = client.get(address)
    assert answer.status_code in {400, 404}
    assert b"<h1" in answer.content


@pytest.mark.parametrize(("code", "_label"), settings.LANGUAGES)
def test_each_language_has_its_address(client, code, _label):
    prefix = "" if code == "en" else f"/{code}"
    answer = client.get(f"{prefix}/calls/")
    assert answer.status_code == 200
    assert f'<html lang="{code}"'.encode() in answer.content
    assert f'hreflang="{code}"'.encode() in answer.content


def test_unknown_page_is_a_friendly_404(client):
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert b"<h1" in answer.content


def test_missing_form_protection_is_a_friendly_403():
    answer = Client(enforce_csrf_checks=True).post("/account/login/", {"login": "x@example.org"})
    assert answer.status_code == 403
    assert b"<h1" in answer.content


def test_the_words_for_a_wrong_method_arrive_whole(client):
    response = client.post("/calls/")
    assert response.status_code == 405
    assert int(response["Content-Length"]) == len(response.content) > 500


def test_demo_mail_does_not_exist_outside_the_demo(client):
    assert client.get("/demo/mail/").status_code == 404


def test_demo_mail_shows_what_arrived(client, settings, tmp_path):
    settings.DEMO_MAIL_DIR = str(tmp_path)
    mail = "To: a@example.org\nSubject: Hello\nDate: now\n\nThe <b>code</b> is 123\n"
    (tmp_path / "m1.eml").write_text(mail)
    assert b"Hello" in client.get("/demo/mail/").content
    page = client.get("/demo/mail/m1/").content
    assert b"&lt;b&gt;code" in page
    assert client.get("/demo/mail/..%2Fsecret/").status_code == 404


def test_demo_mail_links_to_each_mail_that_the_demos_server_keeps(client, settings, tmp_path):
    settings.DEMO_MAIL_DIR = str(tmp_path)
    envelope = Envelope()
    envelope.original_content = b"To: a@example.org\nSubject: Kept\n\nBody of it\n"
    # in a thread of its own: a browser of another test may have left its event loop running in this one
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, Keep(tmp_path).handle_DATA(None, None, envelope)).result()
    (tmp_path / "20261122T054500.139409-0001.eml").write_bytes(b"Subject: Older\n\nBody of another\n")
    listed = client.get("/demo/mail/").content.decode()
    links = re.findall(r'href="(/demo/mail/[^"]+/)"', listed)
    assert len(links) == 2
    assert all("Body of" in client.get(link).content.decode() for link in links)


GOOD = {"DATABASE_URL": "postgres://x@/y", "SECRET_KEY": "k"}
HTTPS = {"SITE_URL": "https://calls.example.org"}


def _start(**environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", "showmigrations"]
    return subprocess.run(
        command, cwd=settings.BASE_DIR, env={"PATH": "/usr/bin"} | environment, capture_output=True, text=True
    )


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"DATABASE_URL": "postgres://x@/y"}, "SECRET_KEY is not set"),
        ({"DATABASE_URL": "mysql://x@h/y", "SECRET_KEY": "k"}, "DATABASE_URL must begin with postgres://"),
        ({"DATABASE_URL": "nonsense", "SECRET_KEY": "k"}, "DATABASE_URL must begin with postgres://"),
        (GOOD | {"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS contains '*'"),
        (GOOD | {"EMAIL_URL": "pigeon://x"}, "EMAIL_URL must look like"),
        (GOOD | HTTPS | {"DEBUG": "1"}, "DEBUG is on and SITE_URL is https"),
        ({"DATABASE_URL": "postgres://x@/y", "DEMO": "1"} | HTTPS, "SECRET_KEY is the development key"),
    ],
)
def test_unsafe_settings_stop_the_start_with_one_sentence(environment, sentence):
    assert sentence in _start(**environment).stderr
