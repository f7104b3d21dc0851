"""A rule of a call as staff fill it in: its kind's own parameters as fields, the clause in each language."""

from collections.abc import Mapping, Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.eligibility import KINDS, Check, Sort, check_parameters
from calls.forms.amending import add_reasons, reasons_in
from calls.forms.rule_fields import Records, cell_of, field_of, label_of
from calls.forms.staff import NoteField
from calls.models import Call, EligibilityRule
from cooperation.web.languages import language_name

MORE_ROWS, MOST_ROWS = 3, 60
PROBLEMS: Mapping[str, Any] = {
    "missing": gettext_lazy("Fill this in: the rule needs it."),
    "empty": gettext_lazy("Choose or write at least one."),
    "repeated": gettext_lazy("Something stands here twice. Keep it once."),
    "malformed": gettext_lazy("This cannot be read. Use small letters, figures and underscores."),
    "too_small": gettext_lazy("This number is too small."),
    "too_large": gettext_lazy("This number is too large."),
    "not_a_choice": gettext_lazy(
        "Choose one of the answers given; some go only with a certain other answer."
    ),
    "no_bound": gettext_lazy("Give at least one of the two ends or conditions."),
    "above_maximum": gettext_lazy("The least is more than the most. Change one of them."),
    "no_range": gettext_lazy("In one row the least is more than the most. Change one of them."),
    "one_of_two": gettext_lazy("Give exactly one of the two ways to say it."),
    "too_short": gettext_lazy("Fewer are allowed than are required. Allow more, or require fewer."),
}


