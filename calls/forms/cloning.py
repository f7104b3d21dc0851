"""When the next round opens, and its address."""

import re
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from calls.forms.call_parts import DayField
from calls.models import Call

A_YEAR = timedelta(weeks=52)  # keeps the weekday
YEAR = re.compile(r"-20[0-9]{2}$")


class CloneForm(forms.Form):
    """A year later under an address with its year, unless somebody says otherwise."""

    use_required_attribute = False
    opens_on = DayField(
        label=_("The new round opens about"),
        help_text=_("It opens on the nearest day of the same weekday."),
    )
    slug = forms.SlugField(
        label=_("Address"), help_text=_("Small letters, figures and hyphens."), max_length=120
    )

    def __init__(self, data: Any = None, *, call: Call, at: datetime) -> None:
        super().__init__(data)
        self.fields["opens_on"].initial = opens_on = _a_year_later(call, at)
        self.fields["slug"].initial = free_slug(call, opens_on)

    @property
    def day(self) -> date | None:
        """The day that the preview is for, also where the address is not good yet."""
        if not self.is_bound:
            found: date = self.fields["opens_on"].initial
            return found
        self.is_valid()
        return self.cleaned_data.get("opens_on")

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if Call.objects.filter(slug=slug).exists():
            raise ValidationError(_("Another call has this address. Choose another."))
        return slug


def _a_year_later(call: Call, at: datetime) -> date:
    """The opening some whole years later, the first that has not passed."""
    day, today = call.day_of(call.opens_at) + A_YEAR, call.day_of(at)
    while day <= today:
        day += A_YEAR
    return day


def free_slug(call: Call, opens_on: date) -> str:
    """The address of the last round with the new year."""
    stem = f"{YEAR.sub('', call.slug)[:110]}-{opens_on.year}"
    taken = set(Call.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    names = [stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)
