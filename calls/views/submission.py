"""Checking, submitting, the receipt, and withdrawing."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from calls.access import NotAllowed, require_submitter
from calls.forms.withdrawal import Withdrawal
from calls.models import Application, Snapshot
from calls.operations.applications import withdraw
from calls.operations.status import NotPossible
from calls.operations.submission import NotComplete, submit
from calls.queries.answers import anchor_of, problem_of, shown
from calls.queries.eligibility_wording import Vocabulary, word_finding, word_verdict
from calls.queries.form_versions import no_longer_asked
from calls.queries.readiness import readiness_of
from calls.queries.receipts import before_closing, deadline_clocks, mailed_to, moments, next_dates, zones_of
from calls.views.application_page import ApplicationPage, version_in
from calls.views.steps import Point, parties, problem_url
from calls.workflow import Status, transition

VERDICTS = {"eligible": "yes", "eligible_with_caution": "yes", "not_eligible": "no", "incomplete": "ask"}


class CheckAnswers(ApplicationPage):
    """Everything on one page as the panel will see it, with what keeps it from being submitted."""

    template_name = "calls/check_answers.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        return self.show()

    def show(self, *, status: int = 200, refusal: str = "") -> HttpResponse:
        application = self.application
        readiness = readiness_of(application, self.at)
        sections, assessment = readiness.sections, readiness.assessment
        names = Vocabulary.current()
        problems = readiness.problems if application.is_editable_status else []
        return self.page(
            here=_("Check your answers") if self.takes_answers else _("Answers"),
            status=status,
            refusal=refusal,
            has_errors=status != 200,
            attempted=status == 422,
            sections=[(section, _rows(application, section, names)) for section in sections],
            problems=[Point(problem.sentence, problem_url(application, problem)) for problem in problems],
            findings=list(zip(assessment.findings, _worded(assessment, names), strict=True)),
            verdict=word_verdict(assessment, _lead(application), _partners(application)),
            verdict_class=VERDICTS[assessment.verdict.value],
            parties=parties(application),
            clocks=deadline_clocks(application, self.user),
            takes_answers=self.takes_answers,
            no_longer_asked=no_longer_asked(application, sections, names.themes),
        )


class Submit(CheckAnswers):
    """Submit what is on the page. A second click, tab or retry shows the same receipt."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        try:
            submit(application=self.application, version=version_in(request.POST), by=self.user, at=self.at)
        except NotAllowed as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        except NotComplete as refusal:
            return self.show(status=422, refusal=str(refusal))
        except NotPossible as refusal:
            return self.show(status=409, refusal=str(refusal))
        return redirect("calls:receipt", reference)


submit_application = Submit.as_view()


class Receipt(ApplicationPage):
    """What arrived, when, and how to check it. `?format=json` is the sealed copy itself."""

    template_name = "calls/receipt.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        snapshot = self.application.snapshots.select_related("submitted_by").order_by("-number").first()
        if snapshot is None:
            messages.info(request, _("There is no receipt yet: this application was not submitted."))
            return redirect(self.application)
        if request.GET.get("format") == "json":
            return _sealed_copy(self.application, snapshot)
        application, call = self.application, self.application.call
        zones = zones_of(application, self.user)
        return self.page(
            here=_("Receipt"),
            snapshot=snapshot,
            parties=parties(application),
            partner_count=len(application.partners.all()),
            moments=moments(snapshot.received_at, zones),
            printed=moments(self.at, zones[:1])[0],
            before_closing=before_closing(call, snapshot.received_at),
            next_dates=next_dates(call, after=snapshot.received_at.astimezone(call.zone_info).date()),
            mailed_to=mailed_to(snapshot),
            file_name=_file_name(application, snapshot),
            can_withdraw=transition(application.status, Status.WITHDRAWN) is not None,
        )


class Withdraw(ApplicationPage):
    """Asks once more, then withdraws."""

    template_name = "calls/withdraw.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        try:
            require_submitter(self.user, self.application)
        except NotAllowed as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        return self._page(Withdrawal())

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        form = Withdrawal(request.POST)
        if not form.is_valid():
            return self._page(form, status=422)
        try:
            withdraw(application=self.application, by=self.user, at=self.at, note=form.cleaned_data["note"])
        except NotAllowed as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        except NotPossible as refusal:
            return self._page(form, status=409, refusal=str(refusal))
        messages.success(request, _("%(reference)s is withdrawn.") % {"reference": reference})
        return redirect("calls:my_applications")

    def _page(self, form: Withdrawal, *, status: int = 200, refusal: str = "") -> HttpResponse:
        possible = transition(self.application.status, Status.WITHDRAWN) is not None
        return self.page(here=_("Withdraw"), form=form, status=status, refusal=refusal, possible=possible)


def _rows(application: Application, section: Any, names: Vocabulary) -> list[dict[str, Any]]:
    answers = application.answers
    return [
        {
            "question": question,
            "answer": shown(question, answers.get(question.key), names.themes),
            "problem": problem_of(question, answers.get(question.key)),
            "anchor": anchor_of(question),
        }
        for question in section.questions.all()
    ]


def _worded(assessment: Any, names: Vocabulary) -> list[Any]:
    return [word_finding(finding, names) for finding in assessment.findings]


def _lead(application: Application) -> str:
    return application.lead.city.name if application.lead.city else application.lead.name


def _partners(application: Application) -> list[str]:
    return [partner.city.name for partner in application.partners.all()]


def _file_name(application: Application, snapshot: Snapshot) -> str:
    return f"{application.reference}-submission-{snapshot.number}.json"


def _sealed_copy(application: Application, snapshot: Snapshot) -> HttpResponse:
    """The exact bytes that were hashed."""
    response = HttpResponse(snapshot.content.encode(), content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_file_name(application, snapshot)}"'
    return response
