"""One field for each type of question. A draft may be empty or too long; what cannot be read is said.

Each field's cleaned value is what is kept as the answer (see calls.queries.answers).
"""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.queries.cities import LONGEST_WORDS, find_city, full_name
from calls.queries.document_rows import QuestionRows
from partnerships.models import City

# No answer of a form needs more; a megabyte in one field is a mistake, and said to be one.
LONGEST_TEXT = 100_000
LONGEST_MONTHS = 600
MOST_NAMED = 5  # cities of one name that an error lists
DIGITS = 12
SPACES = re.compile(r"[\s\u00a0\u2009\u202f'’]")
GROUPED = re.compile(r"\d{1,3}([.,])\d{3}(\1\d{3})*(?:(?!\1)[.,]\d{1,2})?", re.ASCII)
PLAIN = re.compile(r"\d+(?:[.,]\d{1,2})?", re.ASCII)
DATE_FORMATS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y")


class MayBeEmpty:
    """`required` only says what submission needs; a draft is kept without it."""

    empty_values: Any

    def validate(self, value: Any) -> None:
        if value not in self.empty_values:
            super().validate(value)  # type: ignore[misc]


class TextAnswer(MayBeEmpty, forms.CharField):
    """A text of any length that fits the portal; the question's own limit never cuts it."""

    def to_python(self, value: Any) -> str:
        text = (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")
        if len(text) > LONGEST_TEXT:
            raise ValidationError(
                _(
                    "This text has %(length)s characters, more than the %(most)s the portal can keep. "
                    "All of it is still here: move a part of it elsewhere and save again."
                )
                % {"length": f"{len(text):,}", "most": f"{LONGEST_TEXT:,}"}
            )
        return text


class NumberAnswer(MayBeEmpty, forms.CharField):
    """A number of at most 12 digits, typed with or without signs between the thousands; kept as text."""

    example = "450 000"

    def to_python(self, value: Any) -> Any:
        typed = super().to_python(value) or ""
        return _plain(typed, self.example) if typed.strip() else ""


class MonthsAnswer(MayBeEmpty, forms.CharField):
    """A whole number of months; kept as a number."""

    def to_python(self, value: Any) -> Any:
        text = (super().to_python(value) or "").strip()
        if not text:
            return None
        if not re.fullmatch(r"[0-9]{1,3}", text) or not 1 <= int(text) <= LONGEST_MONTHS:
            raise ValidationError(
                _("“%(typed)s” is not a number of months. Write a whole number, such as 24.")
                % {"typed": text[:40]}
            )
        return int(text)


class DateAnswer(MayBeEmpty, forms.CharField):
    """A day, written 2027-03-15, 15.3.2027 or 15/3/2027; kept as 2027-03-15."""

    def to_python(self, value: Any) -> str:
        text = (super().to_python(value) or "").strip()
        if not text:
            return ""
        if (day := _day(text)) is None:
            raise ValidationError(
                _("“%(typed)s” is not a date. Write year, month and day, such as 2027-03-15.")
                % {"typed": text[:40]}
            )
        return day.isoformat()


class ChoiceAnswer(MayBeEmpty, forms.ChoiceField):
    """One of the question's options."""

    widget = forms.RadioSelect
    default_error_messages = {"invalid_choice": gettext_lazy("Choose one of the answers below.")}


class ChoicesAnswer(MayBeEmpty, forms.MultipleChoiceField):
    """Any of the question's options; kept as a list in the options' order."""

    widget = forms.CheckboxSelectMultiple
    default_error_messages = {"invalid_choice": gettext_lazy("Choose from the answers below.")}

    def clean(self, value: Any) -> list[str]:
        chosen = set(super().clean(value))
        return [key for key, _label in self.widget.choices if key in chosen]


class CityAnswer(MayBeEmpty, forms.CharField):
    """A city of the register by words; kept as its slug. Words that fit several cities name them."""

    def to_python(self, value: Any) -> str:
        words = (super().to_python(value) or "").strip()
        if not words:
            return ""
        if len(words) > LONGEST_WORDS:
            raise ValidationError(_("No city has a name of %(count)s characters.") % {"count": len(words)})
        found = find_city(words)
        if found.city:
            return found.city.slug
        if found.unknown:
            raise ValidationError(
                _("No city is called “%(words)s” here. Try its name in another language, or a part of it.")
                % {"words": words}
            )
        names = "; ".join(full_name(city) for city in found.candidates[:MOST_NAMED])
        raise ValidationError(
            _("Several cities are called “%(words)s”. Write which one you mean, such as: %(names)s.")
            % {"words": words, "names": names}
        )

    def prepare_value(self, value: Any) -> Any:
        """A kept slug is shown as the city's name; what was typed stands as it is."""
        known = City.objects.filter(slug=value).first() if value and isinstance(value, str) else None
        return full_name(known) if known else value


class DocumentAnswer(forms.Field):
    """Documents are uploaded on a page of their own; in the form of a section they are only listed."""

    def __init__(self, *, rows: QuestionRows | None, **options: Any) -> None:
        super().__init__(widget=forms.HiddenInput(), **options)
        self.rows = rows

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> "BoundDocuments":
        return BoundDocuments(form, self, field_name)

    def clean(self, value: Any) -> None:
        return None


class BoundDocuments(BoundField):
    """What is attached for a question, and the way to the page that takes documents."""

    template = "portal/documents.html"
    field: DocumentAnswer

    @property
    def is_hidden(self) -> bool:
        return False


def _plain(typed: str, example: str) -> str:
    """ "450.000,50" as "450000.50". Raises ValidationError with the way out."""
    text = SPACES.sub("", typed)
    separators = [sign for sign in text if sign in ".,"]
    if GROUPED.fullmatch(text):
        grouping = separators[0]
        plain = text.replace(grouping, "").replace(",", ".")
    elif PLAIN.fullmatch(text):
        plain = text.replace(",", ".")
    else:
        raise ValidationError(
            _("“%(typed)s” is not a number. Write figures only, such as %(example)s.")
            % {"typed": typed.strip()[:40], "example": example}
        )
    number = Decimal(plain)
    if number >= 10**DIGITS:
        raise ValidationError(_("This number has more than %(count)s digits. Check it.") % {"count": DIGITS})
    return format(number, "f")


def _day(text: str) -> date | None:
    for pattern in DATE_FORMATS:
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day, no instant
        except ValueError:
            continue
    return None
