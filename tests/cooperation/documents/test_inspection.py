"""Hostile files are refused with a sentence or come out clean; sound ones come through."""

import hashlib
from io import BytesIO

import pytest
from django.utils.functional import Promise
from PIL import Image

from cooperation.documents import Code, Limits, Refused, Sort, inspect, safe_name
from cooperation.web.file_words import SENTENCES, word_refusal
from tests.cooperation.documents.hostile import HTML, NAMES, hostile_files, with_place
from tests.cooperation.documents.samples import SOUND, docx, pdf, picture

HOSTILE = {row.label: row for row in hostile_files()}


def test_there_are_many_hostile_files():
    assert len(HOSTILE) == len(hostile_files()) >= 80


@pytest.mark.parametrize("label", HOSTILE)
def test_each_hostile_file_is_refused_with_a_sentence_or_comes_out_clean(label):
    row = HOSTILE[label]
    if row.code is None:
        clean = inspect(row.data, row.name)
        assert b"alert" not in clean.data
        assert b"PK\x03\x04" not in clean.data or clean.sort not in (Sort.JPEG, Sort.PNG)
        return
    with pytest.raises(Refused) as refused:
        inspect(row.data, row.name)
    assert refused.value.code is row.code
    sentence = word_refusal(refused.value)
    assert sentence.endswith(".")
    assert "%(" not in sentence


def test_every_code_has_a_sentence():
    assert set(SENTENCES) == set(Code)
    assert all(callable(sentence) or isinstance(sentence, Promise) for sentence in SENTENCES.values())


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_file_comes_through(name):
    clean = inspect(SOUND[name], name)
    assert clean.name == name
    assert clean.sha256 == hashlib.sha256(clean.data).hexdigest()
    assert name.endswith(clean.extension)


@pytest.mark.parametrize("name", ["letter.pdf", "text.docx", "budget.xlsx", "text.odt", "budget.ods"])
def test_a_document_keeps_its_bytes(name):
    assert inspect(SOUND[name], name).data == SOUND[name]


def test_the_sort_is_read_from_the_bytes_and_the_ending_follows():
    clean = inspect(picture("PNG"), "letter.pdf")
    assert (clean.sort, clean.name, clean.media_type) == (Sort.PNG, "letter.png", "image/png")


def test_a_photograph_forgets_where_it_was_taken_and_stands_upright():
    taken = with_place()
    assert b"Secret Camera" in taken
    assert Image.open(BytesIO(taken)).size == (40, 30)
    clean = inspect(taken, "photo.jpg")
    assert (clean.width, clean.height) == (30, 40)
    assert b"ecret" not in clean.data
    written = Image.open(BytesIO(clean.data))
    assert not written.getexif()
    assert not {"exif", "icc_profile", "comment"} & set(written.info)


def test_what_follows_a_picture_is_left_behind():
    assert HTML not in inspect(picture() + HTML, "a.jpg").data


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "RGB", "RGBA"])
@pytest.mark.parametrize("kind", ["PNG", "WEBP", "JPEG"])
def test_pictures_of_every_mode_are_drawn_anew(kind, mode):
    if kind == "JPEG" and mode not in ("L", "RGB"):
        mode = "CMYK"
    data = picture(kind, mode="RGB" if kind == "WEBP" and mode in ("I;16", "1") else mode, colour=None)
    clean = inspect(data, "a")
    assert (clean.width, clean.height) == (40, 30)
    assert Image.open(BytesIO(clean.data)).format == kind


def test_a_telephone_s_picture_with_a_small_one_behind_is_one_picture():
    first, second = (Image.new("RGB", size, "teal") for size in [(40, 30), (8, 6)])
    written = BytesIO()
    first.save(written, "MPO", save_all=True, append_images=[second])
    clean = inspect(written.getvalue(), "IMG_1.JPG")
    assert (clean.sort, clean.width) == (Sort.JPEG, 40)
    assert getattr(Image.open(BytesIO(clean.data)), "n_frames", 1) == 1


def test_pages_are_counted():
    assert inspect(pdf(pages=3), "a.pdf").pages == 3


def test_a_pdf_may_open_on_a_page():
    def open_on_page(document):
        document.Root.OpenAction = [document.pages[0].obj, "/Fit"]

    assert inspect(pdf(open_on_page), "a.pdf").pages == 1


def test_only_the_sorts_asked_for_are_taken():
    with pytest.raises(Refused) as refused:
        inspect(docx(), "a.docx", allowed=[Sort.PDF, Sort.JPEG])
    assert word_refusal(refused.value) == "This is a DOCX file. Here we take: PDF, JPG."


def test_limits_can_be_tighter():
    with pytest.raises(Refused) as refused:
        inspect(pdf(pages=3), "a.pdf", limits=Limits(pages=2))
    assert refused.value.params["pages"] == 3


def test_exactly_the_limit_is_taken():
    assert inspect(SOUND["letter.pdf"], "a.pdf", limits=Limits(bytes=len(SOUND["letter.pdf"])))


@pytest.mark.parametrize(("given", "kept"), NAMES.values(), ids=NAMES)
def test_names_become_safe(given, kept):
    assert safe_name(given, "pdf") == kept


@pytest.mark.parametrize("letter", ["a", "ö", "日", "\U0001f600", "a\u0301"])
def test_names_have_a_greatest_length(letter):
    name = safe_name(letter * 5_000 + ".pdf", "pdf")
    assert name.endswith(".pdf")
    assert len(name) <= 100
    assert len(name.encode()) <= 200
