"""The press: accessible, the same bytes each time, and no text of a person is ever read as markup."""

import io
from dataclasses import replace
from datetime import UTC, datetime

import pikepdf
import pytest

from calls.printing import Item, Part, Sheet, Table, press
from tests.calls.printing.reading import text_of

AT = datetime(2026, 12, 8, 13, 7, 33, tzinfo=UTC)
BUDGET = Table(head=["Item", "SEK"], rows=[["Travel", "900"]], totals=[["Sum", "901"]], numbers=[1])
SHEET = Sheet(
    language="sv",
    title="ICLD-2026-0147: Youth in local decisions",
    over="Municipal Partnership",
    facts=[("Reference", "ICLD-2026-0147")],
    parts=[
        Part("Summary", [Item("What will change?", text="Young people decide.")]),
        Part("Budget", [Item("Costs", table=BUDGET)]),
    ],
    footer=["ICLD-2026-0147, submission 1", "Received 8 December 2026, 14:07 Stockholm"],
    page_of="Page {page} of {pages}",
    gap_note="Some characters are missing here.",
    fingerprint="ab" * 32,
)  # fmt: skip


def saying(text: str) -> Sheet:
    return replace(SHEET, parts=[Part("Summary", [Item("What will change?", text=text)])])


def test_the_document_is_tagged_with_language_title_and_conformance():
    with pikepdf.open(io.BytesIO(press(SHEET, made_at=AT))) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "sv"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert str(pdf.docinfo.Title) == SHEET.title
        with pdf.open_metadata() as about:
            assert about["pdfuaid:part"] == "1"


def test_a_language_of_a_region_keeps_its_region():
    made = press(replace(SHEET, language="pt-br"), made_at=AT)
    assert str(pikepdf.open(io.BytesIO(made)).Root.Lang) == "pt-BR"


def test_the_same_sheet_and_instant_give_the_same_bytes():
    assert press(SHEET, made_at=AT) == press(SHEET, made_at=AT)


def test_every_page_says_what_it_belongs_to():
    made = press(saying("A line of the answer.\n\n" * 150), made_at=AT)
    pages = text_of(made)
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        assert "ICLD-2026-0147, submission 1" in page
        assert "ab" * 32 in page
        assert f"Page {number} of {len(pages)}" in page


def test_a_table_keeps_every_cell_and_its_sum():
    text = " ".join(text_of(press(SHEET, made_at=AT)))
    assert all(cell in text for cell in ("Item", "SEK", "Travel", "900", "Sum", "901"))


@pytest.mark.parametrize(
    "text",
    [
        "#let x = 1; #panic() #sys.inputs",
        "a $ x^2 $ @reference *bold* _em_ `raw` ```typ #x```",
        "<script>alert(1)</script> <label> // comment /* more */ \\u{41}",
        "= no heading\n- no list\n+ no list\n/ no: term",
        'quotes " and “more” and \\" and \\',
        "{{ page }} {page} {pages} [[1, 2]]",
    ],
)  # fmt: skip
def test_markup_is_printed_as_it_was_written(text):
    printed = " ".join(" ".join(text_of(press(saying(text), made_at=AT))).split())
    for word in text.split():
        assert word in printed


@pytest.mark.parametrize(
    "text",
    [
        "中文和日本語",
        "😀 🇸🇪 👨‍👩‍👧",
        "مرحبا بكم في المدينة",
        "שלום",
        "ภาษาไทย",
        "\u202eabc\u202c and \u2066isolated\u2069",
        "\x00\x01\x1b[31m\ud800\ufffe\uffff",
        "e\u0301 and z" + "\u0335" * 60,
        "x" * 20_000,
        "\n" * 3_000,
        "a\r\nb\rc",
        "",
    ],
)
def test_any_script_and_any_sign_is_printed_or_said_to_be_missing(text):
    assert press(saying(f"Before. {text} After."), made_at=AT).startswith(b"%PDF-")


def test_a_sign_without_a_font_becomes_a_box_and_is_said_so():
    made = " ".join(text_of(press(saying("Before \U000130f7 after"), made_at=AT)))
    assert "□" in made
    assert "Some characters are missing here." in made
    assert "Some characters are missing here." not in " ".join(text_of(press(SHEET, made_at=AT)))


def test_an_empty_form_has_boxes_and_lines_to_write_on():
    form = replace(SHEET, parts=[Part("Form", [Item("Choose", boxes=["One", "Two"], lines=5)])])
    text = " ".join(text_of(press(form, made_at=AT)))
    assert "One" in text
    assert "Two" in text


def test_a_mark_lies_across_each_page_outside_the_reading_order():
    plain, marked = (press(replace(saying("x"), mark=mark), made_at=AT) for mark in ("", "Draft"))
    assert "Draft" not in " ".join(text_of(plain))
    assert "Draft" in " ".join(text_of(marked)).replace(" ", "")
