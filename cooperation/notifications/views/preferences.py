"""How a reader wants to be told. The last choice counts: no version is kept of what is one person's own."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from cooperation.accounts.operations import set_language_and_zone
from cooperation.notifications.forms import PreferencesForm
from cooperation.notifications.preferring import (
    CHOOSABLE,
    choose_quiet_hours,
    choose_topics,
    modes_of,
    quiet_hours_of,
)
from cooperation.notifications.views.inbox import Own


class Preferences(Own):
    def get(self, request: HttpRequest) -> HttpResponse:
        reader = self.user
        initial = PreferencesForm.initial_of(reader, modes_of(reader), quiet_hours_of(reader))
        return self._page(PreferencesForm(initial=initial))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PreferencesForm(request.POST)
        if not form.is_valid():
            return self._page(form, 422)
        self._keep(form)
        messages.success(request, _("Your choices are kept. They hold from now on."))
        return redirect("notifications:preferences")

    @transaction.atomic
    def _keep(self, form: PreferencesForm) -> None:
        given = form.cleaned_data
        set_language_and_zone(person=self.user, language=given["language"], time_zone=given["time_zone"])
        choose_quiet_hours(reader=self.user, hours=form.hours)
        choose_topics(reader=self.user, modes=form.modes)

    def _page(self, form: PreferencesForm, status: int = 200) -> HttpResponse:
        topics = [form[topic.value] for topic in CHOOSABLE]
        context = {"form": form, "topics": topics, "place": "messages"}
        return render(self.request, "notifications/preferences.html", context, status=status)
