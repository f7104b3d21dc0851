"""The demo's mail page shows when a mail was sent, in the reader's own way."""

import pytest
from django.test import Client

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
