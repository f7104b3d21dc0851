"""What staff type: a screening note, a recommendation."""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from calls.models.decision import Outcome

LONGEST_NOTE = 5_000  # characters; said in a sentence, never cut off


class NoteField(forms.CharField):
    """A text of some lines; one that is too long is kept and said, not cut off."""

    def __init__(self, *, rows: int = 3, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)
        self.validators.append(MaxLengthValidator(LONGEST_NOTE))


class StepForm(forms.Form):
    """A step on an application, with the version of it that the reader saw."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class ScreeningForm(StepForm):
    eligible = forms.ChoiceField(
        label=_("Screening"),
        choices=[("yes", _("Eligible")), ("no", _("Not eligible"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether it is eligible.")},
    )
    note = NoteField(
        label=_("Note to the city"),
        help_text=_("Say why, when the application is not eligible. The city reads it."),
        required=False,
    )
    # The queue that the reader goes through; kept from one application to the next.
    todo = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)


class RecommendationForm(StepForm):
    outcome = forms.ChoiceField(label=_("Outcome"), choices=Outcome.choices, widget=forms.RadioSelect)
    reason = NoteField(label=_("Reason"), help_text=_("The city reads it in the letter."))
