"""The addresses of the reviewers' pages, and what of the reviews waits for staff."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, path

from calls.admin import review_desk, review_sheet, review_steps
from calls.admin.pages import StaffAdmin
from calls.admin.reviewing_person import for_reviewers
from calls.models import Assignment


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
