"""A question of a draft's form: its words, its options, the fact it feeds, the document it asks for."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.forms.call_parts import DayField
from calls.forms.correcting import LIMITED, SIMPLE, CorrectionForm
from calls.forms.option_lines import OptionLines
from calls.forms.table_settings import TableSettings
from calls.models import Call, Question, Section
from calls.models.form import QuestionType
from calls.operations.setting_up import first_free
from calls.queries.eligibility import rules_of
from calls.queries.eligibility_terms import spoken
from calls.queries.form_versions import question_data
from calls.queries.preflight.rules import fed_facts
from calls.queries.table_columns import TABLES

WITH_OPTIONS = frozenset({QuestionType.CHOICE, QuestionType.CHOICES})
OFFERED = (
    *(*SIMPLE, *sorted(WITH_OPTIONS), QuestionType.THEMES, QuestionType.CITY, QuestionType.FILE),
    *(QuestionType.BUDGET, QuestionType.ACTIVITIES, QuestionType.TEAM),
)


class DraftQuestion(CorrectionForm):
    """One question in every language of the call; a draft needs no reasons. Its type stays."""

    fact = forms.ChoiceField(label=gettext_lazy("Feeds the fact of a rule"), required=False)

    def __init__(
        self, data: Any = None, *, call: Call, section: Section, row: Question | None = None, kind: str = ""
    ) -> None:
        self.row, self.kind = row, row.type if row else kind
        super().__init__(data, call=call, section=section.key, question=question_data(row) if row else None)
        for name in [name for name in self.fields if name.startswith("reason_")] + [
            "drop",
            "type",
            "version",
        ]:
            self.fields.pop(name, None)
        if self.kind not in LIMITED:
            self.fields.pop("limit", None)
        self._add_fact()
        if self.kind in WITH_OPTIONS:
            kept = self.row.options if self.row else []
            self.lines = OptionLines(self, call, "option", _("Answer"), kept)
        if self.kind in TABLES:
            said = self.row.settings if self.row else {}
            self.table = TableSettings(self, call, QuestionType(self.kind), said)
        if self.kind == QuestionType.FILE:
            self._add_document()

    def _add_fact(self) -> None:
        """The facts that the call's rules look at; and what the question feeds now."""
        kept = self.row.fact if self.row else ""
        facts = dict.fromkeys([*fed_facts(rules_of(self.call)), *([kept] if kept else [])])
        field = self.fields.pop("fact")
        if facts and self.kind != QuestionType.FILE:
            choices = [("", "–"), *((fact, spoken(fact.replace(":", " "))) for fact in facts)]
            cast(forms.ChoiceField, field).choices = choices
            field.initial = kept
            self.fields["fact"] = field

    def _add_document(self) -> None:
        said = self.row.settings if self.row else {}
        self.fields["sort"] = forms.SlugField(
            label=_("What rules call the document"),
            help_text=_("A short name, such as letter_of_intent. Empty: named after the question."),
            required=False,
            max_length=40,
            initial=said.get("sort", ""),
        )
        for name, label in (
            ("each_party", _("One from each party")),
            ("signed", _("Ask who signed it, and when")),
        ):
            self.fields[name] = forms.BooleanField(
                label=label, required=False, initial=said.get(name) is True
            )
        self.fields["due_on"] = DayField(
            label=_("May follow until"),
            help_text=_("A day after the deadline. Empty: with the application."),
            required=False,
            initial=said.get("due_on"),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not self.errors and not self._wording("label", {}):
            raise ValidationError(_("Write the call’s text first: its form is in the same languages."))
        if self.kind in WITH_OPTIONS and not self.errors and len(self._options()) < 2:
            raise ValidationError(
                _("Give at least two answers to choose from, in the language that decides.")
            )
        if self.kind in TABLES and not self.errors and (refusal := self.table.why_not()):
            self.add_error(*refusal)
        return data

    def groups(self) -> list[list[forms.BoundField]]:
        """The fields as the page shows them: one line's words in each language beside each other."""
        beside = {*(text.language for text in self.call.texts.all()), "role", "passed"}
        rows: dict[str, list[forms.BoundField]] = {}
        for name in self.fields:
            stem, _line, last = name.rpartition("_")
            rows.setdefault(stem if last in beside else name, []).append(self[name])
        return list(rows.values())

    def _options(self) -> list[dict[str, Any]]:
        return [row for _place, row in self.lines.written()]

    @property
    def fields_of_question(self) -> dict[str, Any]:
        """What the operations keep. Only after validation."""
        data = self.cleaned_data
        before = self.question or {"labels": {}, "hints": {}, "settings": {}}
        found: dict[str, Any] = {
            "labels": self._wording("label", before["labels"]),
            "hints": self._wording("hint", before["hints"]),
            "required": data["required"],
            "material": data["material"],
        }
        if "limit" in self.fields:
            found["limit"] = data["limit"]
        if "fact" in self.fields:
            found["fact"] = data["fact"]
        if self.kind in WITH_OPTIONS:
            found["options"] = self._options()
        if self.kind == QuestionType.FILE:
            found["settings"] = self._settings(before["settings"])
        if self.kind in TABLES:
            found["settings"] = self.table.settings()
        if self.row is None:
            words = next(iter(found["labels"].values()))
            found |= {"key": first_free(words, set(), "question"), "type": self.kind}
        return found

    def _settings(self, before: dict[str, Any]) -> dict[str, Any]:
        data = self.cleaned_data
        due_on = data["due_on"].isoformat() if data["due_on"] else None
        said = {
            "sort": data["sort"],
            "each_party": data["each_party"],
            "signed": data["signed"],
            "due_on": due_on,
        }
        found = {**before, **said}
        return {name: value for name, value in found.items() if value not in ("", None, False)}
