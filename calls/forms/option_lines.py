"""What can be chosen in a question, as lines of words in each language: no JSON, no values to think of."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from calls.models import Call
from calls.operations.setting_up import first_free
from cooperation.web.languages import language_name

MORE_LINES, MOST_LINES = 3, 40
LONGEST_LINE = 250  # characters

Line = Mapping[str, Any]


class OptionLines:
    """A line for each option that is kept and some empty ones; an option keeps the value that answers hold.

    `name` begins the names of its fields, `label` is what one line is called; both are the form's.
    """

    def __init__(self, form: forms.Form, call: Call, name: str, label: str, kept: Sequence[Line]) -> None:
        self.form, self.name, self.kept = form, name, [row for row in kept if isinstance(row, Mapping)]
        self.languages = [text.language for text in call.texts.all()]
        self.count = min(len(self.kept) + MORE_LINES, max(MOST_LINES, len(self.kept)))
        for place in range(self.count):
            words = said_in(self.kept[place]) if place < len(self.kept) else {}
            for code in self.languages:
                about = {"what": label, "number": place + 1, "language": language_name(code)}
                form.fields[self.field(place, code)] = forms.CharField(
                    label=_("%(what)s %(number)s, %(language)s") % about,
                    max_length=LONGEST_LINE,
                    required=False,
                    initial=words.get(code, ""),
                )

    def field(self, place: int, part: str) -> str:
        return f"{self.name}_{place}_{part}"

    def before(self, place: int) -> Line:
        """What stands in a line now."""
        return self.kept[place] if place < len(self.kept) else {}

    def written(self) -> list[tuple[int, dict[str, Any]]]:
        """The lines written with their places; one whose words were all taken away is left out.

        Only after validation.
        """
        found: list[tuple[int, dict[str, Any]]] = []
        for place in range(self.count):
            typed = {code: self._typed(place, code) for code in self.languages}
            words = {code: text for code, text in typed.items() if text}
            if not words:
                continue
            before = self.before(place)
            taken = {str(row.get("value")) for row in [*self.kept, *(row for _place, row in found)]}
            value = before.get("value") or first_free(next(iter(words.values())), taken, "answer")
            others = {key: said for key, said in before.items() if key not in ("label", "labels")}
            unseen = {code: text for code, text in said_in(before).items() if code not in self.languages}
            found.append((place, {**others, "value": value, "label": {**unseen, **words}}))
        return found

    def _typed(self, place: int, code: str) -> str:
        return str(self.form.cleaned_data.get(self.field(place, code), "")).strip()


def said_in(line: Line) -> Mapping[str, str]:
    """The words of an option by language; forms wrote them under either name."""
    return line.get("label") or line.get("labels") or {}