class RuleParameters(forms.Form):
    """Everything about a rule. Its kind is fixed: another kind is another rule."""

    hard = forms.TypedChoiceField(
        label=gettext_lazy("What happens when it is not met"),
        choices=[
            ("hard", gettext_lazy("Hard: who does not meet it cannot apply")),
            ("soft", gettext_lazy("Soft: it cautions and never excludes")),
        ],
        coerce=lambda value: value == "hard",
        widget=forms.RadioSelect,
    )
    source = forms.CharField(
        label=gettext_lazy("Where the clause is taken from"),
        help_text=gettext_lazy("Such as “Guideline, 4.2”."),
        max_length=200,
        required=False,
    )
    version = forms.CharField(label=gettext_lazy("Version of that text"), max_length=20, required=False)

    def __init__(
        self, data: Any = None, *, kind: str, call: Call, rule: EligibilityRule | None = None
    ) -> None:
        self.kind, self.call = kind, call
        self.expects = KINDS[kind].expects
        kept = rule.parameters if rule else {}
        super().__init__(data, initial=_initial(rule))
        records = Records.current()
        self.tables: dict[str, int] = {}
        own: dict[str, forms.Field] = {}
        for name, check in self.expects.items():
            if check.sort is Sort.ROWS:
                own |= self._table(name, check, kept.get(name, []), records)
            else:
                optional = name in KINDS[kind].optional
                own[f"p_{name}"] = field_of(name, check, records, optional=optional, kept=kept.get(name))
        for text in call.texts.all():
            language = language_name(text.language)
            own[f"clause_{text.language}"] = NoteField(
                label=_("Clause, %(language)s") % {"language": language},
                help_text=_("Word for word, as the call states it.") if text.authoritative else "",
                required=False,
            )
        self.fields = own | self.fields
        self.helper = FormHelper()
        self.helper.form_tag = False

    def _table(
        self, name: str, check: Check, kept: Sequence[Mapping[str, Any]], records: Records
    ) -> dict[str, forms.Field]:
        """Cells of the rows there are and some empty ones; more of them when the button asks."""
        count = max(len(kept) + MORE_ROWS, self._posted_rows(name))
        if self.is_bound and self.data.get("more") == name:
            count += MORE_ROWS
        self.tables[name] = min(count, MOST_ROWS)
        cells = {}
        for row in range(self.tables[name]):
            for column, cell in check.columns.items():
                key = f"p_{name}-{row}-{column}"
                cells[key] = cell_of(column, cell, records)
                if row < len(kept):
                    self.initial[key] = kept[row].get(column)
        return cells

    def _posted_rows(self, name: str) -> int:
        text = str(self.data.get(f"p_{name}-rows", "")) if self.is_bound else ""
        return int(text) if text.isdecimal() and text.isascii() and len(text) < 4 else 0

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        for problem in check_parameters(self.kind, self.parameters):
            name, _colon, code = problem.partition(":")
            sentence = str(PROBLEMS.get(code) or _("This does not fit. Change it."))
            self._refuse(name, sentence)
        return data

    def _refuse(self, name: str, sentence: str) -> None:
        """Beside the field, or beside the first cell of a table."""
        if name in self.tables:
            column = next(iter(self.expects[name].columns))
            self.add_error(f"p_{name}-0-{column}", ValidationError(f"{label_of(name)}: {sentence}"))
        else:
            self.add_error(f"p_{name}" if f"p_{name}" in self.fields else None, sentence)

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters as the rule keeps them; an optional one that is blank is left out."""
        found: dict[str, Any] = {}
        for name, check in self.expects.items():
            value = self._rows(name, check) if name in self.tables else self.cleaned_data.get(f"p_{name}")
            blank = value is None or value in ("", [])
            if blank and name in KINDS[self.kind].optional:
                continue
            found[name] = _upper(value) if check.sort is Sort.CURRENCY else None if value == "" else value
        return found

    def _rows(self, name: str, check: Check) -> list[dict[str, Any]]:
        rows = []
        for row in range(self.tables[name]):
            cells = {column: self.cleaned_data.get(f"p_{name}-{row}-{column}") for column in check.columns}
            if not all(value is False or value in (None, "", []) for value in cells.values()):
                rows.append({key: None if value == "" else value for key, value in cells.items()})
        return rows

    @property
    def fields_of_rule(self) -> dict[str, Any]:
        """Everything the operations keep. Only after validation."""
        data = self.cleaned_data
        clauses = {
            name.removeprefix("clause_"): text.strip()
            for name, text in data.items()
            if name.startswith("clause_") and text.strip()
        }
        return {
            "kind": self.kind,
            "parameters": self.parameters,
            "hard": data["hard"],
            "clauses": clauses,
            "source": data["source"],
            "version": data["version"],
        }

    def plain_fields(self) -> list[BoundField]:
        """Parameters that are one field each, in the kind's order."""
        return [self[f"p_{name}"] for name in self.expects if name not in self.tables]

    def shown_tables(self) -> list[dict[str, Any]]:
        """Parameters that are tables: heading, columns and rows of cells."""
        return [
            {
                "name": name,
                "label": label_of(name),
                "columns": [label_of(column) for column in self.expects[name].columns],
                "count": count,
                "rows": [
                    [self[f"p_{name}-{row}-{column}"] for column in self.expects[name].columns]
                    for row in range(count)
                ],
            }
            for name, count in self.tables.items()
        ]

    def other_fields(self) -> list[BoundField]:
        """Weight, clauses, source; and the reasons where the call is published."""
        return [self[name] for name in self.fields if not name.startswith("p_")]


class RuleCorrection(RuleParameters):
    """A rule of a published call: the amendment's reason in each language of the call besides."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        add_reasons(self, self.call)

    @property
    def reasons(self) -> dict[str, str]:
        return reasons_in(self)


class RemovalReasons(forms.Form):
    """Why a published rule no longer holds."""

    def __init__(self, data: Any = None, *, call: Call) -> None:
        super().__init__(data)
        add_reasons(self, call)

    @property
    def reasons(self) -> dict[str, str]:
        return reasons_in(self)


def _initial(rule: EligibilityRule | None) -> dict[str, Any]:
    if rule is None:
        return {"hard": "hard"}
    clauses = {f"clause_{language}": text for language, text in rule.clauses.items()}
    parameters = {f"p_{name}": value for name, value in rule.parameters.items()}
    about = {"hard": "hard" if rule.hard else "soft", "source": rule.source, "version": rule.version}
    return {**clauses, **parameters, **about}


def _upper(value: Any) -> Any:
    return value.upper() if isinstance(value, str) else value
