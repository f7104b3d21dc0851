"""Choosing a partner city by words."""

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.queries.cities import LONGEST_WORDS, find_city
from partnerships.models import City


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
