"""Ideas on the board, to read; what does not belong there is taken down on its own page."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cooperation.history.stale_forms import Unhurried
from partnerships.admin.permanent import Permanent
from partnerships.models import Idea


@admin.register(Idea)
class IdeaAdmin(Unhurried, Permanent, admin.ModelAdmin):
    list_display = ["title", "organisation", "published_at", "stands_until", "standing", "page"]
    list_select_related = ["organisation"]
    list_per_page = 50
    search_fields = ["title", "organisation__name", "organisation__city__search_text"]

    @admin.display(description=_("state"))
    def standing(self, idea: Idea) -> str:
        if idea.hidden_at:
            return gettext("Taken down by staff")
        if idea.withdrawn_at:
            return gettext("Off the board")
        return gettext("Complete") if idea.completed_at else gettext("Seeks partners")

    @admin.display(description=_("page"))
    def page(self, idea: Idea) -> SafeString:
        return format_html('<a href="{}">{}</a>', idea.get_absolute_url(), gettext("Open"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
