"""Decisions and pairing runs: records to read."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from calls.admin.pages import StaffAdmin, person
from calls.models import Decision, PairingRun
from calls.queries.blinding import HIDDEN, in_conflict
from calls.queries.deadlines import word_instant
from calls.templatetags.staff_tags import run_state


def by_at(who: object, when: datetime | None, zone: str) -> str:
    """Who did it and when, on the call's clock; a dash while nobody has."""
    return f"{who}, {word_instant(when, zone)}" if when else "–"


@admin.register(Decision)
class DecisionAdmin(StaffAdmin):
    """What was recommended and approved, to read; deciding happens on the application's page."""

    staff_place = "decisions"
    list_display = ["reference", "round", "outcome", "recommended", "approved", "published"]
    list_filter = ["outcome"]
    search_fields = ["application__reference"]
    fields = ["page", "outcome", "reason_shown", "recommended", "approved", "partnership"]
    readonly_fields = ["page", "reason_shown", "recommended", "approved"]
    show_full_result_count = False
    actions = None
    list_select_related = ["application__call__programme", "recommended_by", "approved_by", "published_by"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Decision]:
        return super().get_queryset(request).annotate(hidden=in_conflict(person(request), "application"))

    @admin.display(description=_("reason"))
    def reason_shown(self, row: Any) -> str:
        return str(HIDDEN) if row.hidden else row.reason

    @admin.display(description=_("application"), ordering="application__reference")
    def reference(self, row: Decision) -> str:
        return row.application.reference

    @admin.display(description=_("round"), ordering="application__call")
    def round(self, row: Decision) -> SafeString:
        """Where the outcomes of the call are approved and published."""
        call = row.application.call
        url = reverse("admin:calls_call_decisions", args=[call.pk])
        return format_html('<a href="{}">{} {}</a>', url, call.programme.code, call.slug)

    @admin.display(description=_("application"))
    def page(self, row: Decision) -> SafeString:
        url = reverse("admin:calls_application_change", args=[row.application_id])
        return format_html('<a href="{}">{}</a>', url, row.application)

    @admin.display(description=_("recommended"), ordering="recommended_at")
    def recommended(self, row: Decision) -> str:
        return by_at(row.recommended_by, row.recommended_at, row.application.call.zone)

    @admin.display(description=_("approved"), ordering="approved_at")
    def approved(self, row: Decision) -> str:
        return by_at(row.approved_by, row.approved_at, row.application.call.zone)

    @admin.display(description=_("published"), ordering="published_at")
    def published(self, row: Decision) -> str:
        return by_at(row.published_by, row.published_at, row.application.call.zone)


@admin.register(PairingRun)
class PairingRunAdmin(StaffAdmin):
    """Every run with its state; the pairing board shows its result."""

    staff_place = "runs"
    list_display = ["number", "call_shown", "state_shown", "requested", "finished", "board"]
    list_filter = ["state"]
    fields = [
        *["number", "call_shown", "state_shown", "requested", "finished", "attempts"],
        *["input_sha256", "engine_version", "error", "board"],
    ]
    readonly_fields = ["call_shown", "state_shown", "requested", "finished", "board"]
    show_full_result_count = False
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[PairingRun]:
        rows = super().get_queryset(request).defer("input", "result")
        return rows.select_related("call", "requested_by").prefetch_related("call__texts")

    @admin.display(description=_("call"), ordering="call_id")
    def call_shown(self, row: PairingRun) -> str:
        return row.call.title

    @admin.display(description=_("state"), ordering="state")
    def state_shown(self, row: PairingRun) -> SafeString:
        return run_state(row)

    @admin.display(description=_("requested"), ordering="requested_at")
    def requested(self, row: PairingRun) -> str:
        return by_at(row.requested_by, row.requested_at, row.call.zone)

    @admin.display(description=_("finished"), ordering="finished_at")
    def finished(self, row: PairingRun) -> str:
        return word_instant(row.finished_at, row.call.zone) if row.finished_at else "–"

    @admin.display(description=_("result"))
    def board(self, row: Any) -> SafeString:
        url = reverse("admin:calls_call_pairing", args=[row.call_id])
        return format_html('<a href="{}?run={}">{}</a>', url, row.number, _("Pairing board"))
