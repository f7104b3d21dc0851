"""A call's set-up as plain data: what a page showed, what is to be published, what the next round copies."""

import hashlib
import json
from typing import Any

from django.db.models import Model

from calls.models import Call, CallText, Criterion, CutOff, EligibilityRule, Milestone, Quota, ReminderRule
from calls.models.decision import Side
from calls.queries.answers import form_of
from calls.queries.form_versions import Form, as_data

# What a call is by its history, not by its set-up.
LIVED = frozenset(
    {
        *("id", "editorial", "published_at", "results_published_at", "last_number"),
        *("publication_asked_at", "publication_asked_by", "publication_asked_for"),
        *("cancelled_at", "cancelled_by", "cancellation_reasons"),
        *("cancellation_asked_at", "cancellation_asked_by", "cancellation_asked_for"),
    }
)
PLACE = frozenset({"id", "call", "superseded_at"})  # whose a part is, not what it says


def fingerprint(value: Any) -> str:
    """Tells whether plain data is still what a page showed."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


def call_fields(call: Call) -> dict[str, Any]:
    """The call's own fields by column, such as `programme_id`."""
    return {
        field.attname: getattr(call, field.attname)
        for field in Call._meta.concrete_fields
        if field.name not in LIVED
    }


def row_fields(row: Model) -> dict[str, Any]:
    """What one part of a call says; of a side, whose people decide for it, these too."""
    found = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.name not in PLACE
    }
    if isinstance(row, Side):
        found["members"] = sorted(person.pk for person in row.members.all())
    return found


def form_data(call: Call) -> Form:
    """The newest version of the form."""
    return as_data(form_of(call))


def set_up_of(call: Call) -> dict[str, Any]:
    """Everything that publishing a call publishes."""
    parts: dict[str, type[Model]] = {
        "texts": CallText,
        "rules": EligibilityRule,
        "criteria": Criterion,
        "quotas": Quota,
        "milestones": Milestone,
        "cut_offs": CutOff,
        "reminders": ReminderRule,
    }
    rows = {
        name: [row_fields(row) for row in model._default_manager.filter(call=call)]
        for name, model in parts.items()
    }
    sides = Side.objects.filter(call=call).prefetch_related("members")
    return {
        "call": call_fields(call),
        "themes": sorted(call.themes.values_list("slug", flat=True)),
        **rows,
        "sides": [row_fields(side) for side in sides],
        "form": form_data(call),
    }


def languages_of(call: Call) -> list[str]:
    """The languages in which a call says everything: that which decides first, then those of its texts."""
    texts = sorted(call.texts.all(), key=lambda text: (not text.authoritative, text.language))
    return list(dict.fromkeys([*(text.language for text in texts), *call.languages]))
