"""What staff type while they pair: a pin or a veto, a note, the day on which cities answer."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.forms.staff import NoteField
from calls.forms.wall_time import WallTimeField, WallTimesForm
from calls.models import Call
from calls.models.pairing import DirectiveKind

Choices = Sequence[tuple[str, str]]
KINDS = [
    (DirectiveKind.PIN.value, gettext_lazy("Pin them together")),
    (DirectiveKind.VETO.value, gettext_lazy("Keep them apart")),
]
LONGEST_REASON = 300  # characters, as the column
CHOOSE = {"required": gettext_lazy("Choose a city.")}


def city_choice(label: Any, choices: Choices) -> forms.ChoiceField:
    """A city by name; its value is the application's reference."""
    empty = ("", _("Choose a city"))
    return forms.ChoiceField(label=label, choices=[empty, *choices], error_messages=CHOOSE)


class DirectiveForm(forms.Form):
    """Two cities that belong together or stay apart, and why."""

    use_required_attribute = False
    kind = forms.ChoiceField(
        label=gettext_lazy("What holds from the next run on"),
        choices=KINDS,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose whether the two belong together or stay apart.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_REASON,
        help_text=gettext_lazy("Staff read it beside the pin or veto; cities do not."),
        error_messages={"required": gettext_lazy("Give the reason.")},
    )

    def __init__(self, data: Any = None, *, first: Choices, second: Choices, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["reason"].widget.attrs.pop("maxlength", None)  # said in a sentence, never cut off
        self.fields["one"] = city_choice(_("One city"), first)
        self.fields["other"] = city_choice(_("The other city"), second)
        self.order_fields(["one", "other", "kind", "reason"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("one") and data.get("one") == data.get("other"):
            self.add_error("other", _("Choose two different cities."))
        return data


class NoteForm(forms.Form):
    """A note about one city of a proposal, or about all of them together."""

    use_required_attribute = False
    text = NoteField(label=gettext_lazy("Note"), error_messages={"required": gettext_lazy("Write the note.")})

    def __init__(self, data: Any = None, *, about: Choices, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["about"] = forms.ChoiceField(label=_("About"), choices=about)
        self.order_fields(["about", "text"])


class AnswerDateForm(WallTimesForm):
    """The day until which cities answer, as a wall time in the call's zone."""

    wall_times = ("answer_by",)
    use_required_attribute = False
    answer_by = WallTimeField(
        label=gettext_lazy("Cities answer before"),
        error_messages={"required": gettext_lazy("Enter the day and time until which cities answer.")},
    )

    def __init__(self, *args: Any, call: Call, answer_by: datetime, **kwargs: Any) -> None:
        local = answer_by.astimezone(call.zone_info).replace(tzinfo=None)
        super().__init__(*args, zone=call.zone, initial={"answer_by": local}, **kwargs)
        about = {"city": call.zone_city}
        self.fields["answer_by"].help_text = _("Date and time on the clocks of %(city)s.") % about


class PublishForm(AnswerDateForm):
    """The day to answer by, and whether cities without a partner are told too."""

    tell_others = forms.BooleanField(
        label=gettext_lazy("Tell the cities without a partner"),
        required=False,
        help_text=gettext_lazy("Their letter names no other city and asks for nothing."),
    )
