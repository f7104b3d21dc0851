"""Anybody can check a receipt, a PDF or a sealed copy; nobody learns more than that it matches."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from calls.models import Application, Printout, Snapshot
from calls.operations.applications import save_answers
from calls.operations.submission import submit
from tests.calls.worlds import World, small_world

pytestmark = pytest.mark.django_db
VERIFY = "/verify/"
NONE = "No submission here has this fingerprint"


@pytest.fixture
def world() -> World:
    return small_world()


@pytest.fixture
def sent(world) -> Application:
    draft = world.complete()
    submit(application=draft, version=None, by=world.officer, at=timezone.now())
    draft.refresh_from_db()
    return draft


def upload(client, data: bytes, name: str = "copy.pdf"):
    return client.post(VERIFY, {"copy": SimpleUploadedFile(name, data)})


def test_a_fingerprint_matches_its_submission(client, world, sent):
    snapshot = Snapshot.objects.get()
    text = client.get(VERIFY, {"fingerprint": snapshot.sha256}).content.decode()
    local = snapshot.received_at.astimezone(world.call.zone_info)
    assert f"It matches submission 1 of {sent.reference}" in text
    assert "It is the last one that was received." in text
    assert "Ale municipality" in text
    assert f"{local:%H:%M:%S}" in text
    assert f"{snapshot.received_at:%H:%M:%S}" in text


@pytest.mark.parametrize("write", [str.upper, lambda sha: " ".join(sha[n : n + 8] for n in range(0, 64, 8)),
                                   lambda sha: f"\t{sha[:32]}\n{sha[32:]} "])  # fmt: skip
def test_blanks_and_capitals_do_not_matter(client, sent, write):
    typed = write(Snapshot.objects.get().sha256)
    assert "It matches submission 1" in client.get(VERIFY, {"fingerprint": typed}).content.decode()


def test_the_link_of_a_receipt_answers_at_once(client, sent):
    url = reverse("calls:verify_this", args=[Snapshot.objects.get().sha256])
    assert "It matches submission 1" in client.get(url).content.decode()


def test_the_pdf_and_the_sealed_copy_are_checked_by_their_bytes(client, world, sent):
    client.force_login(world.officer)
    made = client.get(reverse("calls:pdf", args=[sent.reference])).content
    sealed = Snapshot.objects.get().content.encode()
    client.logout()
    for data in (made, sealed):
        assert f"It matches submission 1 of {sent.reference}" in upload(client, data).content.decode()
        assert NONE in upload(client, data + b" ").content.decode()
    assert Printout.objects.get().sha256 == hashlib.sha256(made).hexdigest()


def test_an_earlier_submission_says_that_a_later_one_exists(client, world, sent):
    first = Snapshot.objects.get()
    save_answers(
        application=sent,
        answers={"summary": "New."},
        version=sent.version,
        by=world.officer,
        at=timezone.now(),
    )
    sent.refresh_from_db()
    submit(application=sent, version=sent.version, by=world.officer, at=timezone.now())
    text = client.get(VERIFY, {"fingerprint": first.sha256}).content.decode()
    assert "A later one was received: submission 2." in text


def test_one_sign_that_differs_matches_nothing(client, sent):
    sha256 = Snapshot.objects.get().sha256
    wrong = ("0" if sha256[0] != "0" else "1") + sha256[1:]
    response = client.get(VERIFY, {"fingerprint": wrong})
    assert response.status_code == 200
    assert NONE in response.content.decode()
    assert sent.reference not in response.content.decode()


def test_nothing_but_the_match_is_told(client, world, sent):
    text = client.get(VERIFY, {"fingerprint": Snapshot.objects.get().sha256}).content.decode()
    for secret in ("Youth in local decisions", "Young people", "Karin", world.officer.email):
        assert secret not in text.split("<main")[1].split("by-fingerprint")[0]


@pytest.mark.parametrize(
    "typed",
    [
        "x",
        "ab" * 31,
        "ab" * 33,
        "g" * 64,
        "é" * 64,
        "١" * 64,
        " ",
        "a" * 10_000,
        "<script>",
        "' OR 1=1",
    ],
)
def test_what_is_no_fingerprint_is_said_in_a_sentence(client, typed):
    response = client.get(VERIFY, {"fingerprint": typed})
    assert response.status_code == 422
    assert "fingerprint" in response.content.decode()
    assert "<script>alert" not in response.content.decode()


@pytest.mark.parametrize("data", [{}, {"copy": "text"}, {"fingerprint": "x"}])
def test_without_a_file_the_page_asks_for_one(client, data):
    response = client.post(VERIFY, data)
    assert response.status_code == 422
    assert "Choose the file that you want to check." in response.content.decode()


def test_an_empty_or_too_large_file_is_refused(client, settings):
    assert "This file is empty." in upload(client, b"").content.decode()
    settings.UPLOAD_MAX_BYTES = 1_000
    response = upload(client, b"x" * 2_000)
    assert response.status_code in (413, 422)


def test_asking_changes_nothing_and_takes_few_queries(client, sent, django_assert_num_queries):
    sha256 = Snapshot.objects.get().sha256
    client.get(VERIFY)
    with django_assert_num_queries(0):
        client.get(VERIFY)
    with django_assert_num_queries(2):
        client.get(VERIFY, {"fingerprint": sha256})
    with django_assert_num_queries(1):
        client.get(VERIFY, {"fingerprint": "ab" * 32})
