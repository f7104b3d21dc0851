"""Criteria, quotas, milestones, cut-off dates and sides as staff fill them in: no JSON, every language."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from calls.forms.wall_time import WallTimeField
from calls.forms.wordings import PartForm
from calls.models import Call, Criterion, CutOff, Milestone, Quota
from calls.models.call import CallKind
from calls.models.decision import Side
from calls.models.review import HIGHEST_SCORE
from calls.operations.wall_clock import FIRST_YEAR, LAST_YEAR
from calls.queries.set_up import languages_of
from cooperation.accounts.models import User
from cooperation.web.languages import language_name

MOST_PLACES = 10_000
SCORES = range(HIGHEST_SCORE + 1)


class DayField(forms.DateField):
    """A day within the years that a call's dates can mean."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(**{"widget": widget, **kwargs})

    def validate(self, value: Any) -> None:
        super().validate(value)
        if isinstance(value, date) and not FIRST_YEAR <= value.year < LAST_YEAR:
            about = {"first": FIRST_YEAR, "last": LAST_YEAR - 1}
            raise ValidationError(_("Choose a year from %(first)s to %(last)s.") % about)


class CriterionForm(PartForm):
    """A criterion with its weight, its threshold, and what each score means."""

    def __init__(self, data: Any = None, *, row: Criterion | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.anchors = row.anchors if row and isinstance(row.anchors, dict) else {}
        self.add_wording("labels", _("Criterion"), row.labels if row else {})
        self.fields["weight"] = forms.IntegerField(
            label=_("Weight, percent"), min_value=0, max_value=100, initial=row.weight if row else None
        )
        self.fields["threshold"] = forms.DecimalField(
            label=_("Threshold, of 5"),
            help_text=_("The mean of the reviewers’ scores that an application needs. Empty: none."),
            min_value=0,
            max_value=HIGHEST_SCORE,
            max_digits=2,
            decimal_places=1,
            required=False,
            initial=row.threshold if row else None,
        )
        for score in SCORES:
            kept = {code: str(said.get(str(score), "")) for code, said in self._said().items()}
            self.add_wording(
                f"anchors_{score}", _("Score %(score)s means") % {"score": score}, kept, required=False
            )
        self.close_others()

    def _said(self) -> dict[str, Mapping[str, Any]]:
        return {code: said for code, said in self.anchors.items() if isinstance(said, Mapping)}

    def part_field(self, name: str) -> str:
        return "anchors" if name.startswith("anchors_") else super().part_field(name)

    @property
    def fields_of_part(self) -> dict[str, Any]:
        anchors: dict[str, dict[str, str]] = {}
        for score in SCORES:
            for code, text in self.wording(f"anchors_{score}").items():
                anchors.setdefault(code, {})[str(score)] = text
        return {
            "labels": self.wording("labels"),
            "weight": self.cleaned_data["weight"],
            "threshold": self.cleaned_data["threshold"],
            "anchors": anchors,
        }


class QuotaForm(PartForm):
    """Places reserved for cities of some countries."""

    def __init__(self, data: Any = None, *, row: Quota | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        chosen = row.countries if row else []
        self.add_wording("labels", _("Quota"), row.labels if row else {})
        if self.call.kind == CallKind.PAIRING:
            self.fields["side"] = forms.ChoiceField(
                label=_("Side"),
                choices=[("home", _("home")), ("abroad", _("abroad"))],
                widget=forms.RadioSelect,
                initial=row.side if row else None,
            )
        self.fields["places"] = forms.IntegerField(
            label=_("Places at most"), min_value=1, max_value=MOST_PLACES, initial=row.places if row else None
        )
        self.fields["minimum"] = forms.IntegerField(
            label=_("Places at least"),
            help_text=_("Empty: no floor."),
            min_value=0,
            max_value=MOST_PLACES,
            required=False,
            initial=row.minimum if row else None,
        )
        self.fields["countries"] = forms.MultipleChoiceField(
            label=_("Countries or territories"),
            choices=sorted(countries, key=lambda choice: choice[0] not in chosen),
            widget=forms.CheckboxSelectMultiple,
            initial=chosen,
        )
        self.side = row.side if row else "home"
        self.close_others()

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if (data.get("minimum") or 0) > (data.get("places") or MOST_PLACES):
            self.add_error("minimum", _("The least is more than the most. Change one of them."))
        return data

    @property
    def fields_of_part(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "labels": self.wording("labels"),
            "side": data.get("side", self.side),
            "places": data["places"],
            "minimum": data["minimum"] or 0,
            "countries": sorted(data["countries"]),
        }


class MilestoneForm(PartForm):
    """A step of the round, with its day as planned and as it happened."""

    def __init__(self, data: Any = None, *, row: Milestone | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.add_wording("labels", _("What"), row.labels if row else {})
        for name, label in (("planned_on", _("Planned")), ("actual_on", _("Happened"))):
            kept = getattr(row, name) if row else None
            self.fields[name] = DayField(label=label, required=False, initial=kept)
        self.fields["actual_on"].help_text = _("Filled in when it is over.")
        self.close_others()

    @property
    def fields_of_part(self) -> dict[str, Any]:
        data = self.cleaned_data
        days = {name: data[name] for name in ("planned_on", "actual_on")}
        return {"labels": self.wording("labels"), **days}


class CutOffForm(PartForm):
    """One of several dates by which what has arrived is decided together."""

    wall_times = ("at",)
    at = WallTimeField(label=gettext_lazy("Cut-off"))

    def __init__(self, data: Any = None, *, row: CutOff | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if row:
            self.fields["at"].initial = row.at.astimezone(self.call.zone_info).replace(tzinfo=None)
        about = {"city": self.call.zone_city}
        self.fields["at"].help_text = _("Date and time on the clocks of %(city)s.") % about
        self.add_wording("labels", _("Name"), row.labels if row else {}, required=False)
        self.close_others()

    @property
    def fields_of_part(self) -> dict[str, Any]:
        return {"at": self.cleaned_data["at"], "labels": self.wording("labels")}


class SideForm(PartForm):
    """One of the sides that decide together, and the people who decide for it."""

    def __init__(self, data: Any = None, *, row: Side | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.add_wording("labels", _("Side"), row.labels if row else {})
        chosen = [person.pk for person in row.members.all()] if row else []
        people = User.objects.filter(Q(is_staff=True, is_active=True) | Q(pk__in=chosen)).order_by(
            "name", "email"
        )
        self.fields["members"] = forms.TypedMultipleChoiceField(
            label=_("People who decide for it"),
            choices=[(row.pk, row.name or row.email) for row in people],
            coerce=int,
            widget=forms.CheckboxSelectMultiple,
            required=False,
            initial=chosen,
        )
        self.close_others()

    @property
    def fields_of_part(self) -> dict[str, Any]:
        return {"labels": self.wording("labels"), "members": sorted(self.cleaned_data["members"])}


class WeightsForm(forms.Form):
    """The weights of all criteria together."""

    def __init__(self, data: Any = None, *, rows: list[Criterion]) -> None:
        super().__init__(data)
        self.rows = rows
        for row in rows:
            self.fields[f"weight_{row.pk}"] = forms.IntegerField(
                label=_("Weight of %(criterion)s, percent") % {"criterion": str(row) or row.key},
                min_value=0,
                max_value=100,
                initial=row.weight,
            )

    @property
    def weights(self) -> dict[int, int]:
        """Criterion -> percent. Only after validation."""
        return {row.pk: self.cleaned_data[f"weight_{row.pk}"] for row in self.rows}


class SectionForm(forms.Form):
    """The title of a section in each language of the call."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, call: Call, titles: Mapping[str, str]) -> None:
        super().__init__(data)
        self.kept, self.languages = titles, languages_of(call)
        for place, code in enumerate(self.languages):
            self.fields[f"title_{code}"] = forms.CharField(
                label=_("Title, %(language)s") % {"language": language_name(code)},
                max_length=250,
                required=place == 0,
                initial=titles.get(code, ""),
            )

    @property
    def titles(self) -> dict[str, str]:
        """Language -> title of those written. Only after validation."""
        typed = {code: self.cleaned_data[f"title_{code}"].strip() for code in self.languages}
        return {code: text for code, text in {**self.kept, **typed}.items() if text}
