"""What staff type to waive a rule, and to assess a submission again."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from calls.forms.staff import NoteField
from calls.models import Call, EligibilityRule


class WaiverForm(forms.Form):
    """Which rule, and why."""

    reason = NoteField(label=_("Reason"), help_text=_("The city and the reviewers read it."))

    def __init__(self, *args: Any, call: Call, words: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules = {str(rule.pk): rule for rule in call.rules.all() if rule.pk in words}
        choices = [(key, words[rule.pk]) for key, rule in self.rules.items()]
        field = forms.ChoiceField(label=_("Rule"), choices=choices, widget=forms.RadioSelect)
        self.fields = {"rule": field, **self.fields}

    @property
    def rule(self) -> EligibilityRule:
        """The rule that was chosen. Only after validation."""
        return self.rules[self.cleaned_data["rule"]]


class ReassessForm(forms.Form):
    """As of which day; empty for today."""

    on = forms.DateField(
        label=_("As of"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty for today. The rules are those that hold now."),
    )
