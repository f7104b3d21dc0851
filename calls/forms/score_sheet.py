"""A reviewer's sheet, and the reasons with which they stand aside or take a finished sheet back."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from calls.forms.staff import NoteField
from calls.models import Criterion
from calls.models.review import HIGHEST_SCORE, Recommendation
from calls.operations.reviewing import EMPTY, Sheet
from partnerships.models.wording import localise

SCORES = [(value, str(value)) for value in range(HIGHEST_SCORE + 1)]
LABELS = [label for _value, label in SCORES]


class ReasonForm(forms.Form):
    """Why; whoever presses says it in words."""

    reason = NoteField(label=_("Reason"), help_text=_("Staff read it. It is kept."))


class ScoreSheet(forms.Form):
    """One reviewer's scores: an optional score and note for each criterion, saved as they are.

    Its names begin with "answer-", which is what static/js/autosave.js keeps and sends.
    """

    prefix = "answer"

    recommendation = forms.ChoiceField(
        label=_("Recommendation"), choices=Recommendation.choices, widget=forms.RadioSelect, required=False
    )
    comment = NoteField(
        label=_("Comment to staff"), help_text=_("Only programme staff read it."), required=False
    )
    feedback = NoteField(
        label=_("Comment to the applicant"),
        help_text=_("The city reads it with the result, without your name."),
        required=False,
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, criteria: Iterable[Criterion], saved: Sheet = EMPTY
    ) -> None:
        super().__init__(data, initial=_initial(saved))
        self.criteria = list(criteria)
        for criterion in self.criteria:
            self.fields[f"score_{criterion.pk}"] = forms.TypedChoiceField(
                label=str(criterion),
                choices=SCORES,
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.RadioSelect,
            )
            self.fields[f"note_{criterion.pk}"] = NoteField(label=_("Note"), required=False, rows=2)

    def sheet(self) -> Sheet:
        """What was typed, as far as it could be read; the rest as it was saved. Only after validation."""
        return Sheet(
            scores={
                row.pk: (self._read(f"score_{row.pk}"), self._read(f"note_{row.pk}") or "")
                for row in self.criteria
            },
            recommendation=self._read("recommendation") or "",
            comment=self._read("comment") or "",
            feedback=self._read("feedback") or "",
        )

    def _read(self, name: str) -> Any:
        return self.initial.get(name) if name in self.errors else self.cleaned_data[name]

    def scored(self) -> dict[int, int]:
        """Criterion id -> score, as the page shows it now."""
        shown = {row.pk: self[f"score_{row.pk}"].value() for row in self.criteria}
        return {key: int(value) for key, value in shown.items() if str(value) in LABELS}

    def rows(self) -> list[dict[str, Any]]:
        """Each criterion with its fields, chosen score and anchors, for the template."""
        scored = self.scored()
        return [
            {
                "criterion": row,
                "score": self[f"score_{row.pk}"],
                "chosen": str(scored[row.pk]) if row.pk in scored else "",
                "values": LABELS,
                "note": self[f"note_{row.pk}"],
                "anchors": anchors_of(row),
                "anchor": dict(anchors_of(row)).get(str(scored.get(row.pk, "")), ""),
            }
            for row in self.criteria
        ]


def _initial(saved: Sheet) -> dict[str, Any]:
    found: dict[str, Any] = {
        "recommendation": saved.recommendation,
        "comment": saved.comment,
        "feedback": saved.feedback,
    }
    for key, (value, note) in saved.scores.items():
        found |= {f"score_{key}": value, f"note_{key}": note}
    return found


def anchors_of(criterion: Criterion) -> list[tuple[str, str]]:
    """What a score means, such as ("3", "Both learn, but not equally."), in the reader's language."""
    texts: Any = localise(criterion.anchors) if isinstance(criterion.anchors, Mapping) else None
    return sorted(texts.items()) if isinstance(texts, Mapping) else []
