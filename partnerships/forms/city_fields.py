"""Fields that the forms of a city's page share: years, days, links, numbers, short lists, local wording."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from cooperation.web.readable import ReadableForm

FIRST_YEAR, LAST_YEAR = 1800, 2100
LONGEST_LIST = 20  # lines of a list, such as the fields of an agreement
DAY_FORMATS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y")


class YearField(forms.IntegerField):
    def __init__(self, **kwargs: Any) -> None:
        words = gettext_lazy("Write a year, such as 2019.")
        super().__init__(
            min_value=FIRST_YEAR,
            max_value=LAST_YEAR,
            widget=forms.TextInput({"inputmode": "numeric", "class": "w-4", "maxlength": 4}),
            error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), words),
            **kwargs,
        )


class CountField(forms.IntegerField):
    """A number of people, companies or agreements."""

    def __init__(self, *, most: int = 1_000_000, **kwargs: Any) -> None:
        # worded when it is shown: the field is made once, in no reader's language
        words = lazy(lambda: _("Write a whole number up to %(most)s.") % {"most": f"{most:,}"}, str)()
        super().__init__(
            min_value=0,
            max_value=most,
            widget=forms.TextInput({"inputmode": "numeric", "class": "w-8"}),
            error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), words),
            **kwargs,
        )

    def to_python(self, value: Any) -> int | None:
        """1 000 000 and 1,000,000 are numbers as well; longer ones than any count are none."""
        if isinstance(value, str):
            value = value.replace(" ", "").replace(",", "").replace("\u202f", "")[:20]
        return super().to_python(value)


class DayField(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            input_formats=DAY_FORMATS,
            widget=forms.DateInput({"type": "date", "class": "w-16"}, format="%Y-%m-%d"),
            error_messages={"invalid": gettext_lazy("Write a day as 2027-03-15.")},
            **kwargs,
        )


class LinkField(forms.URLField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            assume_scheme="https",
            max_length=200,
            widget=forms.URLInput({"class": "w-24"}),
            error_messages={
                "invalid": gettext_lazy("Write a whole address, such as https://www.city.example.")
            },
            **kwargs,
        )


class LinesField(forms.CharField):
    """One entry a line."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", gettext_lazy("One a line."))
        super().__init__(max_length=2000, widget=forms.Textarea({"rows": 4, "class": "w-24"}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        lines = [line.strip() for line in super().clean(value).splitlines()]
        return [line for line in lines if line][:LONGEST_LIST]


def short_text(**kwargs: Any) -> forms.CharField:
    return forms.CharField(widget=forms.TextInput({"class": "w-24"}), **kwargs)


def long_text(longest: int, rows: int = 4, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        max_length=longest, widget=forms.Textarea({"rows": rows, "data-count": longest}), **kwargs
    )


class CityForm(ReadableForm):
    """A form of a city's page. `row` is what is changed, None for something new.

    `local` names the fields that are kept by language: the form shows and changes the reader's own.
    `columns` says where a field is kept that has another name there.
    """

    local: Sequence[str] = ()
    columns: Mapping[str, str] = {}

    def __init__(self, data: Any = None, *, row: Any = None, **kwargs: Any) -> None:
        self.row = row
        if row is not None:
            kwargs["initial"] = {**self.initial_of(row), **kwargs.get("initial", {})}
        super().__init__(data, **kwargs)
        for name in self.local:
            if other := self._other_language(name):
                self.fields[name].help_text = other

    @classmethod
    def initial_of(cls, row: Any) -> dict[str, Any]:
        """The row as the form shows it: wording in the reader's language, everything else as kept."""
        known = {name: cls.columns.get(name, name) for name in cls.base_fields}
        found = {name: getattr(row, column) for name, column in known.items() if hasattr(row, column)}
        return found | {name: found[name].get(_code(), "") for name in cls.local}

    def values(self) -> dict[str, Any]:
        """What the operation keeps."""
        said = self.cleaned_data.items()
        return {self.columns.get(name, name): self._kept(name, value) for name, value in said}

    def _kept(self, name: str, value: Any) -> Any:
        if name not in self.local:
            return value
        kept = getattr(self.row, self.columns.get(name, name)) if self.row else {}
        texts = {**kept, _code(): value}
        return {code: text for code, text in texts.items() if text}

    def _other_language(self, name: str) -> str:
        """What stands there in other languages, where the reader's own has nothing yet."""
        texts: Mapping[str, Any] = getattr(self.row, self.columns.get(name, name), None) or {}
        if not texts or texts.get(_code()):
            return ""
        languages = dict(settings.LANGUAGES)
        code, text = next(iter(texts.items()))
        words = "; ".join(text) if isinstance(text, list) else text
        return _("In %(language)s: %(text)s") % {"language": languages.get(code, code), "text": words}


def _code() -> str:
    return (get_language() or "en").partition("-")[0]
