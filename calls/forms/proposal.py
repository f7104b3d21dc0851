"""What a city types about its proposed partner: why it declines, what it would like to know first."""

from django import forms
from django.utils.translation import gettext_lazy as _

from calls.forms.staff import NoteField
from calls.models.pairing import DeclineReason


class DeclineProposalForm(forms.Form):
    use_required_attribute = False
    reason = forms.ChoiceField(
        label=_("Why do you decline?"), choices=DeclineReason.choices, widget=forms.RadioSelect
    )
    text = NoteField(
        label=_("In your own words"),
        required=False,
        help_text=_("Staff read it. The other city is told that you declined, not why."),
    )
    another = forms.ChoiceField(
        label=_("Would you take another partner?"),
        choices=[("yes", _("Yes, look for another")), ("no", _("No, we leave the pairing"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether another partner is looked for.")},
    )


class IntroductionForm(forms.Form):
    use_required_attribute = False
    note = NoteField(
        label=_("What would you like to know?"),
        required=False,
        help_text=_("Staff read it and introduce you to each other. The day to answer by stays."),
    )
