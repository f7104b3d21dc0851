"""Withdrawing an application, with a reason for one's own files."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _


class Withdrawal(forms.Form):
    """An optional reason."""

    use_required_attribute = False
    note = forms.CharField(
        label=_("Reason"),
        help_text=_("Kept with the application; the organiser can read it."),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"max_length": _("Shorten the reason to 2,000 characters. Nothing was cut off.")},
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        if data is not None and "\x00" in data.get("note", ""):
            data = data.copy()
            data["note"] = str(data["note"]).replace("\x00", "")
        super().__init__(data)
