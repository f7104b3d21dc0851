"""What a partner city answers on its page: which city it is, and whether it agrees."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from calls.forms.documents import hint_of
from calls.models.consent import ConsentAnswer
from calls.operations.consents import Reply
from calls.operations.documents import LETTERS, Upload
from calls.queries.cities import LONGEST_WORDS, find_city
from cooperation.web.readable import ReadableForm
from partnerships.models import City
from partnerships.models.organisation import OrganisationKind
from partnerships.operations.stating import NewCity

LONGEST_NOTE = 10_000
LARGEST_CITY = 50_000_000
WAYS = [
    (ConsentAnswer.AGREED.value, gettext_lazy("We agree to exactly this text")),
    (ConsentAnswer.CHANGE.value, gettext_lazy("We propose a change")),
    (ConsentAnswer.DECLINED.value, gettext_lazy("We do not take part")),
]


def shorter(most: int) -> dict[str, Any]:
    """The words for a text that is too long, which is shown again whole."""
    return {
        "max_length": _("Shorten this to %(count)s characters. Nothing was cut off.") % {"count": f"{most:,}"}
    }


class Answer(ReadableForm):
    """One of three ways, and who signs. A reason or a proposal belongs to the ways that need one."""

    answer = forms.ChoiceField(
        label=gettext_lazy("What does your city answer?"),
        choices=WAYS,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose one of the three answers."),
            "invalid_choice": gettext_lazy("Choose one of the three answers."),
        },
    )
    note = forms.CharField(
        label=gettext_lazy("The change you propose, or why you do not take part"),
        help_text=gettext_lazy("Not needed when you agree. The lead city reads it."),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea({"rows": 5}),
    )
    signatory = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=200,
        error_messages={"required": gettext_lazy("Write your first and last name.")},
        widget=forms.TextInput({"autocomplete": "name", "class": "w-24"}),
    )
    function = forms.CharField(
        label=gettext_lazy("Your function"),
        help_text=gettext_lazy("Such as “Head of International Relations”."),
        max_length=200,
        error_messages={"required": gettext_lazy("Write in which function you answer for your city.")},
        widget=forms.TextInput({"autocomplete": "organization-title", "class": "w-24"}),
    )
    letter = forms.FileField(
        label=gettext_lazy("Signed letter"),
        required=False,
        allow_empty_file=True,  # the inspection has the better sentence
        error_messages={"invalid": gettext_lazy("The file did not arrive. Choose it again.")},
    )
    confirm = forms.BooleanField(
        label=gettext_lazy("I may answer for my city, and I have read the text above."),
        error_messages={"required": gettext_lazy("Tick this box: only who may answer for the city can.")},
    )

    def __init__(self, data: QueryDict | None = None, files: MultiValueDict | None = None) -> None:
        super().__init__(data, files)
        for name, most in (("note", LONGEST_NOTE), ("signatory", 200), ("function", 200)):
            self.fields[name].error_messages |= shorter(most)
        self.fields["letter"].help_text = " ".join([_("If your city signs on paper."), hint_of(LETTERS)])

    def clean(self) -> dict[str, Any]:
        super().clean()
        needed = {
            ConsentAnswer.CHANGE.value: _("Write what should be changed."),
            ConsentAnswer.DECLINED.value: _(
                "Write why, in a sentence: the lead city has to go on without you."
            ),
        }
        answer = self.cleaned_data.get("answer", "")
        if answer in needed and not self.cleaned_data.get("note", "").strip() and "note" not in self.errors:
            self.add_error("note", ValidationError(needed[answer]))
        return self.cleaned_data

    @property
    def reply(self) -> Reply:
        """What a valid form says."""
        data = self.cleaned_data
        return Reply(ConsentAnswer(data["answer"]), data["signatory"], data["function"], data["note"])

    @property
    def upload(self) -> Upload | None:
        """The signed letter as it was sent, if there is one."""
        file = self.cleaned_data.get("letter")
        return Upload(file.name, file.read()) if file else None


class NameCity(ReadableForm):
    """Words that name a city of the register, or what is needed to add one. A valid form has `choice`.

    Words that fit several cities leave `candidates` to choose from.
    """

    words = forms.CharField(
        label=gettext_lazy("Your city"),
        help_text=gettext_lazy("With its country where several share the name: “Rosario, Argentina”."),
        max_length=LONGEST_WORDS,
        error_messages={"required": gettext_lazy("Write the name of your city.")},
        widget=forms.TextInput({"autocomplete": "off", "class": "w-24"}),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Who takes part"),
        choices=[
            ("", gettext_lazy("Choose")),
            *((value, capfirst(label)) for value, label in OrganisationKind.choices),
        ],
        error_messages={"required": gettext_lazy("Choose the kind of organisation that takes part.")},
    )
    unlisted = forms.BooleanField(
        label=gettext_lazy("My city is not in the list"),
        help_text=gettext_lazy("Then its country is needed, too."),
        required=False,
    )
    country = forms.ChoiceField(label=gettext_lazy("Country or territory"), required=False)
    population = forms.IntegerField(
        label=gettext_lazy("Inhabitants"),
        required=False,
        min_value=1,
        max_value=LARGEST_CITY,
        error_messages={
            "invalid": gettext_lazy("Write a whole number in figures, such as 60000."),
            "min_value": gettext_lazy("Write a whole number in figures, such as 60000."),
            "max_value": gettext_lazy("No city is that large. Check the number."),
        },
        widget=forms.TextInput({"inputmode": "numeric", "class": "w-8"}),
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.fields["country"].choices = [("", _("Choose")), *countries]  # type: ignore[attr-defined]
        self.fields["words"].error_messages |= shorter(LONGEST_WORDS)
        self.choice: City | NewCity | None = None
        self.candidates: list[City] = []

    def clean(self) -> dict[str, Any]:
        super().clean()
        words = self.cleaned_data.get("words", "").strip()
        if words and self.cleaned_data.get("unlisted"):
            self._add_city(words)
        elif words:
            self._find(words)
        return self.cleaned_data

    def _add_city(self, name: str) -> None:
        if not (country := self.cleaned_data.get("country")):
            self.add_error("country", ValidationError(_("Choose the country of your city.")))
            return
        self.choice = NewCity(name, country, self.cleaned_data.get("population"))

    def _find(self, words: str) -> None:
        found = find_city(words)
        self.choice, self.candidates = found.city, found.candidates
        if found.unknown:
            sentence = _(
                "No city is called “%(words)s” here. Try its name in another language, or tick the box below."
            )
            self.add_error("words", ValidationError(sentence % {"words": words}))

    def refuse(self, sentence: str) -> None:
        """Show why the choice cannot be kept, beside the field."""
        self.add_error("words", sentence)
