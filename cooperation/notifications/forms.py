"""How a reader wants to be told: topic by topic, at which hours, in which language and time zone."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cooperation.accounts.models import User
from cooperation.accounts.zones import zone_field
from cooperation.notifications.kinds import Topic
from cooperation.notifications.models import Mode
from cooperation.notifications.preferring import CHOOSABLE
from cooperation.notifications.timing import QUIET_FROM, QUIET_UNTIL, Hours

HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]


class PreferencesForm(forms.Form):
    """Every choice of a reader on one page; `modes`, `hours` hold them once it is valid."""

    use_required_attribute = False
    language = forms.ChoiceField(
        label=_("Language of your mail"),
        choices=settings.LANGUAGES,
        help_text=_("The portal itself speaks the language that you choose at the top of each page."),
    )
    quiet = forms.BooleanField(
        label=_("Send me no reminders at night"),
        help_text=_("They wait for the morning, unless the deadline is nearer than that."),
        required=False,
    )
    quiet_from = forms.TypedChoiceField(label=_("Quiet from"), choices=HOURS, coerce=int)
    quiet_until = forms.TypedChoiceField(label=_("Quiet until"), choices=HOURS, coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"] = zone_field(User._meta.get_field("time_zone"))
        self.fields["time_zone"].help_text = _("Your clock decides when digests leave and nights begin.")
        modes = [(mode.value, capfirst(str(mode.label))) for mode in Mode]
        for topic in CHOOSABLE:
            self.fields[topic.value] = forms.ChoiceField(
                label=topic.label, choices=modes, widget=forms.RadioSelect
            )

    @classmethod
    def initial_of(cls, reader: User, modes: dict[Topic, Mode], hours: Hours) -> dict[str, Any]:
        """The fields as they stand for a reader."""
        quiet = hours[0] != hours[1]
        begins, ends = hours if quiet else (QUIET_FROM, QUIET_UNTIL)
        chosen = {topic.value: mode.value for topic, mode in modes.items()}
        told = {"language": reader.language, "time_zone": reader.time_zone}
        return {**told, "quiet": quiet, "quiet_from": begins, "quiet_until": ends, **chosen}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        begins, ends = given.get("quiet_from"), given.get("quiet_until")
        if given.get("quiet") and begins is not None and begins == ends:
            self.add_error(
                "quiet_until",
                _("Both hours are the same. Choose a later one, or untick “Send me no reminders at night”."),
            )
        return given

    @property
    def modes(self) -> dict[Topic, Mode]:
        """The choice for each topic."""
        return {topic: Mode(self.cleaned_data[topic.value]) for topic in CHOOSABLE}

    @property
    def hours(self) -> Hours:
        """Quiet hours, from and until; the same hour twice: none."""
        if not self.cleaned_data["quiet"]:
            return (0, 0)
        return (self.cleaned_data["quiet_from"], self.cleaned_data["quiet_until"])
