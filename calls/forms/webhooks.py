"""What staff fill in about a webhook."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from calls.models import Programme
from calls.models.webhook import WebhookEvent
from calls.operations.webhook_delivery import reach_now
from calls.operations.webhooks import Wanted
from calls.queries.webhooks import word_why
from calls.webhooks.addresses import LONGEST, NotReachable, target_of


class WebhookForm(forms.Form):
    """An address, and the events that it hears of."""

    description = forms.CharField(
        label=_("Description"),
        max_length=200,
        help_text=_("Which system it is, and whom to call when it fails."),
    )
    url = forms.CharField(
        label=_("Address"),
        max_length=LONGEST,
        help_text=_("Such as https://example.org/hooks."),
    )
    events = forms.MultipleChoiceField(
        label=_("Events"),
        choices=WebhookEvent.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one event.")},
    )
    active = forms.BooleanField(label=_("Switched on"), required=False, initial=True)
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        events = self.fields["events"]
        assert isinstance(events, forms.MultipleChoiceField)  # noqa: S101 said to mypy
        events.choices = [(event.value, f"{capfirst(event.label)} ({event.value})") for event in WebhookEvent]

    def clean_url(self) -> str:
        try:
            target_of(self.cleaned_data["url"], reach_now())
        except NotReachable as refusal:
            raise ValidationError(word_why(refusal)) from refusal
        return self.cleaned_data["url"]

    @property
    def wanted(self) -> Wanted:
        """What was filled in. Only after validation."""
        given = self.cleaned_data
        return Wanted(given["url"], given["description"], given["events"], given["active"])


class NewWebhookForm(WebhookForm):
    programme = forms.ModelChoiceField(
        label=_("Programme"), queryset=Programme.objects.none(), empty_label=_("Choose one")
    )

    field_order = ["programme"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        programme = self.fields["programme"]
        assert isinstance(programme, forms.ModelChoiceField)  # noqa: S101 said to mypy
        programme.queryset = Programme.objects.all()
