"""The form of a section: one field for each type of question, read without guessing."""

import pytest
from django.http import QueryDict

from calls.forms.section import section_form
from calls.models.form import QuestionType
from calls.queries.answers import shown
from tests.factories import ApplicationFactory, QuestionFactory, SectionFactory, ThemeFactory

pytestmark = pytest.mark.django_db
OPTIONS = [
    {"value": "en", "label": {"en": "English", "sv": "engelska"}},
    {"value": "es", "label": {"en": "Spanish", "sv": "spanska"}},
]


def form_with(kind: str, value, **question):
    """A form with one question of a type, filled with a value or a list of values."""
    application = ApplicationFactory()
    section = SectionFactory(call=application.call)
    made = QuestionFactory(section=section, key="q", type=kind, **question)
    data = QueryDict(mutable=True)
    data.setlist("answer-q", value if isinstance(value, list) else [value])
    return section_form(section, application, data), made


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("text", "  Youth ", "Youth"),
        ("text", "", None),
        ("long_text", "one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("number", "12", "12"),
        ("number", "1,5", "1.5"),
        ("number", "0", "0"),
        ("money", "450 000", "450000"),
        ("money", "450\u00a0000", "450000"),
        ("money", "450,000", "450000"),
        ("money", "450.000", "450000"),
        ("money", "1.250.000,50", "1250000.50"),
        ("money", "1,250,000.5", "1250000.5"),
        ("money", "1’250’000", "1250000"),
        ("money", "", None),
        ("months", " 24 ", 24),
        ("months", "", None),
        ("date", "2027-03-15", "2027-03-15"),
        ("date", "15.3.2027", "2027-03-15"),
        ("date", "15/03/2027", "2027-03-15"),
        ("date", "", None),
        ("yes_no", "yes", "yes"),
        ("yes_no", "", None),
    ],
)
def test_what_was_typed_is_kept_as(kind, typed, kept):
    form, _question = form_with(kind, typed)
    assert form.is_valid(), form.errors
    assert form.answers == {"q": kept}


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("number", "about ten"),
        ("number", "-5"),
        ("number", "1,2,3"),
        ("number", "1e9"),
        ("number", "NaN"),
        ("number", "٣"),
        ("money", "450 000 SEK"),
        ("money", "9" * 13),
        ("money", "1.250,000.50"),
        ("months", "1.5"),
        ("months", "0"),
        ("months", "two years"),
        ("months", "9999"),
        ("date", "2027-02-30"),
        ("date", "0000-00-00"),
        ("date", "March"),
        ("yes_no", "maybe"),
        ("long_text", "x" * 100_001),
        ("text", "nul\x00"),
    ],
)
def test_what_cannot_be_read_names_the_way_out(kind, typed):
    form, _question = form_with(kind, typed)
    assert not form.is_valid()
    (sentence,) = form.errors["q"]
    assert sentence.endswith(".")
    assert len(sentence) > 20
    assert form["q"].value() == typed.replace("\x00", "")


def test_digits_of_other_scripts_are_no_surprise():
    form, _question = form_with("months", "٢٤")
    assert not form.is_valid()


@pytest.mark.parametrize("kind", list(QuestionType))
def test_every_type_of_question_accepts_nothing_and_shows_it_is_optional(kind):
    form, _question = form_with(kind, [], required=True, options=OPTIONS)
    assert form.is_valid(), form.errors
    assert form.answers == {"q": None}
    assert form.fields["q"].required
    optional, _question = form_with(kind, [], required=False, options=OPTIONS)
    assert not optional.fields["q"].required


def test_over_long_text_is_valid():
    form, _question = form_with("long_text", "x" * 2000, limit=1500)
    assert form.is_valid()
    assert form.fields["q"].widget.attrs["data-limit"] == 1500
    assert "maxlength" not in str(form["q"])


def test_choices_are_kept_in_the_order_of_the_options():
    form, question = form_with("choices", ["es", "en"], options=OPTIONS)
    assert form.is_valid()
    assert form.answers == {"q": ["en", "es"]}
    assert shown(question, ["en", "es"], {}) == "English, Spanish"


@pytest.mark.parametrize(
    ("kind", "value"), [("choice", "xx"), ("choices", ["en", "xx"]), ("themes", ["none"])]
)
def test_an_answer_that_is_not_offered_is_refused(kind, value):
    form, _question = form_with(kind, value, options=OPTIONS)
    assert not form.is_valid()


def test_themes_are_those_of_the_call():
    application = ApplicationFactory()
    waste, _water = ThemeFactory(slug="waste", names={"en": "Waste"}), ThemeFactory(slug="water")
    application.call.themes.add(waste)
    section = SectionFactory(call=application.call)
    QuestionFactory(section=section, key="q", type="themes")
    form = section_form(section, application)
    assert form.fields["q"].choices == [("waste", "Waste")]


def test_words_are_in_the_readers_language():
    from django.utils import translation

    with translation.override("sv"):
        form, question = form_with(
            "choice",
            "es",
            options=OPTIONS,
            labels={"en": "Language", "sv": "Språk"},
            hints={"sv": "Välj ett."},
        )
        assert (form.fields["q"].label, form.fields["q"].help_text) == ("Språk", "Välj ett.")
        assert shown(question, "es", {}) == "spanska"


def test_what_is_kept_fills_the_form_again():
    application = ApplicationFactory(answers={"amount": "450000", "start": "2027-03-15", "months": 24})
    section = SectionFactory(call=application.call)
    for key, kind in (("amount", "money"), ("start", "date"), ("months", "months")):
        QuestionFactory(section=section, key=key, type=kind)
    form = section_form(section, application)
    assert [form[key].value() for key in ("amount", "start", "months")] == ["450000", "2027-03-15", 24]


@pytest.mark.parametrize(
    ("kind", "kept", "words"),
    [
        ("money", "450000", "450,000"),
        ("money", 450000, "450,000"),
        ("number", "1.5", "1.5"),
        ("months", 24, "24 months"),
        ("months", 1, "1 month"),
        ("yes_no", "no", "No"),
        ("themes", ["waste", "gone"], "Waste, gone"),
        ("text", None, ""),
        ("date", "2027-03-15", "15 March 2027"),
    ],
)
def test_answers_are_shown_in_words(kind, kept, words):
    question = QuestionFactory(type=kind)
    assert shown(question, kept, {"waste": "Waste"}) == words
