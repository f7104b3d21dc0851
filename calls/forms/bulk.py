"""What an action on many applications asks for: a reviewer, a correction; and which applications it named."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from calls.forms.correction import CorrectionForm
from calls.models import Application
from calls.operations.bulk import MOST, Action
from cooperation.accounts.models import User
from cooperation.web.admin_input import is_id


class SimpleForm(forms.Form):
    """An action that asks for nothing more."""


class AssignForm(forms.Form):
    reviewer = forms.ModelChoiceField(
        label=_("Reviewer"),
        queryset=User.objects.none(),
        empty_label=_("Choose a reviewer"),
        error_messages={
            "required": _("Choose a reviewer."),
            "invalid_choice": _("Choose one of the reviewers."),
        },
    )

    def __init__(self, *args: Any, calls: set[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        invited = Q(reviewer__accepted_at__isnull=False, reviewer__retired_at__isnull=True)
        people = User.objects.filter(Q(panels__call__in=calls) | invited, is_active=True)
        field = self.fields["reviewer"]
        field.queryset = people.order_by("name", "email").distinct()  # type: ignore[attr-defined]


class SameCorrectionForm(CorrectionForm):
    """One correction for many, on the clocks of the first one's call."""

    version = None  # type: ignore[assignment]


def form_for(action: Action, data: Any, rows: list[Application], at: Any) -> forms.Form:
    """The form of an action; `data` is None before anything was entered."""
    if action.key == "assign":
        return AssignForm(data, calls={row.call_id for row in rows})
    if action.key == "correct":
        return SameCorrectionForm(data, application=rows[0], at=at)
    return SimpleForm(data)


def named(text: str) -> list[tuple[int, int]]:
    """The applications and versions that a confirmation named: "12:3,15:1". What is none is left out."""
    found = {}
    for entry in text.split(",")[:MOST]:
        pk, _colon, version = entry.strip().partition(":")
        if is_id(pk) and is_id(version):
            found[int(pk)] = int(version)
    return list(found.items())
