"""What a city's own people write on its page."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from cooperation.web.readable import ReadableForm
from partnerships.data.initiatives import INITIATIVES
from partnerships.forms.city_fields import (
    CityForm,
    CountField,
    DayField,
    LinesField,
    LinkField,
    YearField,
    long_text,
    short_text,
)
from partnerships.models import City, Network, Theme
from partnerships.models.commitment import Precision
from partnerships.models.partnership import ExchangeDirection

LONGEST_DESCRIPTION = 2000  # characters in each language
OTHER = "other"


class AboutForm(ReadableForm):
    """The city in its own words, in each language of the portal."""

    website = LinkField(label=gettext_lazy("Website of the city"), required=False)
    twinnings_stated = CountField(
        label=gettext_lazy("Twinnings"),
        required=False,
        most=1000,
        help_text=gettext_lazy("All of them, also those not listed here. Empty: those listed are counted."),
    )
    agreements_stated = CountField(label=gettext_lazy("Bilateral agreements"), required=False, most=1000)

    def __init__(self, data: Any = None, *, city: City) -> None:
        initial = {name: getattr(city, name) for name in self.base_fields}
        initial |= {f"description_{code}": text for code, text in city.descriptions.items()}
        super().__init__(data, initial=initial)
        for code, name in settings.LANGUAGES:
            self.fields[f"description_{code}"] = long_text(
                LONGEST_DESCRIPTION,
                rows=6,
                required=False,
                label=_("About the city, in %(language)s") % {"language": name},
            )

    def values(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        texts = {code: said.pop(f"description_{code}") for code, _name in settings.LANGUAGES}
        return {**said, "descriptions": {code: text for code, text in texts.items() if text}}


class PopulationForm(ReadableForm):
    population = CountField(label=gettext_lazy("Inhabitants"), most=50_000_000)
    year = YearField(label=gettext_lazy("Year"))
    source = short_text(
        label=gettext_lazy("Source"),
        max_length=120,
        help_text=gettext_lazy("Who counted, such as INDEC census. Staff look it up there."),
    )


class InterestsForm(ReadableForm):
    """Two lists of the same themes."""

    learn = forms.MultipleChoiceField(
        label=gettext_lazy("Wants to learn"), required=False, widget=forms.CheckboxSelectMultiple
    )
    teach = forms.MultipleChoiceField(
        label=gettext_lazy("Can teach"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        words = sorted(
            ((theme.slug, str(theme)[:1].upper() + str(theme)[1:]) for theme in Theme.objects.all()),
            key=lambda pair: pair[1],
        )
        for field in self.fields.values():
            field.choices = words  # type: ignore[attr-defined]


class Years(CityForm):
    """A form with the years from and to."""

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        since, until = said.get("since_year"), said.get("until_year")
        if since and until and until < since:  # type: ignore[operator]
            self.add_error("until_year", ValidationError(_("The last year lies before the first.")))
        return said


class MembershipForm(Years):
    network_id = forms.TypedChoiceField(label=gettext_lazy("Network"), coerce=int)
    founder = forms.BooleanField(label=gettext_lazy("Founding member"), required=False)
    since_year = YearField(label=gettext_lazy("Member since"), required=False)
    until_year = YearField(
        label=gettext_lazy("Member until"),
        required=False,
        help_text=gettext_lazy("Empty: still a member."),
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        rows = Network.objects.filter(pk=self.row.network_id) if self.row else Network.objects.all()
        names = [(row.pk, f"{row.short_name}: {row.name}") for row in rows]
        self.fields["network_id"].choices = names if self.row else [("", "–"), *names]  # type: ignore[attr-defined]


class OfficeForm(Years):
    local = ("titles",)
    titles = short_text(label=gettext_lazy("Office"), max_length=200)
    since_year = YearField(label=gettext_lazy("From"))
    until_year = YearField(
        label=gettext_lazy("To"), required=False, help_text=gettext_lazy("Empty: still held.")
    )


class CommitmentForm(CityForm):
    """A known initiative brings its own clock of reports; another one has a name."""

    local = ("responsible_units", "notes")
    key = forms.ChoiceField(label=gettext_lazy("What has the city committed to?"))
    name = short_text(
        label=gettext_lazy("Its name"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Only if it is another commitment."),
    )
    joined_on = DayField(label=gettext_lazy("Joined on"), required=False)
    companies = CountField(label=gettext_lazy("Local companies taking part"), required=False, most=100_000)
    responsible_units = short_text(label=gettext_lazy("Unit in charge"), required=False, max_length=200)
    responsible_since_year = YearField(label=gettext_lazy("In charge since"), required=False)
    link = LinkField(label=gettext_lazy("Where it can be looked up"), required=False)
    notes = long_text(1000, label=gettext_lazy("What it means for the city"), required=False)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if self.row is not None:  # what was promised stays; another promise is another entry
            del self.fields["key"], self.fields["name"]
            return
        known = [(row.key, row.name) for row in INITIATIVES.values()]
        self.fields["key"].choices = [("", "–"), *known, (OTHER, _("Another commitment"))]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("key") == OTHER and not said.get("name"):
            self.add_error("name", ValidationError(_("Name the commitment.")))
        return said

    def values(self) -> dict[str, Any]:
        said = super().values()
        if self.row is not None:
            precision = (
                self.row.joined_precision if said["joined_on"] == self.row.joined_on else Precision.DAY
            )
            return {**said, "name": self.row.name, "joined_precision": precision}
        initiative = INITIATIVES.get(said["key"])
        if initiative is None:
            return {**said, "key": ""}
        clock = ("name", "first_report_years", "cycle_years", "grace_days", "lapse_years")
        return {
            **said,
            **{name: getattr(initiative, name) for name in clock},
            "link": said["link"] or initiative.link,
        }


class ReportForm(ReadableForm):
    title = short_text(label=gettext_lazy("Title of the report"), max_length=200)
    period_from = YearField(label=gettext_lazy("Covers from"))
    period_to = YearField(label=gettext_lazy("To"))
    filed_on = DayField(label=gettext_lazy("Filed on"))
    link = LinkField(label=gettext_lazy("Where it can be read"), required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        since, until = said.get("period_from"), said.get("period_to")
        if since and until and until < since:  # type: ignore[operator]
            self.add_error("period_to", ValidationError(_("The last year lies before the first.")))
        return said


class ExchangeForm(CityForm):
    local = ("subjects", "hosts", "summaries")
    columns = {"subjects": "fields"}
    direction = forms.ChoiceField(
        label=gettext_lazy("Which way?"),
        choices=[
            (ExchangeDirection.SENT.value, gettext_lazy("We sent people")),
            (ExchangeDirection.RECEIVED.value, gettext_lazy("We received people")),
        ],
        widget=forms.RadioSelect,
    )
    programme = short_text(label=gettext_lazy("Programme"), max_length=200)
    country = forms.ChoiceField(
        label=gettext_lazy("The other country or territory"),
        required=False,
        choices=lambda: [("", "–"), *countries],
    )
    people = CountField(label=gettext_lazy("How many people"), required=False, most=100_000)
    since_year = YearField(label=gettext_lazy("Since"), required=False)
    subjects = LinesField(label=gettext_lazy("Subjects"))
    hosts = short_text(label=gettext_lazy("Who hosted them"), required=False, max_length=200)
    summaries = long_text(1000, label=gettext_lazy("What came of it"), required=False)
