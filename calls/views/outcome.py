"""After the results: the city reads its feedback, answers to its place, complains."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from calls.access import may_submit, require_submitter
from calls.forms.outcome import ComplaintForm, DeclineForm
from calls.operations.answering import accept_place, decline_place
from calls.operations.complaining import complain
from calls.operations.status import NotPossible
from calls.queries.deadlines import clocks
from calls.queries.feedback import feedback_of
from calls.queries.outcome import Outcome, outcome_of
from calls.queries.receipts import zones_of
from calls.views.application_page import ApplicationPage
from calls.views.withdrawing import Confirmation


class Told(ApplicationPage):
    """A page about an outcome; before the city was told there is no such page."""

    outcome: Outcome

    def setup_outcome(self) -> None:
        """Raise Http404 unless the city knows its outcome."""
        found = outcome_of(self.application, self.at)
        if found is None:
            raise Http404
        self.outcome = found


class Feedback(Told):
    """Own scores against the selected, and what the reviewers wrote to the city."""

    template_name = "calls/feedback.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        self.setup_outcome()
        return self.page(
            here=_("Your scores"),
            outcome=self.outcome,
            feedback=feedback_of(self.outcome.decision),
            may_submit=may_submit(self.user, self.application),
        )


class Offer(Confirmation, Told):
    """A place is accepted or declined, in the lead's name and in time."""

    template_name = "calls/offer.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        self.setup_outcome()
        require_submitter(self.user, self.application)
        return self._page(DeclineForm())

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        self.setup_outcome()
        answer = request.POST.get("answer")
        if answer == "accept":
            return self._act(
                lambda: accept_place(application=self.application, by=self.user, at=self.at),
                DeclineForm(),
                _("The place is yours. The organiser writes to you about the agreement."),
            )
        form = DeclineForm(request.POST)
        if answer != "decline":
            return self._page(DeclineForm(), status=422, refusal=_("Press “Accept” or “Decline”."))
        if not form.is_valid():
            return self._page(form, status=422)
        return self._act(
            lambda: decline_place(
                application=self.application, note=form.cleaned_data["note"], by=self.user, at=self.at
            ),
            form,
            _("You declined the place. It goes to the next city."),
        )

    def _act(self, act: Callable[[], Any], form: forms.Form, done: str) -> HttpResponse:
        try:
            act()
        except NotPossible as refusal:
            self.application.refresh_from_db(fields=["status", "version"])
            self.setup_outcome()
            return self._page(form, status=409, refusal=str(refusal))
        messages.success(self.request, done)
        return redirect(self.application)

    def _page(self, form: forms.Form, *, status: int = 200, refusal: str = "") -> HttpResponse:
        due = self.outcome.decision.acceptance_due_at
        return self.page(
            here=_("Your place"),
            status=status,
            refusal=refusal,
            has_errors=status != 200,
            form=form,
            outcome=self.outcome,
            open=self.outcome.asked and not self.outcome.overdue,
            due=clocks(due, zones_of(self.application, self.user)) if due else [],
        )


class Complain(Confirmation, Told):
    """A complaint within the window, and the answers to earlier ones."""

    template_name = "calls/complaint.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        self.setup_outcome_or_past()
        return self._page(ComplaintForm())

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        self.setup_outcome_or_past()
        require_submitter(self.user, self.application)
        form = ComplaintForm(request.POST)
        if not form.is_valid():
            return self._page(form, status=422)
        try:
            complain(application=self.application, text=form.cleaned_data["text"], by=self.user, at=self.at)
        except NotPossible as refusal:
            return self._page(form, status=409, refusal=str(refusal))
        messages.success(request, _("Your complaint arrived. The answer comes by mail."))
        return redirect("calls:complaint", reference)

    def setup_outcome_or_past(self) -> None:
        """There also while an upheld complaint is decided anew, so that its answer stays readable."""
        if not self.application.complaints.exists():
            self.setup_outcome()

    def _page(self, form: forms.Form, *, status: int = 200, refusal: str = "") -> HttpResponse:
        found = outcome_of(self.application, self.at)
        window = found.window if found else None
        zones = zones_of(self.application, self.user)
        return self.page(
            here=_("Complaint"),
            status=status,
            refusal=refusal,
            has_errors=status != 200,
            form=form,
            outcome=found,
            window=window,
            until=clocks(window.until, zones) if window and window.until else [],
            may_submit=may_submit(self.user, self.application),
            complaints=self.application.complaints.select_related("by"),
        )
