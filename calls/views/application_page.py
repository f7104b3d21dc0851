"""What every page of one application begins with: the instant, the application, who is reading."""

from datetime import datetime
from typing import Any, cast

from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from calls.access import may_write
from calls.models import Application
from calls.queries.clock import received_at
from calls.queries.deadlines import word_left
from cooperation.accounts.models import User

LONGEST_VERSION = 9  # digits; Python refuses to read a number of thousands of them


def readable(user: User) -> QuerySet[Application]:
    """The applications a person may read, with what their pages show of call and lead."""
    rows = Application.objects.visible_to(user).select_related(
        "call__programme", "lead__city", "changed_by", "created_by"
    )
    return rows.prefetch_related("call__texts", "partners__city")


class ApplicationPage(LoginRequiredMixin, View):
    """A page of one application; who may not read it gets the same 404 as for one that is not there."""

    template_name: str
    at: datetime
    application: Application

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.at = received_at(request)
        if request.user.is_authenticated:
            found = self.rows(request.user).filter(reference=kwargs["reference"]).first()
            if found is None:
                raise Http404
            self.application = found
        return super().dispatch(request, *args, **kwargs)

    def rows(self, user: User) -> QuerySet[Application]:
        """What the person may read, with what the page shows of it."""
        return readable(user)

    @property
    def user(self) -> User:
        """The reader; LoginRequiredMixin lets nobody else in."""
        return cast(User, self.request.user)

    @property
    def takes_answers(self) -> bool:
        """A draft, or what was submitted before the deadline; who may write is another question."""
        return self.application.is_editable_status and self.application.is_open(self.at)

    def page(self, *, status: int = 200, here: str = "", **context: Any) -> HttpResponse:
        """The template, with the breadcrumbs down to `here` (the application's own page when empty)."""
        call, writer = self.application.call, may_write(self.user, self.application)
        common = {
            "application": self.application,
            "call": call,
            "crumbs": crumbs_to(self.application, here),
            "place": "my",
            "writer": writer,
            "editable": writer and self.takes_answers,
            "left": left_of(self.application, self.at),
        }
        return render(self.request, self.template_name, {**common, **context}, status=status)


def version_in(data: QueryDict) -> int:
    """The version that a form began from; one that cannot be read is no version and is refused as old."""
    return read_version(data.get("version", ""))


def read_version(given: str) -> int:
    """A version as it was posted; 0 for what is none."""
    return int(given) if given.isascii() and given.isdigit() and len(given) <= LONGEST_VERSION else 0


def crumbs_to(application: Application, here: str = "") -> list[tuple[str, str]]:
    """My applications / reference / the page itself."""
    start = (_("My applications"), reverse("calls:my_applications"))
    if not here:
        return [start, (application.reference, "")]
    return [start, (application.reference, application.get_absolute_url()), (here, "")]


def left_of(application: Application, at: datetime) -> str:
    """How long the application takes answers: "12 days left", "Closed", "No deadline"."""
    if application.call.cancelled:
        return _("Call cancelled")
    if application.closes_at is None:
        return _("No deadline")
    return word_left(application.closes_at, at) or _("Closed")
