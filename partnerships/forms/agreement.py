"""An agreement or a twinning that a city states: with whom, about what, how far."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from partnerships.forms.city_fields import CityForm, DayField, LinesField, YearField, long_text, short_text
from partnerships.models import City
from partnerships.models.partnership import PartnershipKind, Stage
from partnerships.queries.editing import city_called

NO_CITY = "no_city"


class AgreementForm(CityForm):
    """The partner is found by name; of several cities of that name one is chosen."""

    local = ("titles", "subjects", "summaries")
    columns = {"subjects": "fields"}
    partner = short_text(
        label=gettext_lazy("With which city?"),
        max_length=200,
        help_text=gettext_lazy("In any spelling, such as Göteborg or Rosario, Argentina."),
    )
    which = forms.ChoiceField(label=gettext_lazy("Which of them?"), required=False, widget=forms.RadioSelect)
    kind = forms.ChoiceField(
        label=gettext_lazy("What is it?"),
        choices=[
            (PartnershipKind.TWINNING.value, gettext_lazy("A twinning")),
            (PartnershipKind.AGREEMENT.value, gettext_lazy("An agreement or a protocol")),
        ],
        widget=forms.RadioSelect,
    )
    stage = forms.ChoiceField(
        label=gettext_lazy("How far is it?"),
        choices=[
            (Stage.TALKS.value, gettext_lazy("In talks")),
            (Stage.ACTIVE.value, gettext_lazy("In force")),
            (Stage.COMPLETED.value, gettext_lazy("Ended")),
        ],
        widget=forms.RadioSelect,
    )
    titles = short_text(
        label=gettext_lazy("Title"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Empty: named after the two."),
    )
    subjects = LinesField(label=gettext_lazy("Fields of cooperation"), required=False)
    start_year = YearField(label=gettext_lazy("Since"), required=False)
    signed_on = DayField(label=gettext_lazy("Signed on"), required=False)
    renewal_on = DayField(label=gettext_lazy("To be renewed by"), required=False)
    end_year = YearField(label=gettext_lazy("Ended in"), required=False)
    summaries = long_text(1000, label=gettext_lazy("What came of it"), required=False)

    def __init__(self, data: Any = None, *, city: City, row: Any = None, **kwargs: Any) -> None:
        self.city = city
        self.found: City | None = None
        super().__init__(data, row=row, **kwargs)
        if row is not None:  # another partner is another agreement
            del self.fields["partner"]
        self._offer(self.data.get("partner", "") if row is None else "")

    def _offer(self, words: str) -> None:
        """Ask which city is meant where several have the name, or whether it is a city at all."""
        called = city_called(words)
        if not words or called.city:
            del self.fields["which"]
            return
        choices = [(city.slug, _full_name(city)) for city in called.candidates]
        choices.append((NO_CITY, _("Another partner of this name")))
        self.fields["which"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        self._find_partner(said)
        since, until = said.get("start_year"), said.get("end_year")
        if since and until and until < since:  # type: ignore[operator]
            self.add_error("end_year", ValidationError(_("The last year lies before the first.")))
        signed, renewal = said.get("signed_on"), said.get("renewal_on")
        if signed and renewal and renewal <= signed:  # type: ignore[operator]
            self.add_error("renewal_on", ValidationError(_("The renewal lies before the signature.")))
        return said

    def _find_partner(self, said: dict[str, Any]) -> None:
        if "partner" not in self.fields or not said.get("partner"):
            return
        found = city_called(str(said["partner"]))
        chosen = said.get("which")
        if found.city:
            self.found = found.city
        elif chosen and chosen != NO_CITY:
            self.found = City.objects.filter(slug=chosen).first()
        elif chosen != NO_CITY:
            words = _("Several cities have this name.") if found.candidates else _("No city has this name.")
            self.add_error("which", ValidationError(f"{words} {_('Choose what is meant.')}"))

    def values(self) -> dict[str, Any]:
        said = super().values()
        name = said.pop("partner", "")
        said.pop("which", None)
        if self.row is None and not said["titles"]:
            about = {"one": self.city.name, "other": self.found.name if self.found else name}
            twinning = said["kind"] == PartnershipKind.TWINNING
            title = (
                _("Twinning of %(one)s and %(other)s")
                if twinning
                else _("Agreement of %(one)s and %(other)s")
            )
            said["titles"] = self._kept("titles", title % about)
        return said


def _full_name(city: City) -> str:
    return ", ".join(filter(None, [city.name, city.region, countries.name(str(city.country))]))
