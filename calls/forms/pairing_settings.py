"""How a call pairs, as staff fill it in: shape, groups, weights, limits, what ties and answers follow."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.forms.pairing_what_if import as_points, points_field, weights_fault
from calls.forms.wordings import PartForm
from calls.models import Call
from calls.models.pairing import RunShape
from calls.queries.pairing_proof import DIRECTIONS
from calls.queries.pairing_settings import (
    FEWEST_IN_A_GROUP,
    MOST_ANSWER_DAYS,
    MOST_IN_A_GROUP,
    PairingSettings,
    SettingsUnreadableError,
    pairing_settings,
)
from calls.queries.pairing_wording import CRITERIA, POINT
from partnerships.matching.profiles import PREFERENCES

SHAPES = [
    (RunShape.SIDES.value, gettext_lazy("Two sides, home and abroad: the quotas say which country is where")),
    (RunShape.POOL.value, gettext_lazy("One pool: any city with any other, in groups")),
]


def _size(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=FEWEST_IN_A_GROUP, max_value=MOST_IN_A_GROUP)


class PairingSettingsForm(PartForm):
    """`Call.pairing` in fields; what no field asks, such as caps between countries, stays as it was."""

    PLAIN = ("shape", "smallest", "largest", "most_per_country", "themed", "raise_floor", "answer_days")

    shape = forms.ChoiceField(
        label=gettext_lazy("Who is paired with whom"), choices=SHAPES, widget=forms.RadioSelect
    )
    smallest = _size(gettext_lazy("Cities in the smallest group"))
    largest = _size(gettext_lazy("Cities in the largest group"))
    most_per_country = forms.IntegerField(
        label=gettext_lazy("Most cities of one country"),
        help_text=gettext_lazy(
            "In a group; with two sides, among the partners of a city that takes several. Empty: any number."
        ),
        required=False,
        min_value=1,
        max_value=MOST_IN_A_GROUP,
    )
    themed = forms.BooleanField(
        label=gettext_lazy("All cities of a group share a theme or a challenge"), required=False
    )
    minimum_score = points_field(
        gettext_lazy("Least score of a pair, of 100"),
        gettext_lazy("Cities that score less together are never proposed to each other."),
    )
    raise_floor = forms.BooleanField(
        label=gettext_lazy("First make the weakest pair as strong as possible, then the total"),
        required=False,
    )
    keep_bonus = points_field(
        gettext_lazy("Worth of keeping a pair of the run before, in points"),
        gettext_lazy("With 1 or 2 points few cities are moved when something small changes."),
    )
    answer_days = forms.IntegerField(
        label=gettext_lazy("Days that cities have to answer"), min_value=1, max_value=MOST_ANSWER_DAYS
    )

    def __init__(self, data: Any = None, *, call: Call, **kwargs: Any) -> None:
        try:
            self.now, self.readable = pairing_settings(call), True
        except SettingsUnreadableError:
            self.now, self.readable = PairingSettings(), False  # what cannot be read is entered anew
        super().__init__(data, call=call, **kwargs)
        for name in self.PLAIN:
            self.fields[name].initial = getattr(self.now, name)
        for name in ("minimum_score", "keep_bonus"):
            self.fields[name].initial = as_points(getattr(self.now, name))
        for name, label in CRITERIA.items():
            self._add_weight(name, label)
        weights = [name for name in self.fields if name.startswith(("weight_", "prefer_"))]
        self.order_fields([*self.PLAIN[:5], *weights])
        self.close_others()

    def _add_weight(self, name: str, label: Any) -> None:
        field = points_field(label)
        field.initial = as_points(self.now.weights.get(name, 0))
        self.fields[f"weight_{name}"] = field
        if name in PREFERENCES:
            self.fields[f"prefer_{name}"] = forms.ChoiceField(
                label=_("%(what)s: who comes first") % {"what": label},
                choices=[(choice, str(DIRECTIONS[choice]).capitalize()) for choice in PREFERENCES[name]],
                widget=forms.RadioSelect,
                initial=self.now.prefer.get(name, PREFERENCES[name][0]),
            )

    def part_field(self, name: str) -> str:
        return "pairing"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        names = [f"weight_{name}" for name in CRITERIA]
        if fault := weights_fault([data.get(name) for name in names]):
            self.add_error(names[0], fault)
        smallest, largest = data.get("smallest"), data.get("largest")
        if smallest and largest and smallest > largest:
            self.add_error("largest", _("The largest group cannot be smaller than the smallest."))
        return data

    @property
    def fieldsets(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields as the page shows them, under what they are about."""
        choosing = ("minimum_score", "raise_floor", "keep_bonus", "answer_days")
        weights = [name for name in self.fields if name.startswith(("weight_", "prefer_"))]
        groups = (
            (_("Who meets whom"), self.PLAIN[:5]),
            (_("What counts, 100 points in all"), weights),
            (_("How it is decided"), choosing),
        )
        return [(label, [self[name] for name in names]) for label, names in groups]

    @property
    def fields_of_part(self) -> dict[str, Any]:
        data = self.cleaned_data
        said: Mapping[str, Any] = {
            **{name: data[name] for name in self.PLAIN},
            "minimum_score": int(data["minimum_score"] * POINT),
            "keep_bonus": int(data["keep_bonus"] * POINT),
            "weights": {
                name: int(data[f"weight_{name}"] * POINT) for name in CRITERIA if data[f"weight_{name}"]
            },
            "prefer": {name: data[f"prefer_{name}"] for name in PREFERENCES},
        }
        if self.readable and said == self._as_before():
            return {"pairing": self.call.pairing}
        caps = {"caps": self.now.as_data()["caps"]} if self.now.caps else {}
        return {"pairing": {**said, **caps}}

    def _as_before(self) -> dict[str, Any]:
        """The same keys as the call has them now, usual values included."""
        kept = self.now.as_data()
        kept["weights"] = {name: weight for name, weight in kept["weights"].items() if weight}
        kept["prefer"] = {name: kept["prefer"].get(name, choices[0]) for name, choices in PREFERENCES.items()}
        return {name: value for name, value in kept.items() if name != "caps"}
