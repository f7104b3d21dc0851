"""The PDF of a submission: what reviewers read, made once, for those who may read the application."""

import hashlib
import io

import pikepdf
import pytest
from django.urls import reverse
from django.utils import timezone

from calls.models import Application, CallText, Printout, Snapshot
from calls.operations.applications import add_partner, save_answers
from calls.operations.printing import press_missing
from calls.operations.submission import submit
from calls.queries.submitted import latest_submission
from tests.calls.printing.reading import tags_of, text_of
from tests.calls.worlds import World, small_world
from tests.factories import QuestionFactory, SectionFactory, UserFactory

pytestmark = pytest.mark.django_db
HOSTILE = "#let $x$ @a *b* `c` <script>alert(1)</script> \\ 中 😀 مرحبا"


@pytest.fixture
def world() -> World:
    return small_world()


def sent_by(world: World, draft: Application) -> Application:
    draft.refresh_from_db()
    submit(application=draft, version=None, by=world.officer, at=timezone.now())
    draft.refresh_from_db()
    return draft


@pytest.fixture
def sent(world) -> Application:
    draft = world.complete()
    add_partner(application=draft, city=world.gaborone, by=world.officer, at=timezone.now())
    return sent_by(world, draft)


def pdf_of(client, application: Application, query: str = "") -> bytes:
    response = client.get(reverse("calls:pdf", args=[application.reference]) + query)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith(f'attachment; filename="{application.reference}-')
    assert response["Cache-Control"] == "no-store, private"
    return response.content


def words(made: bytes) -> str:
    return " ".join(text_of(made))


def test_it_says_what_reviewers_read_and_names_its_fingerprint_on_each_page(client, world, sent):
    client.force_login(world.officer)
    made = pdf_of(client, sent)
    text, said = words(made), latest_submission(sent)
    for section in said.sections:
        assert section.title in text
        for row in section.answers:
            assert row.asked in text
            assert row.answer in text
    for line in (said.lead, *said.partners, said.verdict, *(row.headline for row in said.findings)):
        assert " ".join(line.split()) in text
    snapshot = said.snapshot
    for page in text_of(made):
        assert f"{sent.reference}, submission 1" in page
        assert snapshot.sha256 in page
        assert f".{snapshot.received_at:%f} Stockholm" in page


def test_headings_tables_and_lists_can_be_walked_by_a_screen_reader(client, world):
    sources = [{"value": "grant", "label": {"en": "Grant"}, "role": "grant"}]
    categories = [{"value": "travel", "label": {"en": "Travel"}}]
    QuestionFactory(
        section=world.section, key="budget", type="budget", labels={"en": "Budget"}, position=6,
        settings={"categories": categories, "sources": sources},
    )  # fmt: skip
    row = {"category": "travel", "what": "Visits", "party": "lead", "amount-grant": "900"}
    sent = sent_by(world, world.draft(title="Youth", summary="Short.", budget=[row]))
    client.force_login(world.officer)
    made = pdf_of(client, sent)
    tags = tags_of(made)
    assert {"Title", "H1", "H2", "P", "Table", "THead", "TH", "TD", "Link"} <= tags
    assert "Visits" in words(made)
    assert "Travel" in words(made)


def test_it_is_accessible_and_in_the_applications_language(client, world):
    draft = world.complete()
    Application.objects.filter(pk=draft.pk).update(language="sv")
    CallText.objects.create(
        call=world.call, language="sv", title="Kommunalt partnerskap", summary="x", body="x"
    )
    sent_by(world, draft)
    client.force_login(world.officer)
    made = pdf_of(client, draft)
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "sv"
        assert "Youth in local decisions" in str(pdf.docinfo.Title)
    assert "Kommunalt partnerskap" in words(made)


def test_it_is_made_once_and_stays_what_it_was(client, world, sent):
    client.force_login(world.officer)
    first = pdf_of(client, sent)
    CallText.objects.update(title="Renamed since")
    assert pdf_of(client, sent) == first
    row = Printout.objects.get()
    assert row.sha256 == hashlib.sha256(first).hexdigest()


def test_what_nobody_asked_for_is_pressed_in_the_background(client, world, sent):
    assert press_missing(at=timezone.now()) == 1
    assert press_missing(at=timezone.now()) == 0
    row = Printout.objects.get()
    client.force_login(world.officer)
    assert hashlib.sha256(pdf_of(client, sent)).hexdigest() == row.sha256


def test_one_that_cannot_be_pressed_holds_up_nobody(world, sent):
    sound = Snapshot.objects.get()
    Snapshot.objects.create(
        application=sent, number=2, content="{}", sha256="a" * 64, version=9,
        said_sha256="b" * 64, received_at=timezone.now(), submitted_by=world.officer,
    )  # fmt: skip
    assert press_missing(at=timezone.now()) == 1
    assert Printout.objects.get().snapshot == sound


