"""Cancelling a call as staff type it: why, in each language of the call, and a tick that it is meant."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from calls.forms.amending import add_reasons, reasons_in
from calls.models import Call


class CancellationForm(forms.Form):
    """`fixed`: what another person asked for, read and sent back as it is."""

    use_required_attribute = False

    def __init__(self, *args: Any, call: Call, fixed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        add_reasons(self, call)
        for name, field in self.fields.items():
            field.initial = call.cancellation_reasons.get(name.removeprefix("reason_"), "")
            field.error_messages["required"] = _("Give the reason: everybody concerned reads it.")
            if fixed:
                field.widget.attrs["readonly"] = True
        self.fields["confirm"] = forms.BooleanField(
            label=_("I have read what happens, and that it cannot be undone"),
            error_messages={"required": _("Tick that you have read what happens.")},
        )

    @property
    def reasons(self) -> dict[str, str]:
        return reasons_in(self)
