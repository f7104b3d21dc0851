"""What every members' page begins with: the instant, the partnership, for whom the reader acts."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar, cast

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from cooperation.accounts.models import User
from cooperation.web.clock import database_now
from partnerships.access import coordinates, seats_in
from partnerships.forms.partnership_rows import RowForm
from partnerships.models import Partnership
from partnerships.operations.refusals import ChangedMeanwhile, NotPossible

LONGEST_NUMBER = 9  # digits of an id or a version; Python refuses to read a number of thousands of them
PAGES = (
    ("work", gettext_lazy("What waits")),
    ("work_members", gettext_lazy("Members")),
    ("work_agreement", gettext_lazy("Agreement")),
    ("work_milestones", gettext_lazy("Milestones")),
    ("work_papers", gettext_lazy("Documents")),
    ("work_reports", gettext_lazy("Reports and budget")),
    ("work_indicators", gettext_lazy("Indicators")),
    ("work_people", gettext_lazy("People exchanged")),
    ("work_stories", gettext_lazy("Results and stories")),
    ("work_stage", gettext_lazy("Stage and public page")),
)


def number_in(given: str | None) -> int:
    """A number as it was sent; 0 for what is none."""
    text = given or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else 0


class MembersPage(LoginRequiredMixin, View):
    """A page of a partnership for its members' people; others get the 404 of one that is not there."""

    template_name: str
    name: ClassVar[str]
    listed: ClassVar[str] = ""  # The page of the list under which an unlisted one stands
    at: datetime
    partnership: Partnership

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.at = database_now()
        if request.user.is_authenticated:
            found = Partnership.objects.of_person(self.user).filter(slug=kwargs["slug"]).first()
            if found is None:
                raise Http404
            self.partnership = found
            self.seats = seats_in(self.user, found)
        return super().dispatch(request, *args, **kwargs)

    @property
    def user(self) -> User:
        """The reader; LoginRequiredMixin lets nobody else in."""
        return cast(User, self.request.user)

    @property
    def about(self) -> dict[str, Any]:
        """Who does what is done here, and when."""
        return {"by": self.user, "at": self.at}

    def page(self, *, status: int = 200, **context: Any) -> HttpResponse:
        """The template with the list of members' pages beside it."""
        slug = self.partnership.slug
        listed = self.listed or self.name
        here = dict(PAGES).get(listed, "")
        common = {
            "partnership": self.partnership,
            "seats": self.seats,
            "coordinates": coordinates(self.seats, self.partnership),
            "pages": [
                (reverse(f"partnerships:{name}", args=[slug]), label, name == listed) for name, label in PAGES
            ],
            "crumbs": [
                (_("Partnerships"), reverse("partnerships:list")),
                (self.partnership.title, self.partnership.get_absolute_url()),
                (here, ""),
            ],
            "page_name": here,
            "today": self.at.date(),
            "has_errors": status >= 400,
        }
        response = render(self.request, self.template_name, {**common, **context}, status=status)
        response["Cache-Control"] = "no-store, private"
        return response

    def done(self, sentence: str, name: str = "", *args: Any) -> HttpResponse:
        """Say what happened and show the page again, or another one."""
        messages.success(self.request, sentence)
        return redirect(f"partnerships:{name or self.name}", self.partnership.slug, *args)


class RowsPage(MembersPage):
    """A list of rows, one form to add or change one. `?edit=` chooses the row; POST says its version.

    A button named `do` with another value than "save" is one of `steps`, on the row that is named.
    """

    form_class: type[RowForm]
    saved: Any = gettext_lazy("Kept.")
    steps: ClassVar[dict[str, str]] = {}  # value of the button -> name of the method

    def rows(self) -> models.QuerySet[Any]:
        raise NotImplementedError

    def add(self, facts: dict[str, Any]) -> Any:
        raise NotImplementedError

    def change(self, row: Any, facts: dict[str, Any], version: int) -> Any:
        raise NotImplementedError

    def more(self) -> dict[str, Any]:
        """What the page shows besides its rows."""
        return {}

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        row = self._row(request.GET.get("edit"))
        return self._page(self.form_class(partnership=self.partnership, row=row), row)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        row = self._row(request.POST.get("row"))
        step = self.steps.get(request.POST.get("do", ""))
        if step:
            return self._step(getattr(self, step), row)
        form = self.form_class(request.POST, partnership=self.partnership, row=row)
        if request.POST.get("row") and row is None:
            return self._page(
                form, None, refusal=_("This row is not there any more. Add it anew below."), status=409
            )
        if not form.is_valid():
            return self._page(form, row, version=request.POST.get("version"), status=422)
        try:
            if row is None:
                self.add(form.facts)
            else:
                self.change(row, form.facts, number_in(request.POST.get("version")))
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
            return self._page(form, row, version=request.POST.get("version"), status=409)
        except ChangedMeanwhile as stale:
            beside = form.beside(stale.current)
            return self._page(form, stale.current, refusal=str(stale), beside=beside, status=409)
        return self.done(str(self.saved))

    def _step(self, step: Callable[[Any], str], row: Any) -> HttpResponse:
        form = self.form_class(partnership=self.partnership)
        if row is None:
            return self._page(form, None, refusal=_("This row is not there any more."), status=409)
        try:
            return self.done(step(row))
        except NotPossible as refusal:
            return self._page(form, None, refusal=str(refusal), status=409)

    def _row(self, given: str | None) -> Any:
        return self.rows().filter(pk=number_in(given)).first() if given else None

    def _page(
        self, form: RowForm, row: Any, *, version: str | None = None, status: int = 200, **context: Any
    ) -> HttpResponse:
        """`version` is the one the form began from, where it is not the row's own."""
        return self.page(
            form=form,
            row=row,
            version=number_in(version) if version else getattr(row, "version", ""),
            rows=list(self.rows()),
            status=status,
            **self.more(),
            **context,
        )
