"""What a city types about its outcome: why it declines, what it complains about."""

from django import forms
from django.utils.translation import gettext_lazy as _

from calls.forms.staff import NoteField


class DeclineForm(forms.Form):
    use_required_attribute = False
    note = NoteField(
        label=_("Reason"), help_text=_("The organiser reads it, and those who write this application.")
    )


class ComplaintForm(forms.Form):
    use_required_attribute = False
    text = NoteField(
        label=_("What do you complain about?"),
        help_text=_(
            "Say what went wrong and what you ask for. Staff without a part in the decision read it."
        ),
        rows=8,
    )
