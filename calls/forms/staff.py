"""What staff type: a screening note, a recommendation, a score sheet."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from calls.models import Criterion, Review
from calls.models.decision import Outcome
from calls.models.review import HIGHEST_SCORE, Recommendation
from partnerships.models.wording import localise

LONGEST_NOTE = 5_000  # characters; said in a sentence, never cut off
SCORES = [(value, str(value)) for value in range(HIGHEST_SCORE + 1)]


class NoteField(forms.CharField):
    """A text of some lines; one that is too long is kept and said, not cut off."""

    def __init__(self, *, rows: int = 3, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)
        self.validators.append(MaxLengthValidator(LONGEST_NOTE))


class StepForm(forms.Form):
    """A step on an application, with the version of it that the reader saw."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class ScreeningForm(StepForm):
    note = NoteField(
        label=_("Note to the city"),
        help_text=_("Say why, when the application is not eligible. The city reads it."),
        required=False,
    )
    eligible = forms.ChoiceField(choices=[("yes", _("Eligible")), ("no", _("Not eligible"))], required=True)


class RecommendationForm(StepForm):
    outcome = forms.ChoiceField(label=_("Outcome"), choices=Outcome.choices, widget=forms.RadioSelect)
    reason = NoteField(label=_("Reason"), help_text=_("The city reads it in the letter."))


class ScoreSheet(forms.Form):
    """One reviewer's scores: an optional score and note for each criterion, saved as they are."""

    recommendation = forms.ChoiceField(
        label=_("Recommendation"), choices=Recommendation.choices, widget=forms.RadioSelect, required=False
    )
    comment = NoteField(label=_("Comment for staff"), required=False)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, criteria: Iterable[Criterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = list(criteria)
        for criterion in self.criteria:
            self.fields[f"score_{criterion.pk}"] = forms.TypedChoiceField(
                label=str(criterion), choices=SCORES, coerce=int, empty_value=None, required=False
            )
            self.fields[f"note_{criterion.pk}"] = NoteField(label=_("Note"), required=False, rows=2)

    @staticmethod
    def initial_of(review: Review | None) -> dict[str, Any]:
        """What the form shows of a saved sheet."""
        if review is None:
            return {"version": 0}
        found = {
            "version": review.version,
            "recommendation": review.recommendation,
            "comment": review.comment,
        }
        for score in review.scores.all():
            found |= {f"score_{score.criterion_id}": score.value, f"note_{score.criterion_id}": score.note}
        return found

    @property
    def scores(self) -> Mapping[int, tuple[int, str]]:
        """Criterion id -> (value, note), of the scored criteria. Only after validation."""
        data = self.cleaned_data
        return {
            criterion.pk: (data[f"score_{criterion.pk}"], data[f"note_{criterion.pk}"])
            for criterion in self.criteria
            if data[f"score_{criterion.pk}"] is not None
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for row in self.criteria:
            if data.get(f"note_{row.pk}") and data.get(f"score_{row.pk}", 0) is None:
                self.add_error(f"score_{row.pk}", _("Give a score beside the note, so that both are saved."))
        return data

    def rows(self) -> list[dict[str, Any]]:
        """Each criterion with its fields, chosen score and anchors, for the template."""
        return [
            {
                "criterion": criterion,
                "score": self[f"score_{criterion.pk}"],
                "chosen": str(self[f"score_{criterion.pk}"].value()),
                "values": [label for _value, label in SCORES],
                "note": self[f"note_{criterion.pk}"],
                "anchors": anchors_of(criterion),
            }
            for criterion in self.criteria
        ]


def anchors_of(criterion: Criterion) -> list[tuple[str, str]]:
    """What a score means, such as ("3", "Both learn, but not equally."), in the reader's language."""
    texts: Any = localise(criterion.anchors) if isinstance(criterion.anchors, Mapping) else None
    return sorted(texts.items()) if isinstance(texts, Mapping) else []
