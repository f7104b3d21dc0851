"""What staff type at a message: why it is called off, and that a second copy does no harm."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cooperation.notifications.steering import LONGEST_REASON


class CallOffForm(forms.Form):
    use_required_attribute = False
    reason = forms.CharField(
        label=_("Why it is called off"),
        help_text=_("Kept with the message, for staff."),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why it is called off.")},
    )


class RetryForm(forms.Form):
    """`doubtful`: the mail may have arrived; the reader may get it twice."""

    use_required_attribute = False
    twice = forms.BooleanField(
        label=_("A second copy does no harm"),
        help_text=_("The mail server may have taken it before the connection broke."),
        required=False,
    )

    def __init__(self, *args: Any, doubtful: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not doubtful:
            del self.fields["twice"]

    @property
    def although_twice(self) -> bool:
        """Whether the risk of a second copy was accepted."""
        return bool(self.cleaned_data.get("twice"))
