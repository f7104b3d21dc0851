"""Choosing a time zone. One that does not exist would break every page that shows its clock."""

from zoneinfo import available_timezones

from django import forms
from django.db.models import Field
from django.utils.text import capfirst


def zone_choices() -> list[tuple[str, str]]:
    """Every time zone that exists, by name."""
    return [(zone, zone) for zone in sorted(available_timezones())]


def zone_field(field: Field) -> forms.ChoiceField:
    """The form field for a model's text field that names a time zone."""
    return forms.ChoiceField(label=capfirst(field.verbose_name), choices=zone_choices)
