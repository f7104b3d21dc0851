"""A correction of one question of a published form, as staff type it: changed, dropped, or added."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from calls.forms.amending import add_reasons, reasons_in
from calls.forms.staff import NoteField
from calls.models import Call
from calls.models.form import QuestionType
from calls.queries.form_versions import Form, questions_in, with_added, with_question
from cooperation.web.languages import language_name

LONGEST_LABEL = 500
LONGEST_ANSWER = 100_000  # characters
LONGEST_KEY = 40
LIMITED = frozenset({QuestionType.TEXT, QuestionType.LONG_TEXT})
# What can be asked without options or settings of its own.
SIMPLE = (
    *(QuestionType.LONG_TEXT, QuestionType.TEXT, QuestionType.YES_NO, QuestionType.NUMBER),
    *(QuestionType.MONEY, QuestionType.MONTHS, QuestionType.DATE),
)


class CorrectionForm(forms.Form):
    """One question in every language of the call. Without `question` it is a new one."""

    type = forms.ChoiceField(label=_("Type"), choices=[(kind.value, kind.label) for kind in SIMPLE])
    limit = forms.IntegerField(
        label=_("At most, characters"),
        help_text=_("Empty: no limit."),
        min_value=1,
        max_value=LONGEST_ANSWER,
        required=False,
    )
    required = forms.BooleanField(label=_("Required to submit"), required=False)
    material = forms.BooleanField(
        label=_("Partners agree to it"),
        help_text=_("Another answer, or other words of the question, ask the partners again."),
        required=False,
    )
    drop = forms.BooleanField(
        label=_("No longer ask it"),
        help_text=_("Answers stay readable for those who wrote them, and are not submitted."),
        required=False,
    )
    version = forms.IntegerField(min_value=0, max_value=32_000, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, call: Call, section: str, question: Mapping[str, Any] | None = None
    ) -> None:
        self.call, self.section, self.question = call, section, question
        super().__init__(data, initial=self._initial())
        self._add_wordings()
        if question is not None:
            del self.fields["type"]
            if question["type"] not in LIMITED:
                del self.fields["limit"]
        else:
            del self.fields["drop"]
        add_reasons(self, call)

    def _initial(self) -> dict[str, Any]:
        found: dict[str, Any] = {"version": self.call.form_version, "required": True, "material": True}
        if self.question is None:
            return found
        found |= {name: self.question[name] for name in ("limit", "required", "material")}
        for field, texts in (("label", "labels"), ("hint", "hints")):
            found |= {f"{field}_{code}": text for code, text in self.question[texts].items()}
        return found

    def _add_wordings(self) -> None:
        """Question and hint in each language, before everything else."""
        others = dict(self.fields)
        self.fields.clear()
        for text in self.call.texts.all():
            about = {"language": language_name(text.language)}
            self.fields[f"label_{text.language}"] = forms.CharField(
                label=_("Question, %(language)s") % about,
                max_length=LONGEST_LABEL,
                required=text.authoritative,
                widget=forms.TextInput(),
            )
            # said in a sentence and never cut off by the browser
            self.fields[f"label_{text.language}"].widget.attrs.pop("maxlength", None)
            self.fields[f"hint_{text.language}"] = NoteField(
                label=_("Hint, %(language)s") % about, required=False, rows=2
            )
        self.fields.update(others)

    def _wording(self, field: str, kept: Mapping[str, str]) -> dict[str, str]:
        """The texts typed, over those in languages that the page does not show."""
        typed = {
            text.language: self.cleaned_data[f"{field}_{text.language}"] for text in self.call.texts.all()
        }
        return {code: text for code, text in {**kept, **typed}.items() if text}

    def corrected(self, form: Form) -> Form:
        """The form with this correction. Only after validation."""
        if self.question is None:
            return with_added(form, self.section, self._new(form))
        if self.cleaned_data["drop"]:
            return with_question(form, self.question["key"], lambda row: None)
        return with_question(form, self.question["key"], self._changed)

    def _changed(self, row: dict[str, Any]) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            **row,
            "labels": self._wording("label", row["labels"]),
            "hints": self._wording("hint", row["hints"]),
            "required": data["required"],
            "material": data["material"],
            "limit": data.get("limit", row["limit"]),
        }

    def _new(self, form: Form) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "key": self._free_key(form),
            "labels": self._wording("label", {}),
            "hints": self._wording("hint", {}),
            "type": data["type"],
            "limit": data["limit"] if data["type"] in LIMITED else None,
            "required": data["required"],
            "material": data["material"],
        }

    def _free_key(self, form: Form) -> str:
        """A short name for the answers, from the question's words, that no version of the form used."""
        decides = next(text.language for text in self.call.texts.all() if text.authoritative)
        stem = slugify(self.cleaned_data[f"label_{decides}"])[:LONGEST_KEY].strip("-") or "question"
        taken = {*questions_in(form), *self._keys_used()}
        names = (f"{stem}-{number}" if number else stem for number in range(len(taken) + 1))
        return next(name for name in names if name not in taken)

    def _keys_used(self) -> set[str]:
        return set(self.call.sections.values_list("questions__key", flat=True)) - {None}

    @property
    def reasons(self) -> dict[str, str]:
        return reasons_in(self)

    @property
    def fingerprint(self) -> str:
        """Tells whether what is published is what was previewed. Only after validation."""
        words = json.dumps(self.cleaned_data, sort_keys=True, default=str)
        return hashlib.sha256(words.encode()).hexdigest()[:24]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.question is not None and (missing := self._emptied()):
            raise ValidationError(
                _("The question has words in %(languages)s. Write them again or drop the question.")
                % {"languages": missing}
            )
        return data

    def _emptied(self) -> str:
        """Languages in which the question would lose its words."""
        had = (self.question or {}).get("labels", {})
        return ", ".join(
            str(language_name(text.language))
            for text in self.call.texts.all()
            if had.get(text.language)
            and f"label_{text.language}" not in self.errors
            and not self.cleaned_data.get(f"label_{text.language}")
        )
