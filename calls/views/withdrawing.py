"""Pages that ask once more: withdraw, reopen what was withdrawn, go back to what was submitted."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from calls.access import NotAllowed, may_submit, require_submitter
from calls.forms.withdrawal import Withdrawal
from calls.operations.applications import StaleVersion, reopen, why_not_reopen, withdraw
from calls.operations.restoring import restore
from calls.operations.status import NotPossible
from calls.queries.eligibility_wording import Vocabulary
from calls.queries.readiness import readiness_of
from calls.queries.receipts import deadline_clocks
from calls.queries.standing import what_counts
from calls.views.application_page import ApplicationPage, version_in
from calls.workflow import Status, transitions


class Confirmation(ApplicationPage):
    """A step in the lead's name; those who may not take it get the reason, before they see the question."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except NotAllowed as refusal:
            raise PermissionDenied(str(refusal)) from refusal


class Withdraw(Confirmation):
    """Asks once more, then withdraws."""

    template_name = "calls/withdraw.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        require_submitter(self.user, self.application)
        return self._page(Withdrawal())

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        form = Withdrawal(request.POST)
        if not form.is_valid():
            return self._page(form, status=422)
        try:
            withdraw(application=self.application, by=self.user, at=self.at, note=form.cleaned_data["note"])
        except NotPossible as refusal:
            return self._page(form, status=409, refusal=str(refusal))
        messages.success(request, _("%(reference)s is withdrawn.") % {"reference": reference})
        return redirect("calls:my_applications")

    def _page(self, form: Withdrawal, *, status: int = 200, refusal: str = "") -> HttpResponse:
        return self.page(
            here=_("Withdraw"),
            form=form,
            status=status,
            refusal=refusal,
            has_errors=status != 200,
            possible=bool(transitions(self.application.status, Status.WITHDRAWN)),
            reopens=self.application.is_open(self.at),
            clocks=deadline_clocks(self.application, self.user),
        )


class Reopen(Confirmation):
    """Makes what was withdrawn a draft again, while the call is open."""

    template_name = "calls/reopen.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        require_submitter(self.user, self.application)
        return self._page()

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        try:
            reopen(application=self.application, by=self.user, at=self.at)
        except NotPossible as refusal:
            return self._page(status=409, refusal=str(refusal))
        messages.success(request, _("%(reference)s is a draft again.") % {"reference": reference})
        return redirect(self.application)

    def _page(self, *, status: int = 200, refusal: str = "") -> HttpResponse:
        why_not = why_not_reopen(self.application, self.at)
        return self.page(
            here=_("Reopen"),
            status=status,
            refusal=refusal,
            has_errors=status != 200,
            possible=not why_not,
            why_not=why_not,
            submitted_once=self.application.submitted_at is not None,
            clocks=deadline_clocks(self.application, self.user),
        )


class Restore(Confirmation):
    """Shows what would be set aside, then goes back to the text of the newest submission."""

    template_name = "calls/restore.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        require_submitter(self.user, self.application)
        return self._page()

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        version = version_in(request.POST)
        try:
            restore(application=self.application, version=version, by=self.user, at=self.at)
        except NotPossible as refusal:
            return self._page(status=409, refusal=str(refusal))
        except StaleVersion as stale:
            self.application = stale.current
            return self._page(status=409, refusal=str(stale))
        messages.success(request, _("The application says again what you submitted."))
        return redirect(self.application)

    def _page(self, *, status: int = 200, refusal: str = "") -> HttpResponse:
        names = Vocabulary.current()
        return self.page(
            here=_("Go back to what you submitted"),
            status=status,
            refusal=refusal,
            has_errors=status != 200,
            may_submit=may_submit(self.user, self.application),
            counts=what_counts(self.application, readiness_of(self.application, self.at), names, self.at),
        )
