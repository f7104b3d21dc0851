"""Partnerships with their members and milestones."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from cooperation.history.stale_forms import Unhurried
from partnerships.admin.permanent import Permanent
from partnerships.admin.record import record_page
from partnerships.models import Member, Milestone, Partnership


class MemberInline(Permanent, admin.TabularInline):
    model = Member
    extra = 0
    autocomplete_fields = ["city", "organisation"]
    # who leaves and who is replaced, the members' own people say
    exclude = ["replaces", "left_on", "left_reason", "joined_on"]


class MilestoneInline(Permanent, admin.TabularInline):
    model = Milestone
    extra = 0
    exclude = ["host", "online_link", "dropped_reason"]


@admin.register(Partnership)
class PartnershipAdmin(Unhurried, Permanent, admin.ModelAdmin):
    list_display = ["title", "kind", "stage", "programme", "who", "start_year", "end_year"]
    list_filter = ["kind", "stage"]
    list_per_page = 50
    search_fields = ["titles", "slug", "programme", "members__city__search_text"]
    filter_horizontal = ["themes"]
    inlines = [MemberInline, MilestoneInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Partnership]:
        return super().get_queryset(request).prefetch_related("members__city", "members__organisation")

    def get_urls(self) -> list[URLPattern]:
        record = self.admin_site.admin_view(record_page)
        own = [path("<int:pk>/record/", record, name="partnerships_partnership_record")]
        return [*own, *super().get_urls()]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """A stage is chosen when a partnership is entered; afterwards it moves by its steps alone."""
        return ["founded_at", "stage", "record"] if obj else ["founded_at"]

    @admin.display(description=_("record"))
    def record(self, partnership: Partnership) -> str:
        url = reverse("admin:partnerships_partnership_record", args=[partnership.pk])
        return format_html('<a href="{}">{}</a>', url, _("Members, agreement, reports, stages"))

    @admin.display(description=_("members"))
    def who(self, partnership: Partnership) -> str:
        return ", ".join(member.name for member in partnership.members.all())
