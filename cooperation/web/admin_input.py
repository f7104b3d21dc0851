"""Input at the stock pages of the admin that Django would answer with a 500, or store unsound."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.forms.fields import InvalidJSONInput
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as word_of_django
from django.utils.translation import gettext_lazy as _

LARGEST_ID = 2**63 - 1
MOST_DIGITS = 19  # of LARGEST_ID; Python refuses to read a number of thousands of digits


def is_id(text: str) -> bool:
    """Whether text is a number that an id can have."""
    return text.isdecimal() and len(text) <= MOST_DIGITS and int(text) <= LARGEST_ID


class SoundJSONField(forms.JSONField):
    """JSON that PostgreSQL can keep: no NUL, no half of a character, no number that is none."""

    def to_python(self, value: Any) -> Any:
        try:
            found = super().to_python(value)
            json.dumps(found, allow_nan=False, ensure_ascii=False).encode()
        except (ValueError, RecursionError) as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error
        if _holds_nul(found):
            raise ValidationError(_("Null characters are not allowed."), code="null_characters_not_allowed")
        return found

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What is shown again: unsound JSON as it was typed."""
        try:
            self.to_python(data)
        except ValidationError:
            return InvalidJSONInput(data)
        return super().bound_data(data, initial)


def _holds_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, Mapping):
        return any(_holds_nul(key) or _holds_nul(entry) for key, entry in value.items())
    return isinstance(value, list) and any(_holds_nul(entry) for entry in value)


class IdSelect(AutocompleteSelect):
    """A search field that shows a form again although what was sent is no id."""

    def optgroups(self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None) -> list[Any]:
        return super().optgroups(name, [entry for entry in value if is_id(str(entry))], attr)


def _label_parts(field: forms.SplitDateTimeField) -> None:
    """Django labels neither the day nor the hour: read out, they would be two fields without a name."""
    for widget, part in zip(field.widget.widgets, ("Date:", "Time:"), strict=True):
        widget.attrs["aria-label"] = f"{field.label}, {word_of_django(part).rstrip(':')}"


class CarefulInput:
    """For a list or an inline of the admin: JSON is checked, ids that are none are left out."""

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, models.JSONField):
            kwargs.setdefault("form_class", SoundJSONField)
        elif isinstance(db_field, models.URLField):
            kwargs["assume_scheme"] = "https"
        found = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if isinstance(found, forms.SplitDateTimeField):
            _label_parts(found)
        return found

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):  # type: ignore[attr-defined]
            site = self.admin_site  # type: ignore[attr-defined]
            kwargs.setdefault("widget", IdSelect(db_field, site, using=kwargs.get("using")))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def response_action(
        self, request: HttpRequest, queryset: QuerySet[Any], *place: Any, **named: Any
    ) -> HttpResponse | None:
        """Ids that are none are left out before Django hands them to the database."""
        data = request.POST.copy()
        data.setlist(
            ACTION_CHECKBOX_NAME, [entry for entry in data.getlist(ACTION_CHECKBOX_NAME) if is_id(entry)]
        )
        request.POST = data  # type: ignore[assignment]
        return super().response_action(request, queryset, *place, **named)  # type: ignore[misc]
