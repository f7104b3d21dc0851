"""Saving a search, watching an opening, and changing what was saved."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from calls.models.alert import Frequency
from calls.operations.alerts import LONGEST_NAME
from calls.queries.deadlines import place_of
from cooperation.accounts.models import User
from cooperation.accounts.zones import zone_choices
from cooperation.web.languages import language_name
from cooperation.web.readable import ReadableForm

FREQUENCIES = [
    (Frequency.WEEKLY.value, _("Every Monday at 7:00")),
    (Frequency.DAILY.value, _("Every day at 7:00")),
    (Frequency.INSTANT.value, _("Within minutes")),
    (Frequency.NONE.value, _("No mail, only the calendar")),
]


class FrequencyField(forms.ChoiceField):
    """How often; whatever is not offered is refused in a sentence."""

    def __init__(self, **kwargs: Any) -> None:
        wrong = {"required": _("Choose how often."), "invalid_choice": _("Choose how often from the list.")}
        super().__init__(choices=FREQUENCIES, error_messages=wrong, **kwargs)


class FrequencyForm(ReadableForm):
    """How often somebody is told."""

    frequency = FrequencyField(
        label=_("How often?"), widget=forms.RadioSelect, initial=Frequency.WEEKLY.value
    )

    @property
    def chosen(self) -> Frequency:
        return Frequency(self.cleaned_data["frequency"])


class HowOften(FrequencyForm):
    """What a person with an account chooses; language and clock are the account's."""

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        about = {"place": place_of(by.time_zone), "language": language_name(by.language)}
        self.fields["frequency"].help_text = _("On the clock of %(place)s, in %(language)s.") % about


class ReaderForm(ReadableForm):
    """Language and clock of who has no account."""

    language = forms.ChoiceField(
        label=_("Language of the mails"),
        choices=settings.LANGUAGES,
        error_messages={
            "required": _("Choose a language."),
            "invalid_choice": _("Choose a language from the list."),
        },
    )
    time_zone = forms.ChoiceField(
        label=_("Your time zone"),
        choices=zone_choices,
        error_messages={
            "required": _("Choose a time zone."),
            "invalid_choice": _("Choose a time zone from the list."),
        },
    )


class WithoutAccount(ReaderForm):
    """An address that a link is sent to."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("A link is sent there. Nothing else is, until you press it."),
        max_length=254,
        error_messages={
            "required": _("Write your e-mail address."),
            "invalid": _("Write a whole e-mail address, such as name@city.example."),
            "max_length": _("No e-mail address is that long. Check it."),
        },
        widget=forms.EmailInput({"autocomplete": "email", "class": "w-24"}),
    )
    field_order = ("email", "frequency", "language", "time_zone")

    def __init__(self, *args: Any, guess_zone: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if guess_zone:
            self.fields["time_zone"].widget.attrs["data-own-zone"] = ""


class SaveWithoutAccount(WithoutAccount, FrequencyForm):
    """An address, and how often it is told."""


class ChangeAlert(FrequencyForm):
    """A saved search's name and how often it is told."""

    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=LONGEST_NAME,
        error_messages={"max_length": _("Shorten the name to %(limit_value)d characters.")},
    )
    frequency = FrequencyField(label=_("How often?"))


def likely_zone(language: str) -> str:
    """The clock to begin with where nothing is known but a language: that of its one country, else UTC.

    The browser puts its own in its place.
    """
    return {"pl": "Europe/Warsaw", "sv": "Europe/Stockholm", "ca": "Europe/Madrid"}.get(language, "UTC")
