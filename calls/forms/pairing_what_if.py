"""What staff change to see what would come of it: weights, the least score, quotas, cities that stay away."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.queries.pairing_wording import CRITERIA, POINT
from partnerships.matching.pool import PoolInput
from partnerships.matching.profiles import PairingInput, Quota
from partnerships.models.city import fold

MOST_PLACES = 10_000


def points_field(label: Any, help_text: Any = "") -> forms.DecimalField:
    """Points of 100 with three places; kept as thousandths."""
    return forms.DecimalField(
        label=label,
        min_value=0,
        max_value=100,
        decimal_places=3,
        help_text=help_text,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "any"}),
    )


def as_points(thousandths: int) -> Decimal:
    """Thousandths as points without idle zeros."""
    return (Decimal(thousandths) / POINT).normalize() + 0


def weights_fault(points: Sequence[Decimal | None]) -> str:
    """Why weights cannot be used, as a sentence; empty when they can. None: that field has its own fault."""
    given = [value for value in points if value is not None]
    total = sum(given, Decimal(0))
    if len(given) < len(points) or total == 100:
        return ""
    return _("The points sum to 100. Now they are %(total)s.") % {"total": f"{total.normalize() + 0:f}"}


class WhatIfForm(forms.Form):
    """The frozen input of a run under other settings; `changes` is what differs."""

    use_required_attribute = False
    minimum_score = points_field(gettext_lazy("Least score of a pair, of 100"))
    keep_bonus = points_field(
        gettext_lazy("Worth of keeping a pair, in points"),
        gettext_lazy("With 1 or 2 points few cities are moved; 0 keeps nothing for its own sake."),
    )
    raise_floor = forms.BooleanField(
        label=gettext_lazy("First make the weakest pair as strong as possible, then the total"),
        required=False,
    )
    without = forms.MultipleChoiceField(
        label=gettext_lazy("Cities that stay away"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any = None, *, frozen: PairingInput | PoolInput, **kwargs: Any) -> None:
        self.frozen, settings = frozen, frozen.settings
        initial = {
            "minimum_score": as_points(settings.minimum_score),
            "keep_bonus": as_points(settings.keep_bonus),
            "raise_floor": settings.raise_floor,
        }
        super().__init__(data, initial=initial, **kwargs)
        for name, label in CRITERIA.items():
            field = points_field(label)
            field.initial = as_points(settings.weights.get(name, 0))
            self.fields[f"weight_{name}"] = field
        self.quotas = self._quotas()
        for number, quota in enumerate(self.quotas):
            self._add_quota(number, quota)
        self.cities = sorted(self._profiles(), key=lambda row: fold(row.name))
        without = self.fields["without"]
        assert isinstance(without, forms.MultipleChoiceField)  # noqa: S101 - said to mypy
        without.choices = [(row.id, row.name) for row in self.cities]

    def _quotas(self) -> list[Quota]:
        if isinstance(self.frozen, PoolInput):
            return []
        return [*self.frozen.a.quotas, *self.frozen.b.quotas]

    def _profiles(self) -> Sequence[Any]:
        if isinstance(self.frozen, PoolInput):
            return self.frozen.pool
        return [*self.frozen.a.profiles, *self.frozen.b.profiles]

    def _add_quota(self, number: int, quota: Quota) -> None:
        parts = (("minimum", _("at least"), True), ("maximum", _("at most"), False))
        for part, label, required in parts:
            self.fields[f"{part}_{number}"] = forms.IntegerField(
                label=_("%(quota)s, %(part)s") % {"quota": quota.label, "part": label},
                min_value=0,
                max_value=MOST_PLACES,
                required=required,
                initial=getattr(quota, part),
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        names = [f"weight_{name}" for name in CRITERIA]
        if fault := weights_fault([data.get(name) for name in names]):
            self.add_error(names[0], fault)
        for number, _quota in enumerate(self.quotas):
            least, most = data.get(f"minimum_{number}"), data.get(f"maximum_{number}")
            if least is not None and most is not None and least > most:
                self.add_error(f"minimum_{number}", _("The least cannot be above the most."))
        return data

    @property
    def changes(self) -> dict[str, Any]:
        """What differs from the run, as the operation takes it. Only after validation."""
        data, settings = self.cleaned_data, self.frozen.settings
        weights = {name: int(data[f"weight_{name}"] * POINT) for name in CRITERIA}
        said: dict[str, Any] = {
            "minimum_score": int(data["minimum_score"] * POINT),
            "keep_bonus": int(data["keep_bonus"] * POINT),
            "raise_floor": data["raise_floor"],
        }
        found = {name: value for name, value in said.items() if value != getattr(settings, name)}
        if weights != {name: settings.weights.get(name, 0) for name in CRITERIA}:
            found["weights"] = {name: weight for name, weight in weights.items() if weight}
        if quotas := self._changed_quotas():
            found["quotas"] = quotas
        if data["without"]:
            found["without"] = data["without"]
        return found

    def _changed_quotas(self) -> dict[str, Mapping[str, Any]]:
        limits = {
            quota.label: {part: self.cleaned_data[f"{part}_{number}"] for part in ("minimum", "maximum")}
            for number, quota in enumerate(self.quotas)
        }
        return {
            quota.label: limits[quota.label]
            for quota in self.quotas
            if limits[quota.label] != {"minimum": quota.minimum, "maximum": quota.maximum}
        }

    @property
    def weight_fields(self) -> list[forms.BoundField]:
        return [self[f"weight_{name}"] for name in CRITERIA]

    @property
    def quota_fields(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        return [
            (quota.label, self[f"minimum_{number}"], self[f"maximum_{number}"])
            for number, quota in enumerate(self.quotas)
        ]
