"""Partnerships with their members and milestones."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from partnerships.admin.permanent import Permanent
from partnerships.models import Member, Milestone, Partnership


class MemberInline(Permanent, admin.TabularInline):
    model = Member
    extra = 0
    autocomplete_fields = ["city", "organisation"]


class MilestoneInline(Permanent, admin.TabularInline):
    model = Milestone
    extra = 0


@admin.register(Partnership)
class PartnershipAdmin(Permanent, admin.ModelAdmin):
    list_display = ["title", "kind", "stage", "programme", "who", "start_year", "end_year"]
    list_filter = ["kind", "stage"]
    list_per_page = 50
    search_fields = ["titles", "slug", "programme", "members__city__search_text"]
    filter_horizontal = ["themes"]
    readonly_fields = ["founded_at"]
    inlines = [MemberInline, MilestoneInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Partnership]:
        return super().get_queryset(request).prefetch_related("members__city", "members__organisation")

    @admin.display(description=_("members"))
    def who(self, partnership: Partnership) -> str:
        return ", ".join(member.name for member in partnership.members.all())
