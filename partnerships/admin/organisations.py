"""Organisations, and the people whose role staff verify."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cooperation.history.stale_forms import Unhurried
from partnerships.admin.permanent import Permanent
from partnerships.models import Membership, Organisation
from partnerships.operations.verifying import verify_members


@admin.register(Organisation)
class OrganisationAdmin(Unhurried, Permanent, admin.ModelAdmin):
    list_display = ["name", "kind", "city", "country", "contact_email"]
    list_select_related = ["city"]
    list_filter = ["kind"]
    list_per_page = 50
    search_fields = ["name", "city__search_text"]
    autocomplete_fields = ["city"]
    prepopulated_fields = {"slug": ["name"]}


class VerifiedFilter(admin.SimpleListFilter):
    title = _("verified")
    parameter_name = "verified"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [("no", _("Waiting for verification")), ("yes", _("Verified"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Membership]) -> QuerySet[Membership]:
        if self.value() in ("yes", "no"):
            return queryset.filter(verified_at__isnull=self.value() == "no")
        return queryset


@admin.register(Membership)
class MembershipAdmin(Unhurried, Permanent, admin.ModelAdmin):
    list_display = ["user", "organisation", "role", "verified_at", "verified_by"]
    list_select_related = ["user", "organisation", "verified_by"]
    list_filter = [VerifiedFilter, "role"]
    list_per_page = 50
    ordering = ["-id"]
    search_fields = ["user__email", "user__name", "organisation__name"]
    autocomplete_fields = ["organisation"]
    raw_id_fields = ["user"]
    readonly_fields = ["verified_at", "verified_by"]
    actions = ["verify"]

    @admin.action(description=_("Verify the chosen memberships"), permissions=["change"])
    def verify(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        """Confirm that these people act for their organisations; those confirmed before stay as they are."""
        try:
            count = verify_members(memberships=queryset, by=request.user, at=timezone.now())  # type: ignore[arg-type]
        except PermissionDenied as refusal:
            messages.error(request, str(refusal))
            return
        sentence = ngettext("%(count)d membership is verified.", "%(count)d memberships are verified.", count)
        messages.success(request, sentence % {"count": count})
