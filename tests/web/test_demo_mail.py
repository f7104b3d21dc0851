"""The demo's mail page shows when a mail was sent, in the reader's own way."""

import pytest
from django.test import Client

from cooperation.notifications.mail import mail_of

pytestmark = pytest.mark.django_db
MAIL = "From: a@example.org\r\nTo: b@example.org\r\nSubject: Receipt\r\nDate: {date}\r\n\r\nText\r\n"


@pytest.mark.parametrize(
    ("date", "path", "shown"),
    [
        ("Sun, 22 Nov 2026 06:09:05 -0000", "", "22 November 2026, 06:09 UTC"),
        ("Sun, 22 Nov 2026 07:09:05 +0100", "", "22 November 2026, 06:09 UTC"),
        ("Sun, 22 Nov 2026 06:09:05 -0000", "/sv", "22 november 2026 06:09 UTC"),
    ],
)
def test_a_date_reads_as_everywhere_else(client: Client, settings, tmp_path, date, path, shown) -> None:
    settings.DEMO_MAIL_DIR = str(tmp_path)
    (tmp_path / "one.eml").write_bytes(MAIL.format(date=date).encode())

    for page in (f"{path}/demo/mail/", f"{path}/demo/mail/one/"):
        assert shown in client.get(page).content.decode()


def test_the_page_of_a_mail_is_shown_without_any_right(client: Client, settings, tmp_path) -> None:
    settings.DEMO_MAIL_DIR = str(tmp_path)
    mail = mail_of(
        subject="Receipt", forms=("Text", "<html><head></head><body><script>1</script></body></html>"),
        to="b@example.org", language="en",
    )  # fmt: skip
    (tmp_path / "one.eml").write_bytes(mail.message().as_bytes())

    detail = client.get("/demo/mail/one/")
    page = client.get("/demo/mail/one/page/")

    assert 'src="/demo/mail/one/page/"' in detail.content.decode()
    assert "frame-src 'self'" in detail["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "SAMEORIGIN"
    rights = page["Content-Security-Policy"]
    assert "default-src 'none'" in rights
    assert "script-src" not in rights
    assert "sandbox allow-popups allow-popups-to-escape-sandbox" in rights


@pytest.mark.parametrize("path", ["/demo/mail/none/page/", "/demo/mail/..%2fone/page/"])
def test_a_page_that_is_not_there(client: Client, settings, tmp_path, path) -> None:
    settings.DEMO_MAIL_DIR = str(tmp_path)
    (tmp_path / "one.eml").write_bytes(MAIL.format(date="").encode())
    assert client.get(path).status_code == 404
