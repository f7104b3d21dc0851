"""Assigning from a file: every line is told, and what is confirmed is exactly what was shown."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from calls.models import Assignment
from calls.operations.assign_file import apply_file, decode, preview_file
from calls.operations.assigning import Moved, assign
from calls.operations.status import NotPossible
from tests.calls.review_round_world import Round, expert
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Round:
    return Round()


def outcomes(desk, text: str) -> list[str]:
    return [str(line.outcome) for line in preview_file(call=desk.call, text=text).lines]


def test_each_line_is_told(desk):
    first, second = desk.eligible("Ale"), desk.eligible("Lund")
    desk.seated("ines@example.org", maximum=1)
    omar = desk.seated("omar@example.org")
    desk.seated("zoe@example.org", city=first.lead.city)
    expert("late@example.org", accepted=False)
    UserFactory(email="stranger@example.org")
    assign(application=first, reviewer=omar, by=desk.marta, at=timezone.now())
    text = "\n".join(
        [
            "reference;e-mail",
            f"{first.reference};ines@example.org",
            f"{second.reference.lower()};INES@example.org",
            f"{first.reference};omar@example.org",
            f"{first.reference};zoe@example.org",
            f"{first.reference};late@example.org",
            f"{first.reference};stranger@example.org",
            f"{first.reference};nobody@example.org",
            "NONE-1;ines@example.org",
        ]
    )
    expected = ["new", "full", "there", "conflict", "person", "unknown", "unknown", "unknown"]
    assert outcomes(desk, text) == expected
    lines = preview_file(call=desk.call, text=text).lines
    assert lines[5].why == lines[6].why  # an address of somebody who does not review tells nothing
    assert lines[0].number == 2


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("heading", ["", "reference{0}e-mail\n", "\ufeffApplication{0}Reviewer\n\n"])
def test_separators_headings_and_the_mark_of_a_file(desk, separator, heading):
    application = desk.eligible()
    desk.seated("ines@example.org")
    text = heading.format(separator) + f'"{application.reference}"{separator} ines@example.org \r\n'
    assert outcomes(desk, text) == ["new"]


def test_the_same_line_twice_is_new_once(desk):
    application = desk.eligible()
    desk.seated("ines@example.org")
    assert outcomes(desk, f"{application.reference};ines@example.org\n" * 2) == ["new", "there"]


def test_confirming_applies_what_was_shown(desk):
    application, ines = desk.eligible(), desk.seated("ines@example.org")
    text = f"{application.reference};ines@example.org\nNONE;ines@example.org"
    stamp = preview_file(call=desk.call, text=text).stamp
    apply_file(call=desk.call, text=text, stamp=stamp, by=desk.marta, at=timezone.now())
    row = Assignment.objects.get()
    assert (row.user, row.source) == (ines, "file")


def test_what_changed_in_between_applies_nothing(desk):
    application, ines = desk.eligible(), desk.seated("ines@example.org")
    text = f"{application.reference};ines@example.org"
    stamp = preview_file(call=desk.call, text=text).stamp
    application.conflicts.create(user=ines, reason="Kin.", at=timezone.now(), by=desk.marta)
    with pytest.raises(Moved):
        apply_file(call=desk.call, text=text, stamp=stamp, by=desk.marta, at=timezone.now())
    assert not Assignment.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"\xff\xfe\x00", "not UTF-8"), (b"x" * 2_000_001, "2 MB")],
)
def test_a_file_that_is_no_table_is_refused_in_words(content, words):
    with pytest.raises(NotPossible, match=words):
        decode(content)


@pytest.mark.parametrize("text", ["", "\n\n", "a\0b", "reference;e-mail", '"' + "x" * 200_000])
def test_a_table_without_lines_is_refused_in_words(desk, text):
    with pytest.raises(NotPossible):
        preview_file(call=desk.call, text=text)


def test_the_page_shows_first_and_assigns_then(desk, client):
    application = desk.eligible()
    desk.seated("ines@example.org")
    client.force_login(desk.marta)
    url = reverse("admin:calls_call_assign_csv", args=[desk.call.pk])
    text = f"{application.reference};ines@example.org"
    shown = client.post(url, {"file": SimpleUploadedFile("a.csv", text.encode())})
    assert shown.status_code == 200
    assert not Assignment.objects.exists()
    stamp = preview_file(call=desk.call, text=text).stamp
    assert stamp in shown.content.decode()
    done = client.post(url, {"text": text, "stamp": stamp, "confirm": "yes"})
    assert done.status_code == 302
    assert Assignment.objects.count() == 1
    again = client.post(url, {"text": text, "stamp": stamp, "confirm": "yes"})
    assert again.status_code == 409


def test_a_bad_file_keeps_what_was_pasted(desk, client):
    client.force_login(desk.marta)
    url = reverse("admin:calls_call_assign_csv", args=[desk.call.pk])
    page = client.post(url, {"text": "only words"})
    assert page.status_code == 422
    assert "only words" in page.content.decode()