def test_a_run_ends_in_time(world, sent):
    assert press_missing(at=timezone.now(), seconds=-1) == 0


def test_a_lost_file_is_pressed_anew(client, world, sent, settings, tmp_path):
    client.force_login(world.officer)
    first = pdf_of(client, sent)
    settings.DOCUMENTS_ROOT = str(tmp_path)
    assert pdf_of(client, sent) == first
    assert Printout.objects.count() == 1


def test_each_submission_keeps_its_own(client, world, sent):
    client.force_login(world.officer)
    save_answers(
        application=sent,
        answers={"title": "Another title", "summary": "New words."},
        version=sent.version,
        by=world.officer,
        at=timezone.now(),
    )
    assert "New words." not in words(pdf_of(client, sent))
    sent_by(world, sent)
    assert "New words." in words(pdf_of(client, sent))
    earlier = words(pdf_of(client, sent, "?submission=1"))
    assert "Young people decide." in earlier
    assert "Another title" not in earlier
    assert Snapshot.objects.get(number=1).sha256 in earlier


def test_hostile_words_are_printed_and_nothing_fails(client, world):
    QuestionFactory(section=world.section, key="more", labels={"en": HOSTILE}, position=5)
    sent = sent_by(world, world.draft(title=HOSTILE, summary=HOSTILE[:50], more=HOSTILE * 30))
    client.force_login(world.officer)
    text = words(pdf_of(client, sent))
    assert "<script>alert(1)</script>" in text
    assert "*b* `c`" in text


def test_a_preview_is_marked_and_nothing_of_it_is_kept(client, world):
    draft = world.draft(title="Youth")
    client.force_login(world.viewer)
    text = words(pdf_of(client, draft, "?preview"))
    assert "Youth" in text
    assert "This is a draft. It is not submitted and proves nothing." in text
    assert "Draft" in text.replace(" ", "")
    assert not Printout.objects.exists()


def test_a_preview_shows_what_is_written_not_what_was_submitted(client, world, sent):
    save_answers(
        application=sent,
        answers={"summary": "New."},
        version=sent.version,
        by=world.officer,
        at=timezone.now(),
    )
    client.force_login(world.officer)
    assert "New." in words(pdf_of(client, sent, "?preview"))


def test_strangers_get_the_same_404_and_staff_the_same_bytes(client, world, sent):
    client.force_login(world.officer)
    made = pdf_of(client, sent)
    client.force_login(UserFactory(is_staff=True))
    url = reverse("admin:calls_application_pdf", args=[sent.pk])
    assert client.get(url).content == made
    client.force_login(UserFactory())
    assert client.get(reverse("calls:pdf", args=[sent.reference])).status_code == 404


@pytest.mark.parametrize("number", ["0", "2", "x", "-1", "9" * 40, "١"])
def test_a_submission_that_there_is_not_is_404(client, world, sent, number):
    client.force_login(world.officer)
    url = reverse("calls:pdf", args=[sent.reference])
    assert client.get(url, {"submission": number}).status_code == 404


def test_the_titles_are_those_of_the_form_that_asked(world, sent):
    world.call.form_version = 2
    world.call.save(update_fields=["form_version"])
    section = SectionFactory(call=world.call, key="summary", titles={"en": "Corrected"}, version=2)
    QuestionFactory(section=section, key="title", type="text", labels={"en": "Corrected title"})
    Application.objects.filter(pk=sent.pk).update(form_version=2)
    sent.refresh_from_db()
    assert [row.title for row in latest_submission(sent).sections] == ["Summary"]


def test_the_empty_form_has_every_question_with_its_limit(client, world):
    QuestionFactory(
        section=world.section, key="side", type="choice", labels={"en": "Which side?"}, position=7,
        options=[{"value": "a", "label": {"en": "Home"}}, {"value": "b", "label": {"en": "Abroad"}}],
    )  # fmt: skip
    QuestionFactory(section=world.section, key="plan", type="activities", labels={"en": "Plan"}, position=8)
    url = reverse("calls:questions_pdf", args=[world.call.slug])
    made = client.get(url)
    text = words(made.content)
    for line in ("Project title", "at most 50 characters", "Which side?", "Home", "Abroad", "Plan"):
        assert line in text
    assert client.get(url).content == made.content
    assert "made" not in made.cookies


@pytest.mark.parametrize("count", [1, 3, 20])
def test_the_pdf_takes_the_same_queries_for_any_number_of_questions(
    client, world, count, django_assert_num_queries
):
    for number in range(count):
        QuestionFactory(section=world.section, key=f"more-{number}", position=number + 5)
    draft = world.draft(
        title="Youth", summary="Short.", **{f"more-{number}": "Words." for number in range(count)}
    )
    sent_by(world, draft)
    client.force_login(world.officer)
    with django_assert_num_queries(17):
        pdf_of(client, draft, "?preview")
    pdf_of(client, draft)
    with django_assert_num_queries(11):
        pdf_of(client, draft)
