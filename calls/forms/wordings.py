"""Fields for words in each language of a call: the text that decides stands beside those that are missing."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.html import escape
from django.utils.translation import gettext as _

from calls.forms.staff import NoteField
from calls.forms.wall_time import WallTimesForm
from calls.models import Call
from calls.queries.set_up import languages_of
from calls.queries.texts import authoritative_text
from cooperation.web.languages import language_name

LONGEST_LABEL = 250  # characters


class PartForm(WallTimesForm):
    """A part of a call as staff type it; `fields_of_part` is what the operations keep.

    Fields that may not change any more are shown and cannot be filled in.
    """

    use_required_attribute = False

    def __init__(
        self,
        data: Any = None,
        *,
        call: Call,
        may: frozenset[str] | None = None,
        zone: str = "",
        **kwargs: Any,
    ) -> None:
        self.call = call
        self.languages = languages_of(call)
        decides = authoritative_text(call)
        self.decides = decides.language if decides else next(iter(self.languages), "en")
        self.kept: dict[str, Mapping[str, str]] = {}
        self.may = may
        super().__init__(data, zone=zone or call.zone, **kwargs)

    def add_wording(
        self, name: str, label: Any, kept: Mapping[str, str], *, required: bool = True, long: bool = False
    ) -> None:
        """One field for each language; only the one that decides can be required."""
        self.kept[name] = kept
        for code in self.languages:
            words = {"what": label, "language": language_name(code)}
            options: dict[str, Any] = {
                "label": _("%(what)s, %(language)s") % words,
                "initial": kept.get(code, ""),
                "required": required and code == self.decides,
            }
            if code != self.decides and kept.get(self.decides):
                about = {"language": language_name(self.decides), "text": kept[self.decides]}
                there = (
                    _("In %(language)s: %(text)s")
                    if kept.get(code)
                    else _("Missing. In %(language)s: %(text)s")
                )
                options["help_text"] = escape(there % about)
            if long:
                self.fields[f"{name}_{code}"] = NoteField(rows=3, **options)
            else:
                field = forms.CharField(max_length=LONGEST_LABEL, **options)
                # said in a sentence and never cut off by the browser
                field.widget.attrs.pop("maxlength", None)
                self.fields[f"{name}_{code}"] = field

    def wording(self, name: str) -> dict[str, str]:
        """Language -> text of those written, and what stands in languages that the page does not show."""
        typed = {code: self.cleaned_data.get(f"{name}_{code}", "").strip() for code in self.languages}
        return {code: text for code, text in {**self.kept[name], **typed}.items() if text}

    def close_others(self) -> None:
        """Lock what may not change any more. Called once all fields are there."""
        if self.may is None:
            return
        for name, field in self.fields.items():
            if self.part_field(name) not in self.may:
                field.disabled = True

    def part_field(self, name: str) -> str:
        """The field of the part that a form field belongs to: "labels" for "labels_sv"."""
        return next((word for word in self.kept if name.startswith(f"{word}_")), name)

    def groups(self) -> list[list[BoundField]]:
        """The fields as the page shows them: the same words in each language beside each other."""
        rows: dict[str, list[BoundField]] = {}
        for name in self.fields:
            word = max((word for word in self.kept if name.startswith(f"{word}_")), key=len, default=name)
            rows.setdefault(word, []).append(self[name])
        return list(rows.values())

    @property
    def writable(self) -> bool:
        return any(not field.disabled for field in self.fields.values())

    @property
    def fields_of_part(self) -> dict[str, Any]:
        """Everything the operations keep. Only after validation."""
        raise NotImplementedError
