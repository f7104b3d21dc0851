"""What a question that is a table may be given: its lines of choices, and a few numbers."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.forms.option_lines import OptionLines
from calls.models import Call
from calls.models.form import QuestionType
from calls.queries.table_columns import MOST_ROWS

LINES = {
    QuestionType.BUDGET: {"categories": gettext_lazy("Category"), "sources": gettext_lazy("Source")},
    QuestionType.ACTIVITIES: {"kinds": gettext_lazy("Kind")},
    QuestionType.TEAM: {"roles": gettext_lazy("Role")},
}
ROLES = [
    ("grant", gettext_lazy("the grant")),
    ("own", gettext_lazy("the lead’s own money")),
    ("partner", gettext_lazy("a partner’s money")),
    ("other", gettext_lazy("other money")),
]
ASKS = [("years_experience", gettext_lazy("Years of experience")), ("age", gettext_lazy("Age"))]
MOST_PEOPLE = 50


class TableSettings:
    """The fields of one table question, and what they say (see calls.queries.table_columns)."""

    def __init__(self, form: forms.Form, call: Call, kind: QuestionType, said: dict[str, Any]) -> None:
        self.form, self.said = form, said
        self.lines = {
            name: OptionLines(form, call, name, str(label), said.get(name) or [])
            for name, label in LINES[kind].items()
        }
        self._add_about_lines()
        self.numbers = ["rows"]
        if kind == QuestionType.TEAM:
            self._add_team()
        self._number("rows", _("Empty lines at the start"), MOST_ROWS)

    def _add_about_lines(self) -> None:
        """Whose money a source is, and which category goes on to third parties, beside their words."""
        if sources := self.lines.get("sources"):
            for place in range(sources.count):
                self._beside(
                    sources,
                    place,
                    "role",
                    forms.ChoiceField(
                        label=_("Source %(number)s is") % {"number": place + 1},
                        choices=ROLES,
                        required=False,
                        initial=sources.before(place).get("role", "other"),
                    ),
                )
        if categories := self.lines.get("categories"):
            for place in range(categories.count):
                self._beside(
                    categories,
                    place,
                    "passed",
                    forms.BooleanField(
                        label=_("Category %(number)s goes on to third parties") % {"number": place + 1},
                        required=False,
                        initial=categories.before(place).get("passed_on") is True,
                    ),
                )

    def _beside(self, lines: OptionLines, place: int, part: str, field: forms.Field) -> None:
        """Put a field after the words of its line."""
        after, name = (
            lines.field(place, lines.languages[-1]) if lines.languages else "",
            lines.field(place, part),
        )
        order = [row for known in self.form.fields for row in ([known, name] if known == after else [known])]
        self.form.fields[name] = field
        self.form.order_fields(order)

    def _add_team(self) -> None:
        self.numbers += ["minimum", "maximum"]
        self._number("minimum", _("People of each side, at least"), MOST_PEOPLE)
        self._number("maximum", _("People of each side, at most"), MOST_PEOPLE)
        kept = self.said.get("asks") or []
        self.form.fields["asks"] = forms.MultipleChoiceField(
            label=_("Ask of each person"),
            choices=ASKS,
            widget=forms.CheckboxSelectMultiple,
            required=False,
            initial=[name for name in kept if isinstance(name, str)],
        )

    def _number(self, name: str, label: str, most: int) -> None:
        self.form.fields[name] = forms.IntegerField(
            label=label, min_value=0, max_value=most, required=False, initial=self.said.get(name)
        )

    def why_not(self) -> tuple[str, str] | None:
        """A field and the sentence that refuses what was typed. Only after validation."""
        data = self.form.cleaned_data
        least, most = data.get("minimum"), data.get("maximum")
        if least and most and least > most:
            return "minimum", _("The least is more than the most. Change one of them.")
        if (sources := self.lines.get("sources")) and not sources.written():
            return sources.field(0, sources.languages[0]), _(
                "Name at least one source: a budget has its columns."
            )
        return None

    def settings(self) -> dict[str, Any]:
        """What the question keeps; what no field here shows stays as it was. Only after validation."""
        data = self.form.cleaned_data
        found = dict(self.said)
        found |= {
            name: [self._line(name, *row) for row in lines.written()] for name, lines in self.lines.items()
        }
        found |= {name: data.get(name) for name in self.numbers}
        if "asks" in self.form.fields:
            found["asks"] = data["asks"]
        return {name: value for name, value in found.items() if value not in (None, [])}

    def _line(self, name: str, place: int, row: dict[str, Any]) -> dict[str, Any]:
        data, field = self.form.cleaned_data, self.lines[name].field
        if name == "sources":
            role = data.get(field(place, "role")) or "other"
            return {**row, "role": role} if "role" in row or role != "other" else row
        if name == "categories":
            others = {key: value for key, value in row.items() if key != "passed_on"}
            return {**others, "passed_on": True} if data.get(field(place, "passed")) else others
        return row
