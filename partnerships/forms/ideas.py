"""What a city writes on the board, and what another one writes to it."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from cooperation.web.languages import language_name
from partnerships.models import Idea, Organisation, Theme
from partnerships.models.search import MOST_PARTNERS
from partnerships.operations.ideas import IdeaText

MOST_THEMES = 5
# Languages that teams of cities work in; the reader's own list names them.
WORKING_LANGUAGES = ("ar", "ca", "de", "en", "es", "fr", "id", "it", "ja", "ko", "nl", "pl", "pt", "ru", "sv")


def _text(rows: int, longest: int, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        widget=forms.Textarea({"rows": rows, "data-count": longest, "class": "w-full"}),
        max_length=longest,
        **kwargs,
    )


class IdeaForm(forms.Form):
    """An idea's texts and whom it seeks."""

    use_required_attribute = False
    organisation = forms.ModelChoiceField(
        label=_("In whose name?"), queryset=Organisation.objects.none(), empty_label=None
    )
    language = forms.ChoiceField(label=_("Language of this text"), choices=settings.LANGUAGES)
    title = forms.CharField(
        label=_("Title"),
        max_length=120,
        help_text=_("What it is about, in a few words."),
        widget=forms.TextInput({"class": "w-full"}),
    )
    wants = _text(5, 2000, label=_("What do you want to do?"))
    brings = _text(3, 1000, label=_("What do you bring?"), required=False)
    seeks = _text(3, 1000, label=_("Whom do you seek?"))
    themes = forms.ModelMultipleChoiceField(
        label=_("Themes"),
        queryset=Theme.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Up to five. Cities that work on the same find your idea."),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages you can work in"), widget=forms.CheckboxSelectMultiple
    )
    countries = forms.MultipleChoiceField(
        label=_("Countries you seek partners in"),
        required=False,
        choices=lambda: list(countries),
        widget=forms.SelectMultiple({"size": 8}),
        help_text=_("Choose several with Ctrl or Cmd. None chosen: anywhere."),
    )
    partners_wanted = forms.IntegerField(
        label=_("How many partners?"),
        min_value=1,
        max_value=MOST_PARTNERS,
        initial=1,
        widget=forms.NumberInput({"class": "w-6"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, organisations: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.fields["organisation"]
        own.queryset = Organisation.objects.filter(pk__in=[row.pk for row in organisations])  # type: ignore[attr-defined]
        if len(organisations) == 1:
            own.initial, own.widget, own.disabled = organisations[0].pk, forms.HiddenInput(), True
        self.fields["themes"].queryset = Theme.objects.all()  # type: ignore[attr-defined]
        spoken = sorted(((code, language_name(code)) for code in WORKING_LANGUAGES), key=lambda row: row[1])
        self.fields["languages"].choices = spoken  # type: ignore[attr-defined]

    def clean_themes(self) -> Any:
        chosen = self.cleaned_data["themes"]
        if len(chosen) > MOST_THEMES:
            raise forms.ValidationError(_("Choose five themes at most, those that matter most."))
        return chosen

    def text(self) -> IdeaText:
        """What was typed; only of a valid form."""
        typed = self.cleaned_data
        return IdeaText(
            language=typed["language"],
            title=typed["title"],
            wants=typed["wants"],
            brings=typed["brings"],
            seeks=typed["seeks"],
            themes=tuple(theme.slug for theme in typed["themes"]),
            languages=tuple(typed["languages"]),
            countries=tuple(typed["countries"]),
            partners_wanted=typed["partners_wanted"],
        )


def idea_initial(idea: Idea) -> dict[str, Any]:
    """An idea as the form shows it to whoever changes it."""
    same = (
        "language",
        "title",
        "wants",
        "brings",
        "seeks",
        "languages",
        "countries",
        "partners_wanted",
        "version",
    )
    known = {name: getattr(idea, name) for name in same}
    return {
        **known,
        "organisation": idea.organisation_id,
        "themes": [theme.pk for theme in idea.themes.all()],
    }


class InterestForm(forms.Form):
    """Why a city fits."""

    use_required_attribute = False
    organisation = forms.ModelChoiceField(
        label=_("In whose name?"), queryset=Organisation.objects.none(), empty_label=None
    )
    message = _text(
        4,
        1500,
        label=_("Why do you fit?"),
        help_text=_("Only this city reads it. Your name and address go to it once the interest is mutual."),
        error_messages={"required": _("Say in a sentence or two why you fit.")},
    )

    def __init__(self, *args: Any, organisations: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.fields["organisation"]
        own.queryset = Organisation.objects.filter(pk__in=[row.pk for row in organisations])  # type: ignore[attr-defined]
        if len(organisations) == 1:
            own.initial, own.widget, own.disabled = organisations[0].pk, forms.HiddenInput(), True


class AnswerForm(forms.Form):
    """Whether an interest is mutual, with a word to the city."""

    use_required_attribute = False
    answer = _text(2, 1000, label=_("A word to them"), required=False)
