"""Filters of the list of reviewers: area, language, state."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.forms.reviewers import languages_known
from calls.models import Reviewer
from calls.queries.reviewers import ACTIVE, WAITING
from partnerships.models import Theme


class AreaFilter(admin.SimpleListFilter):
    title = gettext_lazy("area")
    parameter_name = "area"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(theme.pk, str(theme)) for theme in Theme.objects.all()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Reviewer]) -> QuerySet[Reviewer]:
        return queryset.filter(areas=self.value()) if self.value() else queryset


class LanguageFilter(admin.SimpleListFilter):
    title = gettext_lazy("language")
    parameter_name = "language"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return languages_known()

    def queryset(self, request: HttpRequest, queryset: QuerySet[Reviewer]) -> QuerySet[Reviewer]:
        return queryset.filter(languages__contains=[self.value()]) if self.value() else queryset


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("active", _("Reviews")),
            ("invited", _("Invited")),
            ("late", _("Overdue")),
            ("declined", _("Declined")),
            ("retired", _("Retired")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Reviewer]) -> QuerySet[Reviewer]:
        found = {
            "active": lambda: queryset.filter(ACTIVE),
            "invited": lambda: queryset.filter(WAITING),
            "late": lambda: queryset.filter(late__gt=0),  # type: ignore[misc]
            "declined": lambda: queryset.filter(declined_at__isnull=False, retired_at__isnull=True),
            "retired": lambda: queryset.filter(retired_at__isnull=False),
        }.get(self.value() or "")
        return found() if found else queryset
