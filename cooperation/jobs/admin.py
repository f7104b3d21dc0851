"""The page of background work, and its line on the work queue when something is late."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from cooperation.jobs.models import TaskRun
from cooperation.jobs.queries import Background
from cooperation.queues import JOBS, MAIL, WEBHOOKS
from cooperation.web.admin import Errand, register_errands
from cooperation.web.clock import database_now

PAGE = "admin:jobs_taskrun_changelist"
LANE_WORDS = {
    "": gettext_lazy("Short tasks"),
    MAIL: gettext_lazy("Mail"),
    JOBS: gettext_lazy("Long jobs: matching, exports, imports, PDFs, scans"),
    WEBHOOKS: gettext_lazy("Webhooks"),
}


@require_safe
def background(request: HttpRequest) -> HttpResponse:
    """How everything stands. It comes up with the broker down, and says so."""
    found = Background(database_now(), words=LANE_WORDS)
    context = {
        **admin.site.each_context(request),
        "title": _("Background work"),
        "staff_place": "background",
        "found": found,
    }
    return TemplateResponse(request, "admin/jobs/background.html", context)


@admin.register(TaskRun)
class TaskRunAdmin(admin.ModelAdmin):
    """One page to read; nothing is changed by hand."""

    def get_urls(self) -> list[URLPattern]:
        return [path("", self.admin_site.admin_view(background), name="jobs_taskrun_changelist")]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return background(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_staff

    def has_view_permission(self, request: HttpRequest, obj: TaskRun | None = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: TaskRun | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: TaskRun | None = None) -> bool:
        return False


def background_troubles(request: HttpRequest) -> Iterator[Errand]:
    """For whoever keeps the portal running; the broker is not asked here."""
    if request.user.has_perm("jobs.view_taskrun"):
        label = _("Background work that is late, or that nobody does")
        yield Errand(label, Background(database_now()).troubles, reverse(PAGE))


register_errands("background", gettext_lazy("Background work"), background_troubles, order=40)
