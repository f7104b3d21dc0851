"""Saving a section while it is written. Its answers are parts of the section's own page, never a page."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from calls.access import NotAllowed
from calls.forms.section import SectionForm as SectionAnswers
from calls.models import Application
from calls.operations.applications import StaleVersion, look_at
from calls.operations.status import NotPossible
from calls.views.section_page import SectionPage

PARTS = "calls/section_parts.html"


class Autosave(SectionPage):
    """What can be read is saved, what cannot is said; a conflict shows both texts and saves nothing."""

    http_method_names = ["post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # a redirect would be followed unseen and end in the login page: the script is told in a status
        if request.method == "POST" and not request.user.is_authenticated:
            return HttpResponse(status=HTTPStatus.UNAUTHORIZED)
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, reference: str, section: str) -> HttpResponse:
        self.find_section()
        try:
            form = self.posted_form()
            saved = self.save(form)
        except NotAllowed as refusal:
            return self._parts(HTTPStatus.FORBIDDEN, refusal=str(refusal))
        except NotPossible as refusal:
            return self._parts(HTTPStatus.CONFLICT, refusal=str(refusal))
        except StaleVersion as stale:
            return self._conflict(form, stale.current)
        return self._saved(form, saved)

    def _saved(self, form: SectionAnswers, saved: Application) -> HttpResponse:
        self.application = saved
        unread = [form[key] for key in form.errors if key in form.fields]
        return self._parts(
            HTTPStatus.UNPROCESSABLE_ENTITY if unread else HTTPStatus.OK,
            **self.base(saved),
            unread=unread,
            findings=self.findings(),
        )

    def _conflict(self, form: SectionAnswers, current: Application) -> HttpResponse:
        self.application = current
        return self._parts(
            HTTPStatus.CONFLICT, differences=self.differences(form, current), newest=self.base(current)
        )

    def _parts(self, status: HTTPStatus, **context: Any) -> HttpResponse:
        return self.page(
            status=status,
            layout=PARTS,
            section=self.section,
            saved_words=self.saved_words(self.application),
            **context,
        )


class Look(SectionPage):
    """Somebody who writes opened a section: the task list tells it from one that nobody has seen."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, reference: str, section: str) -> HttpResponse:
        self.find_section()
        try:
            look_at(application=self.application, section=self.key, by=self.user, at=self.at)
        except NotAllowed as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        except NotPossible:
            # nothing is written any more, so nobody asks who looked
            return HttpResponse(status=HTTPStatus.NO_CONTENT)
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
