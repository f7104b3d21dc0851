"""What is known of a reviewer, as staff and as the reviewer fill it in; loads; reasons."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from calls.forms.fields import CityAnswer
from calls.forms.staff import NoteField
from calls.models import Call, Reviewer
from calls.operations.inviting_reviewers import Expertise
from calls.operations.panels import MOST_APPLICATIONS
from cooperation.web.languages import language_name
from partnerships.models import City, Organisation, Theme

# Read by many experts, whether or not the portal speaks them.
COMMON = ("ar", "ca", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "sv", "uk", "zh-hans")


class OrganisationField(forms.CharField):
    """An organisation of the register by its name; who is not on it has an affiliation in words."""

    def to_python(self, value: Any) -> Any:
        if isinstance(value, Organisation):
            return value
        words = super().to_python(value)
        if not words:
            return None
        found = list(Organisation.objects.filter(name__iexact=words)[:2])
        if len(found) == 1:
            return found[0]
        raise ValidationError(
            _("No organisation on the register is called “%(words)s”. Leave this empty and write it below.")
            % {"words": words}
        )


class CityByWords(CityAnswer):
    """A city of the register; gives the record."""

    def clean(self, value: Any) -> City | None:
        slug = super().clean(value)
        return City.objects.get(slug=slug) if slug else None


class ExpertiseForm(forms.Form):
    """The details that decide what a reviewer gets, and what they must not get."""

    areas = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Areas"),
        queryset=Theme.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages read"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Applications in other languages are not assigned automatically."),
    )
    country = forms.ChoiceField(
        label=gettext_lazy("Country or territory"),
        required=False,
        help_text=gettext_lazy("Some programmes keep reviewers away from their own country."),
    )
    city = CityByWords(
        label=gettext_lazy("City"),
        required=False,
        help_text=gettext_lazy("Its name, with the country where several have it: Ale, Sweden."),
    )
    organisation = OrganisationField(
        label=gettext_lazy("Organisation on the register"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Such as a municipality or a university, by its full name."),
    )
    affiliation = forms.CharField(label=gettext_lazy("Affiliation in words"), max_length=200, required=False)
    maximum_load = forms.IntegerField(
        label=gettext_lazy("Applications at most, at one time"),
        min_value=1,
        max_value=MOST_APPLICATIONS,
        initial=12,
    )

    def __init__(self, *args: Any, reviewer: Reviewer | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas, languages, country = self.fields["areas"], self.fields["languages"], self.fields["country"]
        if isinstance(areas, forms.ModelMultipleChoiceField):
            areas.queryset = Theme.objects.all()
        if isinstance(languages, forms.MultipleChoiceField):
            languages.choices = languages_known(reviewer)
        if isinstance(country, forms.ChoiceField):
            country.choices = [("", _("Not known")), *countries]

    @property
    def expertise(self) -> Expertise:
        """What was filled in. Only after validation."""
        given = self.cleaned_data
        return Expertise(
            areas=given["areas"],
            languages=given["languages"],
            country=given["country"],
            city=given["city"],
            organisation=given["organisation"],
            affiliation=given["affiliation"],
            maximum_load=given["maximum_load"],
            note=given.get("note"),
        )

    def recorded_otherwise(self, reviewer: Reviewer) -> list[tuple[str, str]]:
        """Label and recorded value of each field that was typed otherwise than it is on record."""
        recorded = type(self)(initial=self.initial_of(reviewer), reviewer=reviewer)
        return [
            (str(self[name].label), words)
            for name in self.fields
            if name in recorded.initial and (words := _shown(recorded, name)) != _shown(self, name)
        ]

    @staticmethod
    def initial_of(reviewer: Reviewer) -> dict[str, Any]:
        return {
            "areas": [theme.pk for theme in reviewer.areas.all()],
            "languages": reviewer.languages,
            "country": str(reviewer.country or ""),
            "city": reviewer.city.slug if reviewer.city else "",
            "organisation": reviewer.organisation.name if reviewer.organisation else "",
            "affiliation": reviewer.affiliation,
            "maximum_load": reviewer.maximum_load,
            "note": reviewer.note,
        }


def _shown(form: forms.Form, name: str) -> str:
    """What a field says, in words; a dash where it says nothing."""
    value = form[name].value()
    values = value if isinstance(value, list) else [value or ""]
    names = {str(key): str(word) for key, word in getattr(form.fields[name], "choices", ())}
    return ", ".join(sorted(names.get(str(key), str(key)) for key in values)) or "–"


def languages_known(reviewer: Reviewer | None = None) -> list[tuple[str, str]]:
    """The portal's languages and those of its calls, by name."""
    codes = {code for code, _name in settings.LANGUAGES} | set(COMMON)
    codes.update(*Call.objects.values_list("languages", flat=True), reviewer.languages if reviewer else ())
    return sorted(((code, language_name(code)) for code in codes), key=lambda row: row[1].casefold())


class InviteReviewer(ExpertiseForm):
    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=150)

    field_order = ["email", "name"]


class ReviewerForm(ExpertiseForm):
    note = NoteField(label=gettext_lazy("Note for staff"), required=False)


class AcceptForm(ExpertiseForm):
    """The invited person's own words; without the promise nothing is opened."""

    confidential = forms.BooleanField(
        label=gettext_lazy(
            "I keep what I read to myself, use it for the review alone, and say when a conflict of interest "
            "stands against scoring an application."
        ),
        error_messages={"required": gettext_lazy("Agree to this to review.")},
    )


class DeclineForm(forms.Form):
    reason = NoteField(label=gettext_lazy("Reason"), required=False, rows=2)


class LoadForm(forms.Form):
    """A person's load in one call."""

    minimum = forms.IntegerField(label=gettext_lazy("At least"), min_value=0, max_value=MOST_APPLICATIONS)
    maximum = forms.IntegerField(label=gettext_lazy("At most"), min_value=0, max_value=MOST_APPLICATIONS)


class ReasonForm(forms.Form):
    reason = NoteField(label=gettext_lazy("Reason"), rows=2)
