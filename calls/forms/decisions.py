"""What staff type when outcomes are decided: why one goes back, an answer to a complaint, a side's vote."""

from django import forms
from django.utils.translation import gettext_lazy as _

from calls.forms.staff import NoteField, StepForm
from calls.models.decision import Outcome


class SeenForm(forms.Form):
    """A press on a list, with the fingerprint of the list that was shown."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)


class PublishForm(SeenForm):
    """Publishing, with the word that some outcomes wait."""

    partly = forms.BooleanField(required=False)


class SendBackForm(StepForm):
    use_required_attribute = False
    reason = NoteField(label=_("Why it goes back"), help_text=_("Staff read it, the city does not."))


class LapseForm(StepForm):
    use_required_attribute = False
    reason = NoteField(label=_("Reason"), help_text=_("The city reads it in the letter."))


class ReplaceForm(forms.Form):
    """The next on the reserve list, as the page named it."""

    application = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)


class AnswerComplaintForm(forms.Form):
    use_required_attribute = False
    upheld = forms.ChoiceField(
        label=_("Is the complaint upheld?"),
        choices=[
            ("no", _("No: the decision stands")),
            ("yes", _("Yes: the application is decided anew, by two people")),
        ],
        widget=forms.RadioSelect,
    )
    answer = NoteField(label=_("Answer"), help_text=_("The city reads it by mail."), rows=8)


class VoteForm(forms.Form):
    use_required_attribute = False
    outcome = forms.ChoiceField(
        label=_("Your side decides"), choices=Outcome.choices, widget=forms.RadioSelect
    )
    reason = NoteField(label=_("Reason"), help_text=_("Needed unless your side selects."), required=False)
    # The side's vote as the page showed it, so that nobody overwrites a colleague's unread.
    seen = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)
