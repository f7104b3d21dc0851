"""What somebody brings to be checked: a fingerprint, or the file itself."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from calls.queries.verification import fingerprint_in, fingerprint_of

LONGEST_TYPED = 500  # signs; room for groups, numbers and line ends


class Fingerprint(forms.Form):
    """64 signs, typed or pasted; blanks and capitals do not matter."""

    use_required_attribute = False
    fingerprint = forms.CharField(
        label=_("Fingerprint (SHA-256)"),
        help_text=_("64 signs from 0 to 9 and a to f. Blanks and capitals do not matter."),
        strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Enter the fingerprint: it stands on the receipt and in the PDF.")},
    )

    def clean_fingerprint(self) -> str:
        typed = self.cleaned_data["fingerprint"]
        found = fingerprint_in(typed) if len(typed) <= LONGEST_TYPED else None
        if found is None:
            count = len("".join(typed.split()))
            raise forms.ValidationError(
                _("A fingerprint has 64 signs from 0 to 9 and a to f. These are %(count)s signs, or others."),
                params={"count": count},
            )
        return found


class Copy(forms.Form):
    """The PDF or the sealed copy (JSON), exactly as it was downloaded."""

    use_required_attribute = False
    copy = forms.FileField(
        label=_("The PDF or the sealed copy (JSON)"),
        help_text=_("Only its fingerprint is worked out; the file is not kept."),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.json"}),
        error_messages={
            "required": _("Choose the file that you want to check."),
            "missing": _("Choose the file that you want to check."),
            "empty": _("This file is empty. Download it again, or type the fingerprint."),
            "invalid": _("Choose the file that you want to check."),
        },
    )

    @property
    def sha256(self) -> str:
        """The fingerprint of the file. Only after validation."""
        return fingerprint_of(self.cleaned_data["copy"].read())

    def clean_copy(self) -> UploadedFile:
        found: Any = self.cleaned_data["copy"]
        return found
