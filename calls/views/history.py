"""The history of one application."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from calls.queries.history import history_of
from calls.views.application_page import ApplicationPage


class History(ApplicationPage):
    """Every step, submission and attempt, for those who may read the application."""

    template_name = "calls/history.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        return self.page(here=_("History"), lines=history_of(self.application))
