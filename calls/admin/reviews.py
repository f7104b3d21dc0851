"""The addresses of the reviewers' pages, and what of the reviews waits for staff."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.admin import review_desk, review_sheet, review_steps
from calls.admin.application_page import PAGE
from calls.admin.pages import StaffAdmin, person
from calls.admin.reviewing_person import LIST, for_reviewers
from calls.models import Assignment
from calls.queries.clock import database_now
from calls.queries.my_reviews import TO_DO, my_calls, waiting_for_another
from cooperation.web.admin import Errand, register_errands


@admin.register(Assignment)
class AssignmentAdmin(StaffAdmin):
    """No list of Django's: own pages, which open to reviewers who are not staff."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        own: list[tuple[str, Any, str]] = [
            ("", review_desk.my_reviews, "changelist"),
            ("<int:pk>/", review_sheet.desk_or_save, "desk"),
            ("<int:pk>/declare/", review_steps.declare, "declare"),
            ("<int:pk>/conflict/", review_steps.declare_conflict, "conflict"),
            ("<int:pk>/abstain/", review_steps.abstain, "abstain"),
            ("<int:pk>/reopen/", review_steps.reopen, "reopen"),
            ("<int:pk>/pdf/", review_steps.pdf, "pdf"),
            ("<int:pk>/documents/<uuid:document>/", review_steps.document, "document"),
        ]
        pages = [
            path(route, for_reviewers(view), name=f"calls_assignment_{name}") for route, view, name in own
        ]
        told = for_reviewers(review_sheet.autosave, told=True)
        return [*pages, path("<int:pk>/autosave/", told, name="calls_assignment_autosave")]


def reviews_waiting(request: HttpRequest) -> Iterator[Errand]:
    """One's own reviews, and applications whose reviewer stood aside."""
    mine = [row for call in my_calls(person(request), database_now()) for row in call.rows]
    yield Errand(_("Your reviews to finish"), sum(row.state in TO_DO for row in mine), reverse(LIST))
    waiting = list(waiting_for_another().order_by("pk").values_list("pk", flat=True))
    hint = _("A reviewer abstained or declared a conflict of interest; too few are left.")
    url = reverse(PAGE, args=[waiting[0]]) if waiting else ""
    yield Errand(_("Applications that need another reviewer"), len(waiting), url, hint)


register_errands("reviews", gettext_lazy("Reviews"), reviews_waiting, order=12)
