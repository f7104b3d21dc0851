"""The documents page and the files it sends: what is asked, what is typed, who may fetch what."""

import resource
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from calls.models import Application, ApplicationPartner, Document, TeamMember
from calls.operations.documents import remove_document
from calls.operations.submission import submit
from tests.calls.document_world import Papers, files_kept, papers
from tests.cooperation.documents.hostile import NAMES, hostile_files
from tests.cooperation.documents.samples import pdf, picture
from tests.factories import CityFactory, MembershipFactory, UserFactory
from tests.pages import said, steady
from tests.quick import one_in

pytestmark = pytest.mark.django_db
HOSTILE = {row.label: row for row in hostile_files()}


@pytest.fixture
def made(settings, tmp_path) -> Papers:
    settings.DOCUMENTS_ROOT = str(tmp_path)
    return papers()


@pytest.fixture
def officer(client, made) -> Client:
    client.force_login(made.officer)
    return client


def send(client: Client, made: Papers, data: bytes, slot: str = "letter", name: str = "a.pdf", **more):
    file = SimpleUploadedFile(name, data, content_type="application/pdf")
    return client.post(made.page, {"do": "add", "for": slot, "file": file, **more})


def sent(made: Papers) -> None:
    made.attach()
    submit(application=made.application, version=None, by=made.officer, at=timezone.now())


# --- the page -----------------------------------------------------------------------------------------------


def test_the_page_says_what_is_asked_of_whom_until_when(officer, made):
    made.attach()
    page = said(officer.get(made.page))
    assert "1 of 3 required documents are attached. 2 may follow." in page
    assert page.count("May follow until") == 1
    assert "Gaborone" in page
    assert "1 page" in page
    assert "Karin Lindqvist" in page


def test_a_form_opens_beside_its_party_and_asks_who_signed(officer, made):
    page = said(officer.get(made.page, {"for": "letter.gaborone"}))
    assert 'name="for" value="letter.gaborone"' in page
    assert 'enctype="multipart/form-data"' in page
    assert "Mayor" in page
    assert "Signed by" not in said(officer.get(made.page, {"for": "budget"}))


def test_attaching_shows_the_file_at_its_place(officer, made):
    response = send(officer, made, pdf(), "letter.gaborone", "Carta aval.pdf", signatory="Thabo Molefe")
    assert response.status_code == 302
    assert response.url == f"{made.page}#letter.gaborone"
    page = said(officer.get(made.page))
    assert "“Carta aval.pdf” is attached." in page
    assert "Signed by Thabo Molefe" in page


def test_replacing_and_taking_out_ask_first(officer, made):
    first = made.attach("letter")
    assert "In the place of “a.pdf”" in said(officer.get(made.page, {"for": "letter", "replaces": first.pk}))
    send(officer, made, pdf(pages=2), replaces=str(first.pk))
    [second] = Document.objects.kept()
    assert second.pages == 2
    assert "Take out “a.pdf”?" in said(officer.get(made.page, {"remove": second.pk}))
    assert Document.objects.kept().exists()
    officer.post(made.page, {"do": "remove", "document": second.pk})
    assert not Document.objects.kept().exists()
    again = officer.post(made.page, {"do": "remove", "document": second.pk})
    assert again.status_code == 409
    assert "taken out in the meantime" in said(again)


def test_a_date_that_cannot_be_read_does_not_lose_the_file(officer, made):
    response = send(officer, made, pdf(), signatory="Anna Berg", signed_on="tomorrow")
    assert response.status_code == 422
    page = said(response)
    assert "“a.pdf” is attached." in page
    assert "“tomorrow” is not a date" in page
    assert 'value="Anna Berg"' in page
    document = Document.objects.get()
    officer.post(
        made.page,
        {"do": "describe", "document": document.pk, "signatory": "Anna Berg", "signed_on": "2026-11-20"},
    )
    document.refresh_from_db()
    assert document.signed_on.isoformat() == "2026-11-20"


def test_readers_see_files_and_no_forms(client, made):
    made.attach()
    client.force_login(made.world.viewer)
    page = said(client.get(made.page, {"for": "letter"}))
    assert "a.pdf" in page
    assert "Attach a file" not in page
    assert "multipart" not in page
    assert send(client, made, pdf()).status_code == 403
    assert Document.objects.count() == 1


