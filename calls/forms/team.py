"""Inviting a colleague to an application."""

from django import forms
from django.utils.translation import gettext_lazy as _

from calls.models.team import TeamRole
from cooperation.web.readable import ReadableForm

ROLES = [
    (TeamRole.VIEWER.value, _("Read it")),
    (TeamRole.EDITOR.value, _("Read and change it")),
    (TeamRole.SUBMITTER.value, _("Read, change and submit it")),
]


class Invite(ReadableForm):
    """An address, and what its owner may do."""

    email = forms.EmailField(
        label=_("E-mail of your colleague"),
        help_text=_("Only who logs in with this address can accept."),
        max_length=254,
        error_messages={
            "required": _("Write an e-mail address."),
            "invalid": _("Write a whole e-mail address, such as name@city.example."),
            "max_length": _("No e-mail address is that long. Check it."),
        },
        widget=forms.EmailInput({"autocomplete": "off", "class": "w-24"}),
    )
    role = forms.ChoiceField(
        label=_("What may they do?"),
        choices=ROLES,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what this person may do."),
            "invalid_choice": _("Choose what this person may do."),
        },
    )

    def refuse(self, sentence: str) -> None:
        """Show why nobody was invited, beside the address."""
        self.full_clean()
        self.add_error("email", sentence)
