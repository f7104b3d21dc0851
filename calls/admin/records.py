"""Decisions and pairing runs: records to read."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from calls.admin.pages import StaffAdmin
from calls.models import Decision, PairingRun
from calls.templatetags.staff_tags import run_state


@admin.register(Decision)
class DecisionAdmin(StaffAdmin):
    staff_place = "decisions"
    list_display = [
        "application_shown",
        "outcome",
        "recommended_by",
        "recommended_at",
        "approved_by",
        "approved_at",
    ]
    list_filter = ["outcome"]
    search_fields = ["application__reference"]
    fields = [
        *["application_shown", "outcome", "reason"],
        *["recommended_by", "recommended_at", "approved_by", "approved_at", "partnership"],
    ]
    readonly_fields = ["application_shown"]
    show_full_result_count = False
    actions = None
    list_select_related = ["application", "recommended_by", "approved_by"]

    @admin.display(description=_("application"), ordering="application__reference")
    def application_shown(self, row: Decision) -> str:
        return row.application.reference


@admin.register(PairingRun)
class PairingRunAdmin(StaffAdmin):
    staff_place = "runs"
    list_display = [
        "number",
        "call_shown",
        "state_shown",
        "requested_at",
        "requested_by",
        "finished_at",
        "board",
    ]
    list_filter = ["state"]
    fields = [
        *["number", "call_shown", "state_shown", "requested_at", "requested_by", "started_at", "finished_at"],
        *["attempts", "input_sha256", "engine_version", "error", "board"],
    ]
    readonly_fields = ["call_shown", "state_shown", "board"]
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

    @admin.display(description=_("result"))
    def board(self, row: Any) -> SafeString:
        url = reverse("admin:calls_call_pairing", args=[row.call_id])
        return format_html('<a href="{}?run={}">{}</a>', url, row.number, _("Pairing board"))
