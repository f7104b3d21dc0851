"""Countries as ticks, with whole groups that are ticked at once. It works without a script."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django_countries import countries

from calls.eligibility.reference_lists import EU_2020
from calls.queries.eligibility_labels import SIDES
from calls.queries.regions import REGION_LABELS, REGIONS

WHOLE = "all-of:"  # begins what is sent for a group, so that it is never a country's code
GROUPS = {"eu": EU_2020, **REGIONS}


class CountriesField(forms.MultipleChoiceField):
    """Country codes. A ticked group stands for its members of today: what is kept names each of them."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, kept: Collection[str] = (), **settings: Any) -> None:
        every = sorted(countries, key=lambda choice: choice[0] not in kept)
        hint = _("The first lines tick a whole group at once. The rule then names each of its countries.")
        super().__init__(choices=[*_groups(), *every], help_text=hint, **settings)

    def clean(self, value: Any) -> list[str]:
        chosen = super().clean(value)
        groups = [name.removeprefix(WHOLE) for name in chosen if name.startswith(WHOLE)]
        members = [code for group in groups for code in sorted(GROUPS[group])]
        single = [code for code in chosen if not code.startswith(WHOLE)]
        return list(dict.fromkeys([*single, *members]))


def _groups() -> list[tuple[str, str]]:
    labels = {"eu": SIDES["eu"], **REGION_LABELS}
    return [
        (WHOLE + name, _("%(group)s: all %(count)s") % {"group": labels[name], "count": len(members)})
        for name, members in GROUPS.items()
    ]
