"""A later day for a city's answer as staff type it."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from calls.forms.staff import NoteField
from calls.forms.wall_time import WallTimeField, WallTimesForm
from calls.models import Call


class AnswerExtensionForm(WallTimesForm):
    """The new due date as a wall time in the call's zone, and why."""

    wall_times = ("due",)
    use_required_attribute = False
    due = WallTimeField(
        label=_("The answer is due"), error_messages={"required": _("Enter the new due date.")}
    )
    reason = NoteField(
        label=_("Reason"),
        help_text=_("The city reads it in the letter."),
        error_messages={"required": _("Give the reason: the city reads it.")},
    )

    def __init__(self, *args: Any, call: Call, due_at: datetime, **kwargs: Any) -> None:
        local = due_at.astimezone(call.zone_info).replace(tzinfo=None)
        super().__init__(*args, zone=call.zone, initial={"due": local}, **kwargs)
        about = {"city": call.zone_city}
        self.fields["due"].help_text = _("Date and time on the clocks of %(city)s.") % about
