"""Checking, submitting, the receipt, and withdrawing."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from calls.access import NotAllowed, may_submit
from calls.exports import numbered
from calls.models import Application, Snapshot
from calls.operations.status import NotPossible
from calls.operations.submission import NotComplete, submit
from calls.queries.checked import checked_sections
from calls.queries.cut_offs import cut_off_for
from calls.queries.eligibility_wording import Vocabulary, word_finding, word_verdict
from calls.queries.form_versions import no_longer_asked
from calls.queries.readiness import Readiness, readiness_of
from calls.queries.receipts import before_closing, deadline_clocks, mailed_to, moments, next_dates, zones_of
from calls.queries.standing import what_counts
from calls.queries.submitted import answers_in, title_of
from calls.views.application_page import ApplicationPage, version_in
from calls.views.steps import Point, parties, problem_url
from calls.workflow import Status, transitions
from cooperation.accounts.models import User

VERDICTS = {"eligible": "yes", "eligible_with_caution": "yes", "not_eligible": "no", "incomplete": "ask"}


class CheckAnswers(ApplicationPage):
    """Everything on one page as the panel will see it, with what keeps it from being submitted."""

    template_name = "calls/check_answers.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        return self.show()

    def show(self, *, status: int = 200, refusal: str = "") -> HttpResponse:
        application = self.application
        readiness = readiness_of(application, self.at)
        assessment, names = readiness.assessment, Vocabulary.current()
        counts = what_counts(application, readiness, names, self.at)
        if counts.state == "missed" and counts.snapshot:
            application.answers = answers_in(counts.snapshot)  # to read; what was not sent stands beside it
        return self.page(
            here=_("Check your answers") if self.takes_answers else _("Answers"),
            status=status,
            refusal=refusal,
            has_errors=status != 200,
            attempted=status == 422,
            sections=checked_sections(application, readiness, names, self.at),
            findings=list(zip(assessment.findings, _worded(assessment, names), strict=True)),
            verdict=word_verdict(assessment, _lead(application), _partners(application)),
            verdict_class=VERDICTS[assessment.verdict.value],
            parties=parties(application),
            clocks=deadline_clocks(application, self.user),
            takes_answers=self.takes_answers,
            may_submit=may_submit(self.user, application),
            counts=counts,
            cut_off=cut_off_for(application.call, self.at),
            no_longer_asked=no_longer_asked(application, readiness.sections, names.themes),
            **self._points(readiness),
        )

    def _points(self, readiness: Readiness) -> dict[str, list[Point]]:
        """What keeps from submitting, what only cautions, what may stay open; nothing once all is over."""
        if not self.application.is_editable_status:
            return {"problems": [], "warnings": [], "unanswered": []}
        rows = {
            "problems": readiness.problems,
            "warnings": readiness.warnings,
            "unanswered": readiness.unanswered,
        }
        return {
            name: [Point(point.sentence, problem_url(self.application, point)) for point in points]
            for name, points in rows.items()
        }


class Submit(CheckAnswers):
    """Submit what is on the page. A second click, tab or retry shows the same receipt."""

    http_method_names = ["post", "options"]

    def rows(self, user: User) -> QuerySet[Application]:
        """Bare: the operation reads all under its lock, and a deadline is no time to read twice."""
        return Application.objects.visible_to(user).only("reference")

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        try:
            submit(application=self.application, version=version_in(request.POST), by=self.user, at=self.at)
        except NotAllowed as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        except NotComplete as refusal:
            return self._refuse(422, refusal)
        except NotPossible as refusal:
            return self._refuse(409, refusal)
        return redirect("calls:receipt", reference)

    def _refuse(self, status: int, refusal: Exception) -> HttpResponse:
        self.application = get_object_or_404(super().rows(self.user), pk=self.application.pk)
        return self.show(status=status, refusal=str(refusal))


submit_application = Submit.as_view()


class Receipt(ApplicationPage):
    """What arrived, when, and how to check it. `?submission=1` is an earlier one, `?format=json` the copy."""

    template_name = "calls/receipt.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        snapshot = numbered(self.application, request.GET.get("submission"))
        if snapshot is None:
            messages.info(request, _("There is no receipt yet: this application was not submitted."))
            return redirect(self.application)
        if request.GET.get("format") == "json":
            return _sealed_copy(self.application, snapshot)
        application, call = self.application, self.application.call
        zones = zones_of(application, self.user)
        names = Vocabulary.current()
        readiness = readiness_of(application, self.at) if application.status == Status.SUBMITTED else None
        return self.page(
            here=_("Receipt"),
            snapshot=snapshot,
            counts=what_counts(application, readiness, names, self.at),
            replaced=application.snapshots.filter(number=snapshot.number - 1).first(),
            replacing=application.snapshots.filter(number__gt=snapshot.number).order_by("-number").first(),
            submission_title=title_of(snapshot),
            parties=parties(application),
            partner_count=len(application.partners.all()),
            moments=moments(snapshot.received_at, zones),
            printed=moments(self.at, zones[:1])[0],
            clocks=deadline_clocks(application, self.user),
            before_closing=before_closing(application, snapshot.received_at),
            cut_off=cut_off_for(call, snapshot.received_at),
            next_dates=next_dates(application, after=call.day_of(snapshot.received_at)),
            mailed_to=mailed_to(snapshot),
            file_name=_file_name(application, snapshot),
            may_submit=may_submit(self.user, application),
            can_withdraw=bool(transitions(application.status, Status.WITHDRAWN)),
        )


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
