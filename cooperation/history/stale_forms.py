"""Forms of the admin never write over what somebody else changed since they were opened."""

import hashlib
import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

SEEN = "seen"
SHOWN = 80


class Unhurried:
    """For a list of the admin: its form carries what its record and the lines below it looked like.

    When that is no longer so, nothing is saved, what was typed stays, and the form says what stands now.
    Whoever saves again has read it. A form that was sent without the mark is taken as it is.
    """

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        form = super().get_form(request, obj, change, **kwargs)  # type: ignore[misc]
        if request.method != "POST" or obj is None:
            return form
        seen, mark = request.POST.get(SEEN, ""), self._mark

        class Compared(form):  # type: ignore[valid-type, misc]
            def clean(self) -> Any:
                cleaned = super().clean()
                now = type(obj)._base_manager.select_for_update().filter(pk=obj.pk).first()
                if seen and now is not None and mark(request, now, form) != seen:
                    raise ValidationError(_sentence(self, now))
                return cleaned

        return Compared

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        if obj is not None and self.has_change_permission(request, obj):  # type: ignore[attr-defined]
            now = type(obj)._base_manager.get(pk=obj.pk)  # the form wrote what was typed into the other one
            context[SEEN] = self._mark(request, now, type(context["adminform"].form))
        return super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc]

    def _mark(self, request: HttpRequest, obj: models.Model, form: type[forms.ModelForm]) -> str:
        """A fingerprint of the fields of the form and of all rows of its inlines."""
        parts: list[Any] = [model_to_dict(obj, fields=list(form.base_fields))]
        for formset, _inline in self.get_formsets_with_inlines(request, obj):  # type: ignore[attr-defined]
            rows = formset.model._base_manager.filter(**{formset.fk.name: obj}).order_by("pk")
            parts.append(list(rows.values()))
        text = json.dumps(parts, sort_keys=True, default=_plain)
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def _plain(value: Any) -> str:
    return str(value.pk if isinstance(value, models.Model) else value)


def _sentence(form: forms.ModelForm, now: models.Model) -> str:
    """What was changed meanwhile, as far as it is not what the reader typed as well."""
    told = _("Somebody changed this while you wrote. Nothing was saved, and what you typed is still here.")
    stands = [f"{form.fields[name].label}: {_value(now, name)}" for name in form.changed_data]
    if stands:
        told += " " + _("What stands now: %(fields)s.") % {"fields": "; ".join(stands)}
    return told + " " + _("Save again to keep yours, or open the page anew.")


def _value(obj: models.Model, name: str) -> str:
    shown = getattr(obj, f"get_{name}_display", None)
    value = shown() if shown else getattr(obj, name, "")
    if hasattr(value, "all"):
        value = ", ".join(map(str, value.all()))
    return Truncator("–" if value is None or value == "" else str(value)).chars(SHOWN)
