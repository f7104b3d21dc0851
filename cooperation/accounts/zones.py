"""Choosing a time zone. One that does not exist would break every page that shows its clock."""

from zoneinfo import available_timezones

from django import forms
from django.db.models import Field
from django.utils.text import capfirst

# Names of this machine's own clock and of none, which a database on another machine does not know.
OF_NO_PLACE = {"localtime", "Factory"}


def zone_choices() -> list[tuple[str, str]]:
    """Every time zone that exists, by name."""
    return [(zone, zone) for zone in sorted(available_timezones() - OF_NO_PLACE)]


def zone_field(field: Field) -> forms.ChoiceField:
    """The form field for a model's text field that names a time zone."""
    return forms.ChoiceField(label=capfirst(field.verbose_name), choices=zone_choices)