def test_editors_of_the_team_attach(client, made):
    person = UserFactory()
    TeamMember.objects.create(
        application=made.application, email=person.email, role="editor", user=person, token_hash="x",
        invited_at=timezone.now(), invited_by=made.officer, expires_at=timezone.now(),
        accepted_at=timezone.now(),
    )  # fmt: skip
    client.force_login(person)
    assert send(client, made, pdf()).status_code == 302


def test_after_the_submission_files_are_marked(officer, made):
    sent(made)
    send(officer, made, pdf())
    assert said(officer.get(made.page)).count("After the submission") == 1


def test_a_call_without_documents_says_so(officer, made):
    made.section.delete()
    assert "This call asks for no documents" in said(officer.get(made.page))


@pytest.mark.parametrize("partners", [1, 3, 20])
def test_the_page_costs_the_same_for_many_documents(officer, made, partners, django_assert_num_queries):
    cities = [made.world.gaborone, *CityFactory.create_batch(partners - 1)]
    for city in cities[1:]:
        ApplicationPartner.objects.create(application=made.application, city=city)
    for city in cities:
        made.attach(f"letter.{city.slug}")
    with django_assert_num_queries(13):
        assert officer.get(made.page).status_code == 200


# --- what can go wrong --------------------------------------------------------------------------------------


@pytest.mark.parametrize("label", one_in(HOSTILE.keys()))
def test_hostile_files_through_the_page(officer, made, label):
    """Refused with a sentence beside the field, all else that was typed kept; or clean."""
    row = HOSTILE[label]
    response = send(officer, made, row.data, name=row.name or "a", signatory="Anna <b>Berg")
    if row.code is None:
        assert response.status_code == 302
        assert Document.objects.get().sha256
        return
    assert response.status_code == 422
    page = said(response)
    assert 'class="error-summary"' in page
    assert "Anna &lt;b&gt;Berg" in page
    assert not files_kept()
    assert not Document.objects.exists()


@pytest.mark.parametrize("label", one_in(NAMES.keys()))
def test_odd_names_through_the_page(officer, made, label):
    given, _kept = NAMES[label]
    boundary = "limit"
    head = f'Content-Disposition: form-data; name="file"; filename="{given}"\r\n'.encode(errors="replace")
    fields = b"".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in [("do", "add"), ("for", "letter")]
    )
    body = fields + b"--limit\r\n" + head + b"\r\n" + pdf() + b"\r\n--limit--\r\n"
    response = officer.post(made.page, body, content_type=f"multipart/form-data; boundary={boundary}")
    assert response.status_code in (302, 422)
    assert "\n" not in "".join(Document.objects.values_list("name", flat=True))
    if response.status_code == 302:
        [document] = Document.objects.all()
        download = officer.get(f"{made.page}{document.pk}/")
        assert download["Content-Disposition"].startswith("attachment; filename")


WORDS = {
    "nul": "Anna\x00Berg",
    "surrogate": "Anna \ud800",
    "markup": "<script>alert(1)</script>",
    "formula": "=HYPERLINK(1)",
    "turned": "Anna \u202egreB",
    "long": "x" * 100_000,
    "percent": "%(name)s {0} %s",
    "lines": "Anna\r\nBerg",
    "digits": "9" * 5_000,
    "impossible day": "2026-02-30",
    "far day": "99999-01-01",
}


@pytest.mark.parametrize("label", one_in(WORDS.keys()))
def test_odd_words_about_a_file_keep_the_file(officer, made, label):
    said = {name: WORDS[label].encode(errors="replace").decode() for name in ("signatory", "function")}
    said |= {"signed_on": WORDS[label].encode(errors="replace").decode(), "language": said["function"]}
    assert send(officer, made, pdf(), **said).status_code in (302, 422)
    document = Document.objects.get()
    response = officer.post(made.page, {"do": "describe", "document": document.pk, **said})
    assert response.status_code == 422
    assert b"<script>alert" not in response.content
    assert officer.get(made.page).status_code == 200


def test_more_text_than_any_field_takes_is_refused(officer, made):
    response = officer.post(made.page, {"do": "add", "for": "letter", "signatory": "x" * 3_000_000})
    assert response.status_code == 400


