"""Cities with what they learn, teach and promise; themes; networks."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from cooperation.accounts.zones import zone_field
from cooperation.history.stale_forms import Unhurried
from partnerships.admin import importing
from partnerships.admin.permanent import Permanent
from partnerships.admin.stated import stated_facts
from partnerships.models import (
    City,
    CityTheme,
    Commitment,
    Exchange,
    Network,
    NetworkMembership,
    Office,
    Report,
    Theme,
)


class CityThemeInline(admin.TabularInline):
    """The one thing staff may take back: an interest is a wish, not a record."""

    model = CityTheme
    extra = 0


class ExchangeInline(Permanent, admin.StackedInline):
    model = Exchange
    fk_name = "city"
    extra = 0
    autocomplete_fields = ["other_city", "partnership"]


@admin.register(City)
class CityAdmin(Unhurried, Permanent, admin.ModelAdmin):
    list_display = ["name", "region", "country", "population", "population_source", "population_year"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["search_text"]
    search_help_text = _("Any name of the city; accents do not matter.")
    readonly_fields = ["geonames_id"]
    prepopulated_fields = {"slug": ["name", "country"]}
    inlines = [CityThemeInline, ExchangeInline]

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "time_zone":
            return zone_field(db_field)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[City], search_term: str
    ) -> tuple[QuerySet[City], bool]:
        """Search as the public list does: every name, accents ignored."""
        return City.objects.filter(pk__in=queryset.values("pk")).matching(search_term), False

    def get_urls(self) -> list[URLPattern]:
        """The stock pages, the queue of what cities state, and the import of their figures."""
        pages: dict[str, tuple[Callable[..., HttpResponseBase], str]] = {
            "stated/": (stated_facts, "stated"),
            "import/": (importing.upload, "import"),
            "import/<int:pk>/": (importing.page, "import_page"),
            "import/<int:pk>/confirm/": (importing.confirm, "import_confirm"),
            "import/<int:pk>/cancel/": (importing.cancel, "import_cancel"),
            "import/<int:pk>/refused.csv": (importing.refused, "import_refused"),
        }
        own = [
            path(route, self.admin_site.admin_view(page), name=f"partnerships_city_{name}")
            for route, (page, name) in pages.items()
        ]
        return [*own, *super().get_urls()]

    def get_prepopulated_fields(self, request: HttpRequest, obj: City | None = None) -> Any:
        """An address that is in use does not change with the name."""
        return {} if obj else super().get_prepopulated_fields(request, obj)


@admin.register(Theme)
class ThemeAdmin(Unhurried, Permanent, admin.ModelAdmin):
    list_display = ["slug", "__str__", "sdgs"]
    search_fields = ["slug", "names"]


class ReportInline(Permanent, admin.StackedInline):
    model = Report
    extra = 0


@admin.register(Commitment)
class CommitmentAdmin(Unhurried, Permanent, admin.ModelAdmin):
    list_display = ["name", "city", "joined_on", "cycle_years", "report_count"]
    list_select_related = ["city"]
    search_fields = ["name", "city__search_text"]
    autocomplete_fields = ["city"]
    inlines = [ReportInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Commitment]:
        return super().get_queryset(request).annotate(reports_filed=Count("reports"))

    @admin.display(description=_("reports"))
    def report_count(self, commitment: Any) -> int:
        return commitment.reports_filed


@admin.register(Network)
class NetworkAdmin(Unhurried, Permanent, admin.ModelAdmin):
    list_display = ["short_name", "name", "founded_year", "member_count"]
    search_fields = ["short_name", "name"]
    prepopulated_fields = {"slug": ["short_name"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Network]:
        return super().get_queryset(request).annotate(members_known=Count("memberships"))

    @admin.display(description=_("members"))
    def member_count(self, network: Any) -> int:
        return network.members_known


class OfficeInline(Permanent, admin.TabularInline):
    model = Office
    extra = 0


@admin.register(NetworkMembership)
class NetworkMembershipAdmin(Unhurried, Permanent, admin.ModelAdmin):
    list_display = ["city", "network", "founder", "since_year", "until_year"]
    list_select_related = ["city", "network"]
    list_filter = ["network", "founder"]
    search_fields = ["city__search_text", "network__short_name"]
    autocomplete_fields = ["city", "network"]
    inlines = [OfficeInline]
