"""The list of applications, and the addresses of the pages that work on one."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from calls.admin import application_page, extending, review_desk, waivers
from calls.admin.pages import StaffAdmin, person
from calls.models import Application, Call
from calls.models.application import ApplicationStatus
from calls.queries import staff
from calls.queries.deadlines import word_day
from calls.templatetags.staff_tags import status_state
from calls.workflow import Status
from cooperation.web.admin_input import is_id


class TodoFilter(admin.SimpleListFilter):
    """The work queues as a filter, so that the first page can link to each."""

    title = _("to do")
    parameter_name = "todo"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(key, str(queue.label)) for key, queue in staff.QUEUES.items()]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet:
        key = self.value() or ""
        return staff.QUEUES[key].of(queryset, person(request)) if key in staff.QUEUES else queryset


class StatusFilter(admin.SimpleListFilter):
    """Every status but the draft, which staff do not see."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(key, str(label)) for key, label in ApplicationStatus.choices if key != Status.DRAFT]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(status=self.value()) if self.value() in ApplicationStatus.values else queryset


class CallFilter(admin.SimpleListFilter):
    """Calls that have received something, by title; two queries whatever their number."""

    title = _("call")
    parameter_name = "call"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        received = Application.objects.filter(call=OuterRef("pk"), submitted_at__isnull=False)
        calls = Call.objects.filter(Exists(received)).prefetch_related("texts")
        return [(str(call.pk), call.title) for call in calls]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        chosen = self.value()
        return queryset.filter(call_id=int(chosen)) if chosen and is_id(chosen) else queryset


@admin.register(Application)
class ApplicationAdmin(StaffAdmin):
    """Read only: a status changes by the steps on the application's own page and in no other way."""

    staff_place = "applications"
    list_display = [
        "reference",
        "lead_shown",
        "title_shown",
        "call_shown",
        "status_shown",
        "received",
        "mean_shown",
    ]
    list_filter = [TodoFilter, StatusFilter, CallFilter]
    search_fields = ["reference", "title", "lead__name"]
    ordering = ["-submitted_at", "-id"]
    list_per_page = 50
    list_max_show_all = 50
    show_full_result_count = False
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Application]:
        return staff.staff_list(person(request))

    @admin.display(description=_("lead"), ordering="lead__name")
    def lead_shown(self, row: Application) -> str:
        return f"{row.lead.name} ({row.lead.country})"

    @admin.display(description=_("title"), ordering="title")
    def title_shown(self, row: Application) -> str:
        return row.title or "–"

    @admin.display(description=_("call"), ordering="call_id")
    def call_shown(self, row: Application) -> str:
        return f"{row.call.programme.code}: {row.call.title}"

    @admin.display(description=_("status"), ordering="status")
    def status_shown(self, row: Application) -> str:
        return status_state(row)

    @admin.display(description=_("submitted"), ordering="submitted_at")
    def received(self, row: Application) -> str:
        return word_day(row.submitted_at) if row.submitted_at else ""

    @admin.display(description=_("mean score"), ordering="mean", empty_value="–")
    def mean_shown(self, row: Any) -> str | None:
        return None if row.mean is None else number_format(row.mean, 1)

    def get_urls(self) -> list[URLPattern]:
        """The list, and our own pages in place of Django's form."""
        own: list[tuple[str, Any, str]] = [
            ("", self.changelist_view, "changelist"),
            ("<int:pk>/", application_page.show, "change"),
            ("<int:pk>/screen/", application_page.screen, "screen"),
            ("<int:pk>/finish-review/", application_page.finish_review, "finish_review"),
            ("<int:pk>/recommend/", application_page.recommend, "recommend"),
            ("<int:pk>/approve/", application_page.approve, "approve"),
            ("extend/", extending.find, "find"),
            ("<int:pk>/waivers/", waivers.waivers, "waivers"),
            ("<int:pk>/waivers/<int:waiver_pk>/end/", waivers.end, "end_waiver"),
            ("<int:pk>/assess/", waivers.assess_again, "reassess"),
            ("<int:pk>/extend/", extending.extend_one, "extend"),
            ("<int:pk>/pdf/", application_page.pdf, "pdf"),
            ("<int:pk>/review/", review_desk.ReviewDesk.as_view(), "review"),
        ]
        wrap = self.admin_site.admin_view
        return [path(route, wrap(view), name=f"calls_application_{name}") for route, view, name in own]
