"""The page behind a partner's link: no account, exactly the text, nothing kept by browsers, nothing lost."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from calls.models import Application, ApplicationPartner, Call, Consent, Document, PartnerInvitation
from calls.operations.applications import remove_partner, withdraw
from calls.operations.submission import submit
from cooperation.notifications.models import Message
from partnerships.models import City
from tests.calls.consent_world import DECLINES, PROPOSES, TYPED, Asked, ask, asked
from tests.calls.worlds import World, small_world
from tests.cooperation.documents.samples import picture
from tests.factories import CityFactory, QuestionFactory
from tests.pages import said
from tests.quick import AMOUNTS

pytestmark = pytest.mark.django_db

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\n"
    b"xref\n0 4\n0000000000 65535 f \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n0\n%%EOF\n"
)


@pytest.fixture
def world() -> World:
    return small_world()


@pytest.fixture
def gaborone(world) -> Asked:
    return asked(world)


@pytest.fixture
def open_link(world) -> Asked:
    draft = world.complete()
    return Asked(world, draft, *ask(world, None))


# --- reading ------------------------------------------------------------------------------------------------


def test_the_page_shows_who_asks_exactly_what_and_until_when(client, gaborone):
    text = said(client.get(gaborone.path))
    assert "Does Gaborone agree to this application?" in text
    assert "Karin Lindqvist" in text
    assert "Youth in local decisions" in text
    assert "Young people decide." in text
    assert "Ale municipality (Sweden), leads" in text
    assert "Gaborone (Botswana), partner" in text
    assert all(place in text for place in ("Stockholm", "Gaborone", "UTC"))
    assert all(f"<li>{gaborone.now[start : start + 8]}</li>" in text for start in range(0, 64, 8))


def test_a_table_is_shown_whole_with_the_partners_names(client, world):
    QuestionFactory(
        section=world.section,
        key="plan",
        type="activities",
        labels={"en": "Plan"},
        position=5,
    )
    found = asked(world)
    row = {"what": "Workshop", "where": "gaborone", "from": "2027-02-01", "to": "2027-02-05"}
    Application.objects.update(answers={"title": "T", "summary": "S", "plan": [row]})
    text = said(client.get(found.path))
    assert "<table" in text
    assert "Workshop" in text
    assert "1 February 2027" in text


def test_what_is_not_material_is_not_shown(client, world):
    QuestionFactory(section=world.section, key="secret", material=False, position=7)
    found = asked(world)
    found.edit(secret="For ourselves")
    assert "For ourselves" not in said(client.get(found.path))


def test_nothing_of_the_page_is_kept_indexed_or_referred(client, gaborone):
    for response in (client.get(gaborone.path), client.post(gaborone.path, {})):
        assert response["Cache-Control"] == "no-store, private"
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert response["Referrer-Policy"] == "same-origin"


def test_looking_changes_nothing(client, gaborone):
    before = PartnerInvitation.objects.values().get(), Application.objects.values().get()
    for _number in range(3):
        assert client.get(gaborone.path).status_code == client.head(gaborone.path).status_code == 200
    assert (PartnerInvitation.objects.values().get(), Application.objects.values().get()) == before


@pytest.mark.parametrize(("prefix", "words"), [("/es", "firma"), ("/sv", "Gaborone")])
def test_the_page_speaks_the_portals_languages(client, gaborone, prefix, words):
    response = client.get(f"{prefix}{gaborone.path}")
    assert f'lang="{prefix[1:]}"' in said(response)
    assert client.get(f"{prefix}{gaborone.path}").context["page"].agreement.sha256 == gaborone.now


def test_unknown_links_look_like_any_page_that_is_not_there(client, gaborone):
    nowhere = client.get("/applications-that-are-not-there/")
    for token in ("x" * 43, "short", "x" * 3_000):
        for response in (client.get(f"/consent/{token}/"), client.post(f"/consent/{token}/", TYPED)):
            assert response.status_code == nowhere.status_code == 404
    assert not Consent.objects.exists()


def test_the_page_needs_the_forms_protection(gaborone):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(gaborone.path, gaborone.form()).status_code == 403
    assert not Consent.objects.exists()


# --- answering ----------------------------------------------------------------------------------------------


def test_a_city_agrees_and_sees_it(client, gaborone):
    response = client.post(gaborone.path, gaborone.form(), follow=True)
    text = said(response)
    assert response.redirect_chain == [(f"{gaborone.path}#standing", 302)]
    assert "Gaborone agrees to this application" in text
    assert "a copy went to clerk@example.org" in text
    assert "Agreed to this text" in text
    assert "Thabo Molefe, Town Clerk" in text
    consent = Consent.objects.get()
    evidence = client.get(f"{gaborone.path}?text={consent.sha256}")
    assert hashlib.sha256(evidence.content).hexdigest() == consent.sha256
    assert evidence["Content-Disposition"].startswith("attachment; filename=")
    assert evidence["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize(
    ("answer", "note", "words"),
    [("declined", "No time.", "Declined"), ("change", "Name the council.", "Proposes a change")],
)
def test_a_city_declines_or_proposes_a_change(client, gaborone, answer, note, words):
    text = said(client.post(gaborone.path, gaborone.form(answer=answer, note=note), follow=True))
    assert words in text
    assert note in text
    lead = Message.objects.filter(kind="consent_answer").first()
    assert f"> {note}" in lead.body


def test_an_edit_in_between_is_shown_and_nothing_typed_is_lost(client, gaborone):
    form = gaborone.form(note="My thoughts")
    gaborone.edit(summary="Old people decide.")
    response = client.post(gaborone.path, form)
    text = said(response)
    assert response.status_code == 409
    assert "The text changed while you were reading." in text
    assert "What changed while you were reading" in text
    assert "Young people decide." in text
    assert "Old people decide." in text
    assert 'value="Thabo Molefe"' in text
    assert "My thoughts" in text
    assert 'name="confirm" checked' not in text
    assert not Consent.objects.exists()
    again = {**form, "seen": response.context["page"].agreement.sealed}
    assert client.post(gaborone.path, again).status_code == 302
    assert Consent.objects.get().sha256 == gaborone.now


def test_a_text_nobody_was_shown_is_not_agreed_to(client, gaborone):
    for seen in ("", "evil", gaborone.now, "\x00"):
        assert client.post(gaborone.path, gaborone.form(seen=seen)).status_code in {409, 422}
    assert not Consent.objects.exists()


def test_a_material_edit_shows_both_texts_side_by_side(client, gaborone):
    client.post(gaborone.path, gaborone.form())
    gaborone.edit(summary="Old people decide.")
    text = said(client.get(gaborone.path))
    assert "Agreed to an earlier text" in text
    assert "What changed since your city agreed" in text
    assert text.index("Young people decide.") < text.index("Old people decide.")
    old = Consent.objects.get().sha256
    assert json.loads(client.get(f"{gaborone.path}?text={old}").content)["answers"][1]["answer"] == (
        "Young people decide."
    )
    assert client.post(gaborone.path, gaborone.form(), follow=True).context["page"].state == "agreed"


def test_another_text_is_not_downloaded(client, gaborone):
    for sha256 in ("0" * 64, "", "\x00", "../etc"):
        assert client.get(gaborone.path, {"text": sha256}).status_code in {400, 404}


def test_a_signed_letter_is_kept_with_the_answer(client, gaborone, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    letter = SimpleUploadedFile("letter.pdf", PDF)
    assert client.post(gaborone.path, gaborone.form(letter=letter)).status_code == 302
    document = Document.objects.get()
    assert Consent.objects.get().letter == document
    assert (document.sort, document.city, document.uploaded_by) == (
        "consent_letter",
        gaborone.world.gaborone,
        None,
    )
    assert (document.signatory, document.function) == ("Thabo Molefe", "Town Clerk")


@pytest.mark.parametrize(("name", "data"), [("letter.pdf", PDF), ("letter.jpg", picture())])
def test_a_letter_sent_twice_is_one_answer(client, gaborone, settings, tmp_path, name, data):
    settings.MEDIA_ROOT = str(tmp_path)
    for _click in range(2):
        letter = SimpleUploadedFile(name, data)
        assert client.post(gaborone.path, gaborone.form(letter=letter)).status_code == 302
    assert Consent.objects.count() == Document.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("letter.pdf", b"", "The file is empty."),
        ("letter.pdf", b"MZ\x90\x00 program", "This is a program."),
        ("letter.pdf", b"<html><script>alert(1)</script>", "This is a web page"),
        ("letter.pdf", PDF[:60], "damaged"),
        ("letter.pdf", b"%PDF-" + b"x" * (10 * 1024**2), "The file is larger than"),
    ],
)
def test_a_letter_that_is_not_taken_loses_nothing_else(client, gaborone, name, data, sentence):
    response = client.post(gaborone.path, gaborone.form(letter=SimpleUploadedFile(name, data)))
    text = said(response)
    assert response.status_code == 422
    assert sentence in text
    assert 'value="Thabo Molefe"' in text
    assert not Consent.objects.exists()
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("typed", "sentence", "kept"),
    [
        ({"answer": ""}, "Choose one of the three answers.", 'value="Town Clerk"'),
        ({"answer": "evil"}, "Choose one of the three answers.", 'value="Town Clerk"'),
        ({"signatory": " "}, "Write your first and last name.", 'value="Town Clerk"'),
        ({"function": ""}, "Write in which function", 'value="Thabo Molefe"'),
        ({"confirm": ""}, "Tick this box", 'value="Thabo Molefe"'),
        ({"answer": "declined"}, "Write why, in a sentence", 'value="Thabo Molefe"'),
        ({"answer": "change", "note": "  "}, "Write what should be changed.", 'value="Thabo Molefe"'),
        ({"signatory": "Tha\x00bo"}, "held a character that cannot be kept", 'value="Thabo"'),
        ({"function": "\u202ekrelC"}, "held a character that cannot be kept", 'value="krelC"'),
        ({"signatory": "ö" * 201}, "Shorten this to 200 characters.", "ö" * 201),
        ({"answer": "change", "note": "ö" * 10_001}, "Shorten this to 10,000 characters.", "ö" * 10_001),
        ({"note": "<script>alert(1)</script>", "confirm": ""}, "Tick this box", "&lt;script&gt;alert"),
    ],
)
def test_what_cannot_be_recorded_is_said_and_shown_again(client, gaborone, typed, sentence, kept):
    response = client.post(gaborone.path, gaborone.form(**typed))
    text = said(response)
    assert response.status_code == 422
    assert "<title>Error:" in text
    assert sentence in text
    assert kept in text
    assert "<script>alert" not in text
    assert "\x00" not in text
    assert not Consent.objects.exists()


def test_ten_megabytes_are_refused_in_words(client, gaborone):
    response = client.post(gaborone.path, gaborone.form(note="ö" * 5_000_000))
    assert response.status_code in {400, 413}
    assert "<h1" in said(response)


def test_a_thousand_fields_and_strange_bodies_are_refused_in_words(client, gaborone):
    many = {f"field-{number}": "x" for number in range(2_001)}
    assert client.post(gaborone.path, many).status_code == 400
    for body, kind in (
        (b"\xff\x00", "multipart/form-data"),
        (b"signatory=%ED%A0%80", "application/x-www-form-urlencoded"),
    ):
        assert client.generic("POST", gaborone.path, body, kind).status_code in {400, 422}


# --- states in which nothing is asked -----------------------------------------------------------------------


def test_after_the_deadline_the_page_is_read_only(client, gaborone):
    form = gaborone.form()
    Call.objects.update(closes_at=timezone.now() - timedelta(seconds=1))
    text = said(client.get(gaborone.path))
    assert "The call closed. What you answered stays as it is." in text
    assert "<h2>Closed</h2>" in text
    assert "Send this answer" not in text
    assert "Young people decide." in text
    refused = client.post(gaborone.path, form)
    assert refused.status_code == 409
    assert 'value="Thabo Molefe"' in said(refused)
    assert not Consent.objects.exists()


def test_a_withdrawn_application_says_so(client, world, gaborone):
    withdraw(application=gaborone.draft, by=world.officer, at=timezone.now())
    text = said(client.get(gaborone.path))
    assert "withdrew this application. Nothing is asked of you any more." in text
    assert "Send this answer" not in text


def test_what_was_submitted_can_still_be_answered_until_the_deadline(client, world, gaborone):
    submit(application=gaborone.draft, version=None, by=world.officer, at=timezone.now())
    assert client.post(gaborone.path, gaborone.form()).status_code == 302


def test_a_link_that_was_taken_back_says_so(client, world, gaborone):
    form = gaborone.form()
    remove_partner(application=gaborone.draft, city=world.gaborone, by=world.officer, at=timezone.now())
    for response in (client.get(gaborone.path), client.post(gaborone.path, form)):
        assert response.status_code == 410
        assert "took it back" in said(response)
        assert "Young people decide." not in said(response)


def test_a_declined_city_may_think_again(client, gaborone):
    gaborone.reply(DECLINES)
    text = said(client.get(gaborone.path))
    assert "Declined" in text
    assert "No time this year." in text
    assert "Send this answer" in text
    gaborone.reply(PROPOSES)
    assert "Earlier answers" in said(client.get(gaborone.path))


# --- an open link -------------------------------------------------------------------------------------------


def test_the_reader_names_its_city_then_answers(client, world, open_link):
    assert "Which city do you answer for?" in said(client.get(open_link.path))
    data = {"step": "city", "words": "gaborone", "kind": "municipality"}
    assert client.post(open_link.path, data).status_code == 302
    assert open_link.draft.partners.get().city == world.gaborone
    assert client.post(open_link.path, open_link.form()).status_code == 302
    assert Consent.objects.get().city == world.gaborone


def test_of_several_cities_one_is_chosen(client, open_link):
    for region, slug in (("Santa Fe", "rosario-ar"), ("Colonia", "rosario-uy")):
        CityFactory(name="Rosario", slug=slug, region=region, country="AR")
    text = said(client.post(open_link.path, {"step": "city", "words": "Rosario", "kind": "region"}))
    assert "Several cities fit “Rosario”." in text
    client.post(open_link.path, {"step": "city", "words": "rosario-uy", "kind": "region"})
    partner = ApplicationPartner.objects.get()
    assert (partner.city.slug, partner.kind) == ("rosario-uy", "region")


def test_a_city_that_is_not_listed_is_added(client, open_link):
    data = {"step": "city", "words": "Mochudi", "kind": "municipality", "unlisted": "on", "country": "BW"}
    assert client.post(open_link.path, {**data, "population": "44815"}).status_code == 302
    assert ApplicationPartner.objects.get().city == City.objects.get(name="Mochudi", population=44_815)


@pytest.mark.parametrize(
    ("typed", "status", "sentence"),
    [
        ({"words": "", "kind": "region"}, 422, "Write the name of your city."),
        ({"words": "Gaborone"}, 422, "Choose the kind of organisation"),
        ({"words": "Atlantis", "kind": "region"}, 422, "No city is called “Atlantis” here."),
        ({"words": "Atlantis", "kind": "region", "unlisted": "on"}, 422, "Choose the country"),
        ({"words": "A", "kind": "region", "unlisted": "on", "country": "ZZ"}, 422, "Choose the country"),
        (
            {"words": "A", "kind": "region", "unlisted": "on", "country": "BW", "population": "x"},
            422,
            "figures",
        ),
        (
            {"words": "A", "kind": "region", "unlisted": "on", "country": "BW", "population": "-1"},
            422,
            "figures",
        ),
        (
            {"words": "A", "kind": "region", "unlisted": "on", "country": "BW", "population": "9" * 30},
            422,
            "No city",
        ),
        (
            {"words": "Gaborone", "kind": "region", "unlisted": "on", "country": "BW"},
            409,
            "is listed already",
        ),
        ({"words": "Ale", "kind": "region"}, 409, "leads this application"),
        ({"words": "ö" * 300, "kind": "region"}, 422, "Shorten this to 200 characters."),
        ({"words": "Gabo\x00rone", "kind": "region"}, 422, "held a character that cannot be kept"),
        ({"words": "\u202eeno", "kind": "region"}, 422, "held a character that cannot be kept"),
    ],
)
def test_a_city_that_cannot_be_named_is_said(client, open_link, typed, status, sentence):
    cities = City.objects.count()
    response = client.post(open_link.path, {"step": "city", **typed})
    assert response.status_code == status
    assert sentence in said(response)
    assert City.objects.count() == cities
    assert not ApplicationPartner.objects.exists()


@pytest.mark.parametrize("count", AMOUNTS)
def test_the_page_takes_the_same_queries_for_any_number_of_partners(
    client, world, gaborone, count, django_assert_num_queries
):
    for number in range(count):
        ApplicationPartner.objects.create(application=gaborone.draft, city=CityFactory(), position=number + 1)
        gaborone.reply(PROPOSES)
        gaborone.edit(summary=f"Edit {number}")
    # clock; invitation, texts of the call, partners, cities; sections, questions; two of names; answers
    with django_assert_num_queries(10):
        assert client.get(gaborone.path).status_code == 200
