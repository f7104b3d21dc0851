"""Choosing partner cities: by words, or by the address of somebody there; and what each partner is."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.models.application import PartnerRole
from calls.operations.consents import Contact
from calls.queries.cities import LONGEST_WORDS, find_city
from cooperation.web.readable import ReadableForm
from partnerships.models import City
from partnerships.models.organisation import OrganisationKind

LONGEST_MESSAGE = 2_000


class AddPartner(forms.Form):
    """Words that name a city. A valid form has `city`, or `candidates` to choose from."""

    use_required_attribute = False
    words = forms.CharField(
        label=gettext_lazy("City"),
        help_text=gettext_lazy("With its country where several share the name: “Rosario, Argentina”."),
        error_messages={"required": gettext_lazy("Write the name of a city.")},
        widget=forms.TextInput({"autocomplete": "off", "class": "w-24"}),
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        if data is not None and "\x00" in data.get("words", ""):
            data = data.copy()
            data["words"] = str(data["words"]).replace("\x00", "")
        super().__init__(data)
        self.city: City | None = None
        self.candidates: list[City] = []

    def clean_words(self) -> str:
        words = self.cleaned_data["words"].strip()
        if len(words) > LONGEST_WORDS:
            raise ValidationError(_("No city has a name of %(count)s characters.") % {"count": len(words)})
        found = find_city(words)
        if found.unknown:
            raise ValidationError(
                _("No city is called “%(words)s” here. Try its name in another language, or a part of it.")
                % {"words": words}
            )
        self.city, self.candidates = found.city, found.candidates
        return words

    def refuse(self, sentence: str) -> None:
        """Show why the choice cannot be kept, beside the field."""
        self.full_clean()
        self.add_error("words", sentence)


class Ask(ReadableForm):
    """Whom to ask for a city's consent, and in which language."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        error_messages={
            "required": gettext_lazy("Write an e-mail address."),
            "invalid": gettext_lazy("Write a whole e-mail address, such as name@city.example."),
            "max_length": gettext_lazy("No e-mail address is that long. Check it."),
        },
        widget=forms.EmailInput({"autocomplete": "off", "class": "w-24"}),
    )
    name = forms.CharField(
        label=gettext_lazy("Name"),
        required=False,
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off", "class": "w-24"}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the mail and the page"),
        choices=settings.LANGUAGES,
        error_messages={
            "required": gettext_lazy("Choose a language."),
            "invalid_choice": gettext_lazy("Choose a language."),
        },
    )
    message = forms.CharField(
        label=gettext_lazy("Your words to them"),
        help_text=gettext_lazy("They stand in the mail as a quotation."),
        required=False,
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea({"rows": 4}),
    )

    def __init__(self, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for name, most in (("name", 200), ("message", LONGEST_MESSAGE)):
            self.fields[name].error_messages["max_length"] = _(
                "Shorten this to %(count)s characters. Nothing was cut off."
            ) % {"count": f"{most:,}"}

    @property
    def contact(self) -> Contact:
        """What a valid form says."""
        data = self.cleaned_data
        return Contact(data["email"], data["language"], data["name"], data["message"])

    def refuse(self, sentence: str) -> None:
        """Show why nobody was asked, beside the address."""
        self.full_clean()
        self.add_error("email", sentence)


class Change(forms.Form):
    """What a partner is in the application."""

    use_required_attribute = False
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        choices=[(value, capfirst(label)) for value, label in PartnerRole.choices],
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose a role."),
            "invalid_choice": gettext_lazy("Choose a role."),
        },
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Who takes part"),
        choices=[(value, capfirst(label)) for value, label in OrganisationKind.choices],
        error_messages={
            "required": gettext_lazy("Choose the kind of organisation."),
            "invalid_choice": gettext_lazy("Choose the kind of organisation."),
        },
    )

    def refuse(self, sentence: str) -> None:
        """Show why nothing was changed."""
        self.full_clean()
        self.add_error("role", sentence)