def test_a_missing_file_and_a_wrong_field(officer, made):
    empty = officer.post(made.page, {"do": "add", "for": "letter", "signatory": "Anna Berg"})
    assert empty.status_code == 422
    assert "Choose a file on your computer." in said(empty)
    assert 'value="Anna Berg"' in said(empty)
    text = officer.post(made.page, {"do": "add", "for": "letter", "file": "letter.pdf"})
    assert text.status_code == 422
    other = officer.post(made.page, {"do": "add", "for": "letter", "document": SimpleUploadedFile("a", b"x")})
    assert other.status_code == 422


@pytest.mark.parametrize("slot", ["", "unknown", "\x00", "letter.nowhere", "x" * 5_000])
def test_an_unknown_document_is_asked_for(officer, made, slot):
    response = send(officer, made, pdf(), slot)
    assert response.status_code == 422
    assert "Choose first which document this is." in said(response)


@pytest.mark.parametrize("key", ["", "x", "\x00", "9" * 40, "00000000-0000-0000-0000-000000000000"])
@pytest.mark.parametrize("step", ["remove", "describe"])
def test_an_unknown_file_is_no_fault(officer, made, step, key):
    assert officer.post(made.page, {"do": step, "document": key}).status_code == 409
    if "\x00" not in key:
        assert officer.get(made.page, {step: key}).status_code == 200


def test_another_applications_file_cannot_be_named(officer, made):
    others = made.attach()
    Document.objects.update(application=other_application(made))
    for data in [{"do": "remove", "document": others.pk}, {"do": "describe", "document": others.pk}]:
        assert officer.post(made.page, data).status_code == 409
    assert Document.objects.kept().exists()


def other_application(made: Papers) -> Application:
    from tests.factories import ApplicationFactory

    return ApplicationFactory()


def test_ten_megabytes_and_one_byte_are_said_to_be_too_large(officer, made):
    response = send(officer, made, pdf() + b"\n" * 10 * 1024**2, signatory="Anna Berg")
    assert response.status_code == 422
    assert "larger than 10\xa0MB" in response.content.decode()
    assert 'value="Anna Berg"' in said(response)


def test_more_than_any_form_takes_is_refused_unread(officer, made):
    response = officer.post(made.page, b"x", content_type="multipart/form-data", CONTENT_LENGTH=40 * 1024**2)
    assert response.status_code == 413
    assert "At most" in said(response) or "at most" in said(response)


def body(*parts: bytes) -> bytes:
    return b"".join(b"--limit\r\n" + part for part in parts)


FIELD = b'Content-Disposition: form-data; name="for"\r\n\r\nletter\r\n'
FILE = b'Content-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'


@pytest.mark.parametrize(
    ("label", "data"),
    [
        ("cut in the file", body(FIELD, FILE + pdf()[:200])),
        ("cut in the head", body(FIELD, FILE[:30])),
        ("no end", body(FIELD)),
        ("nothing", b""),
        ("no boundary", b"hello"),
        ("many files", body(FIELD, *[FILE + b"x\r\n"] * 9) + b"--limit--"),
        ("odd encoding", body(FIELD, b"Content-Transfer-Encoding: base64\r\n" + FILE + b"%%%\r\n")),
        ("huge head", body(FIELD, b"X: " + b"y" * 70_000 + b"\r\n" + FILE + b"x\r\n")),
    ],
)
def test_requests_that_arrive_in_pieces(officer, made, label, data):
    response = officer.post(made.page, data, content_type="multipart/form-data; boundary=limit")
    assert 400 <= response.status_code < 500
    assert "<h1" in response.content.decode()
    assert not Document.objects.exists()


def test_a_full_disk_says_so_and_keeps_what_was_typed(officer, made):
    data = pdf(pages=3)
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, old[1]))
    try:
        response = send(officer, made, data, signatory="Anna Berg")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
    assert response.status_code == 507
    assert "no room for this file" in said(response)
    assert 'value="Anna Berg"' in said(response)
    assert not files_kept()


def test_after_the_deadline_a_draft_takes_nothing(officer, made):
    made.world.call.closes_at = timezone.now() - timedelta(hours=1)
    made.world.call.opens_at = made.world.call.closes_at - timedelta(days=30)
    made.world.call.save()
    response = send(officer, made, pdf())
    assert response.status_code == 409
    assert "takes nothing for drafts" in said(response)


