"""The history: of one application in three views, and of everything as one list. To read, never to change."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from calls.access import require_reader
from calls.admin.application_page import load
from calls.admin.pages import StaffAdmin, person, staff_page
from calls.queries.history_visible import visible_entries, visible_readings
from calls.queries.history_words import tables, tell
from calls.queries.staff_history import staff_history_of
from cooperation.accounts.models import User
from cooperation.history.models import HistoryEntry, HistorySeal
from cooperation.history.sealing import entries_waiting
from cooperation.web.admin_input import is_id

PER_PAGE = 50


@require_safe
def application_history(request: HttpRequest, pk: int) -> TemplateResponse:
    """What happened to one application; `show` chooses what the database wrote, or who read."""
    reader = person(request)
    require_reader(reader)
    application = load(request, pk)
    show = request.GET.get("show", "")
    context: dict[str, Any] = {
        "application": application,
        "title": _("History"),
        "staff_place": "applications",
        "show": show if show in ("entries", "readings") else "",
    }
    if show == "entries":
        rows = visible_entries(reader).filter(application=application.pk)
        page, context["older"] = _page(rows, request)
        context["told"] = tell(cast(list[HistoryEntry], page))
    elif show == "readings":
        context["readings"], context["older"] = _page(visible_readings(application, reader), request)
    else:
        context["lines"] = staff_history_of(application, reader)
    return staff_page(request, "admin/calls/application/history.html", context)


def _page(rows: QuerySet, request: HttpRequest) -> tuple[list[Any], int | None]:
    """The newest rows, or those older than `?before=`, and the id to go on from; nothing is counted."""
    before = request.GET.get("before", "")
    if is_id(before):
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.order_by("-pk")[: PER_PAGE + 1])
    older = found[PER_PAGE - 1].pk if len(found) > PER_PAGE else None
    return found[:PER_PAGE], older


class HistoryFilter(forms.Form):
    """Which entries to show."""

    table = forms.ChoiceField(label=_("Record"), required=False)
    who = forms.CharField(
        label=_("Who"), required=False, max_length=254, help_text=_("The whole e-mail address.")
    )
    day = forms.DateField(
        label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}), help_text=_("In UTC.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["table"]).choices = [("", _("All")), *tables()]

    def clean_who(self) -> User | None:
        address = self.cleaned_data["who"].strip()
        found = User.objects.filter(email__iexact=address).first() if address else None
        if address and found is None:
            raise forms.ValidationError(_("Nobody has this address. Check its spelling."))
        return found

    def clean_day(self) -> date | None:
        day = self.cleaned_data["day"]
        if day and day > datetime.now(UTC).date():
            raise forms.ValidationError(_("This day is still to come."))
        return day

    def of(self, rows: QuerySet[HistoryEntry]) -> QuerySet[HistoryEntry]:
        """The entries asked for."""
        if table := self.cleaned_data["table"]:
            rows = rows.filter(table=table)
        if who := self.cleaned_data["who"]:
            rows = rows.filter(actor=who.pk)
        if day := self.cleaned_data["day"]:
            begin = datetime.combine(day, time(), UTC)
            rows = rows.filter(at__gte=begin, at__lt=begin + timedelta(days=1))
        return rows


@require_safe
def entries(request: HttpRequest) -> TemplateResponse:
    """Everything that was written, the newest first, and how far it is sealed."""
    reader = person(request)
    require_reader(reader)
    form = HistoryFilter(request.GET)
    valid = form.is_valid()
    page, older = _page(form.of(visible_entries(reader)), request) if valid else ([], None)
    newest = HistorySeal.objects.order_by("-number").first()
    asked = request.GET.copy()
    asked.pop("before", None)
    context = {
        "title": _("History"),
        "staff_place": "history",
        "form": form,
        "told": tell(page),
        "older": older,
        "asked": asked.urlencode(),
        "seal": newest,
        "waiting": entries_waiting(newest),
    }
    return staff_page(request, "admin/calls/history.html", context, status=200 if valid else 422)


@admin.register(HistoryEntry)
class HistoryEntryAdmin(StaffAdmin):
    """One list to read; there is no page of a single entry."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) and request.user.has_perm("calls.view_application")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_urls(self) -> list[URLPattern]:
        return [path("", self.admin_site.admin_view(entries), name="history_historyentry_changelist")]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return entries(request)
