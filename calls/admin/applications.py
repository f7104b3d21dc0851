"""The list of applications, and the addresses of the pages that work on one."""

from typing import Any

from django.contrib import admin
from django.urls import URLPattern, path

from calls.admin import (
    application_bulk,
    application_list,
    application_page,
    corrections,
    exports,
    extending,
    history,
    saved_views,
    screening_page,
    waivers,
)
from calls.admin.pages import StaffAdmin
from calls.models import Application


@admin.register(Application)
class ApplicationAdmin(StaffAdmin):
    """Read only: a status changes by the steps on the application's own page and in no other way."""

    search_fields = ["reference", "title", "lead__name"]

    def get_urls(self) -> list[URLPattern]:
        """The list, and our own pages in place of Django's form."""
        own: list[tuple[str, Any, str]] = [
            ("", application_list.show, "changelist"),
            ("bulk/", application_bulk.bulk, "bulk"),
            ("views/", saved_views.views, "views"),
            ("views/save/", saved_views.save, "save_view"),
            ("views/<int:pk>/", saved_views.change, "change_view"),
            ("views/<int:pk>/delete/", saved_views.delete, "delete_view"),
            ("export/", exports.ask, "export"),
            ("export/chosen/", exports.chosen, "export_chosen"),
            ("export/<int:pk>/", exports.page, "export_page"),
            ("export/<int:pk>/file/", exports.fetch, "export_file"),
            ("export/<int:pk>/cancel/", exports.cancel, "cancel_export"),
            ("<int:pk>/", application_page.show, "change"),
            ("<int:pk>/screen/", screening_page.screen_one, "screen"),
            ("<int:pk>/correction/", corrections.correction, "correction"),
            ("<int:pk>/correction/close/", corrections.close, "close_correction"),
            ("<int:pk>/finish-review/", application_page.finish_review, "finish_review"),
            ("<int:pk>/recommend/", application_page.recommend, "recommend"),
            ("<int:pk>/approve/", application_page.approve, "approve"),
            ("extend/", extending.find, "find"),
            ("<int:pk>/waivers/", waivers.waivers, "waivers"),
            ("<int:pk>/waivers/<int:waiver_pk>/end/", waivers.end, "end_waiver"),
            ("<int:pk>/assess/", waivers.assess_again, "reassess"),
            ("<int:pk>/extend/", extending.extend_one, "extend"),
            ("<int:pk>/pdf/", application_page.pdf, "pdf"),
            ("<int:pk>/history/", history.application_history, "history"),
        ]
        wrap = self.admin_site.admin_view
        return [path(route, wrap(view), name=f"calls_application_{name}") for route, view, name in own]