# --- fetching -----------------------------------------------------------------------------------------------


def test_a_file_is_sent_as_an_attachment_that_nothing_runs(officer, made):
    data = pdf()
    document = made.attach("letter", "Carta “aval” é.pdf", data)
    response = officer.get(f"{made.page}{document.pk}/")
    assert b"".join(response.streaming_content) == data
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    assert response["Cache-Control"] == "no-store, private"
    kind, _, name = response["Content-Disposition"].partition("; filename*=utf-8''")
    assert kind == "attachment"
    assert unquote(name) == "Carta “aval” é.pdf"


def test_only_people_of_the_application_and_staff_once_submitted_fetch_it(made):
    document = made.attach()
    address = f"{made.page}{document.pk}/"
    outsider = MembershipFactory().user
    staff = UserFactory(is_staff=True)
    unverified = MembershipFactory(organisation=made.world.lead, verified_at=None, verified_by=None).user
    inactive = made.world.approver
    type(inactive).objects.filter(pk=inactive.pk).update(is_active=False)

    def status(person) -> int:
        client = Client()
        if person:
            client.force_login(person)
        return client.get(address).status_code

    readers = [made.officer, made.world.viewer]
    assert [status(person) for person in readers] == [200, 200]
    assert [status(person) for person in (outsider, unverified, staff)] == [404] * 3
    assert [status(person) for person in (None, inactive)] == [302] * 2
    submit_with(made)
    assert [status(person) for person in (*readers, staff, outsider)] == [200, 200, 200, 404]


def submit_with(made: Papers) -> None:
    submit(application=made.application, version=None, by=made.officer, at=timezone.now())


def test_a_404_is_the_same_whether_the_file_is_there_or_not(client, made):
    document = made.attach()
    client.force_login(MembershipFactory().user)
    there = client.get(f"{made.page}{document.pk}/")
    nobody = "00000000-0000-0000-0000-000000000000"
    gone = client.get(f"{made.page}{nobody}/")
    assert there.status_code == gone.status_code == 404
    pages = [steady(response.content.decode()) for response in (there, gone)]
    assert pages[0].replace(str(document.pk), nobody) == pages[1]


def test_a_file_is_fetched_at_its_own_application_only(officer, made):
    document = made.attach()
    assert officer.get(f"/applications/OTHER-1/documents/{document.pk}/").status_code == 404


def test_what_was_taken_out_is_fetched_only_as_part_of_a_submission(officer, made):
    draft_only = made.attach("letter")
    remove_document(document=draft_only, by=made.officer, at=timezone.now())
    assert officer.get(f"{made.page}{draft_only.pk}/").status_code == 404
    submitted = made.attach()
    submit_with(made)
    remove_document(document=submitted, by=made.officer, at=timezone.now())
    assert officer.get(f"{made.page}{submitted.pk}/").status_code == 200


def test_a_lost_file_is_a_404(officer, made):
    document = made.attach()
    for path in files_kept():
        path.unlink()
    assert officer.get(f"{made.page}{document.pk}/").status_code == 404


def test_a_picture_is_sent_without_what_followed_it(officer, made):
    send(officer, made, picture() + b"<script>alert(1)</script>", name="photo.pdf")
    document = Document.objects.get()
    assert document.name == "photo.jpg"
    response = officer.get(f"{made.page}{document.pk}/")
    assert b"script" not in b"".join(response.streaming_content)
    assert response["Content-Type"] == "image/jpeg"


def test_staff_see_what_was_submitted_and_what_came_later(client, made):
    made.attach("letter.gaborone", "Carta.pdf")
    gone = made.attach(name="Presupuesto.pdf")
    submit_with(made)
    made.attach("letter", "Later.pdf", at=timezone.now())
    remove_document(document=gone, by=made.officer, at=timezone.now())
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    page = said(client.get(reverse("admin:calls_application_change", args=[made.application.pk])))
    assert "Carta.pdf" in page
    assert "Submitted, and taken out since" in page
    assert "Presupuesto.pdf" in page
    assert page.count("After the submission") == 1
    for document in Document.objects.all():
        assert client.get(f"{made.page}{document.pk}/").status_code == 200
