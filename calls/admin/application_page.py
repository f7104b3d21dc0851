"""One application as it was submitted, its history, and the step that is possible now."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from calls.access import NotAllowed
from calls.admin.pages import person, staff_page, status_of
from calls.exports import numbered, submission_pdf
from calls.forms.staff import RecommendationForm, ScreeningForm, StepForm
from calls.models import Application, StatusChange
from calls.models.decision import Outcome
from calls.models.reading import What
from calls.operations import deciding, reviewing, screening
from calls.operations.correcting_submissions import why_not_ask
from calls.operations.reading import record_reading
from calls.operations.status import NotPossible
from calls.queries import staff
from calls.queries.blinding import HIDDEN, decisions_for, why_in_conflict
from calls.queries.clock import database_now
from calls.queries.correction_answers import corrections_of
from calls.queries.decision_page import why_not_approve
from calls.queries.decisions import RESULTS
from calls.queries.document_rows import staff_rows
from calls.queries.eligibility_wording import Vocabulary
from calls.queries.later_assessments import later_assessments
from calls.queries.review_phase import assignment_of
from calls.queries.score_sheets import staff_sheets
from calls.queries.screening_evidence import evidence_of
from calls.queries.submitted import latest_submission
from calls.workflow import Status
from cooperation.web.files import NotKept

PAGE = "admin:calls_application_change"
TEMPLATE = "admin/calls/application/page.html"


def load(request: HttpRequest, pk: int) -> Application:
    """The application if this person may see it; otherwise 404, whether it exists or not."""
    rows = Application.objects.for_staff(request.user).select_related("call__programme", "lead__city")
    application = rows.prefetch_related("call__texts").filter(pk=pk).first()
    if application is None:
        raise Http404
    return application


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    application = load(request, pk)
    record_reading(application=application, by=person(request), at=database_now(), what=What.PAGE)
    return page_of(request, application)


@require_safe
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The PDF of the newest submission, the bytes that the city has; `?submission=1` an earlier one."""
    application, at = load(request, pk), database_now()
    snapshot = numbered(application, request.GET.get("submission"))
    if snapshot is None:
        raise Http404
    record_reading(application=application, by=person(request), at=at, what=What.PDF)
    try:
        return submission_pdf(snapshot, at)
    except NotKept as refusal:
        messages.error(request, str(refusal))
        return redirect(PAGE, pk)


def page_of(
    request: HttpRequest,
    application: Application,
    *,
    refusal: Exception | None = None,
    bound: forms.Form | None = None,
) -> TemplateResponse:
    """The page; with a refusal it says so in words and with the right status, and keeps what was typed."""
    status = status_of(refusal) if refusal else 422 if bound is not None else 200
    at = database_now()
    names = Vocabulary.current()
    submitted = latest_submission(application, names)
    changes = list(application.status_changes.select_related("by"))
    step = _next_step(application, request.user, bound, at, _todo(request))
    if step["decision"] and step["decision"].hidden:
        _hide_reasons(changes)
    context = {
        "application": application,
        "title": application.title or application.reference,
        "staff_place": "applications",
        "submitted": submitted,
        "later": submitted
        and later_assessments(submitted.snapshot, submitted.lead, list(submitted.partners)),
        "evidence": submitted and evidence_of(submitted.snapshot, names),
        "deciding_eligibility": application.status in (Status.SUBMITTED, Status.INELIGIBLE),
        "waivers": application.waivers.filter(ended_at__isnull=True).select_related("rule", "by"),
        "papers": staff_rows(application, at),
        "corrections": corrections_of(application, at),
        "queue": queue_of(request, application),
        "changes": changes,
        "against": _against_assessment(changes),
        "attempts": application.attempts.select_related("by"),
        "sheets": staff_sheets(application, person(request)),
        "refusal": refusal,
        "form": bound,
        **step,
    }
    return staff_page(request, TEMPLATE, context, status=status)


def _hide_reasons(changes: list[StatusChange]) -> None:
    """The step that told the outcome repeats its reason."""
    for row in changes:
        if row.target in RESULTS:
            row.note = str(HIDDEN)


def _against_assessment(changes: list[StatusChange]) -> bool:
    """Whether the last screening contradicted the assessment."""
    screened = [row for row in changes if row.target in (Status.ELIGIBLE, Status.INELIGIBLE)]
    return bool(screened) and screened[-1].overrides


def _todo(request: HttpRequest) -> str:
    """The queue that the reader goes through, empty for none."""
    key = request.POST.get("todo", "") or request.GET.get("todo", "")
    return key if key in staff.QUEUES else ""


def queue_of(request: HttpRequest, application: Application) -> staff.Place | None:
    """Where the application stands in the queue that the reader goes through."""
    key = _todo(request)
    return staff.place_in(key, person(request), application) if key else None


def _next_step(
    application: Application, user: Any, bound: forms.Form | None, at: datetime, todo: str
) -> dict[str, Any]:
    """What can be done now, and why a button cannot be pressed where it cannot."""
    status = application.status
    decision = decisions_for(user).filter(application=application).select_related(
        "recommended_by", "approved_by", "partnership"
    ).first()  # fmt: skip
    unpublished = decision if decision and not decision.published_at and not decision.returned_at else None
    undecided = unpublished if unpublished and not unpublished.approved_at else None
    scored = application.call.criteria.exists()
    version = {"version": application.version, "todo": todo}
    too_early = screening.why_not_screen(application, at)
    return {
        "decision": decision,
        "undecided": undecided,
        "scored": scored,
        "pairs": application.call.kind == "pairing",
        "too_early": too_early,
        "screening": status in (Status.SUBMITTED, Status.INELIGIBLE)
        and not too_early
        and _screening_form(application, bound, version),
        "may_ask": status == Status.SUBMITTED and not why_not_ask(application, at),
        "reviewing": status == Status.ELIGIBLE and scored,
        "reviews_it": status == Status.ELIGIBLE and assignment_of(user, application) is not None,
        "closable": status == Status.ELIGIBLE
        and application.reviews.filter(finished_at__isnull=False).exists(),
        "recommending": status in deciding.RECOMMENDABLE
        and not unpublished
        and _form(RecommendationForm, bound, version, only=_outcomes(status)),
        "why_not_recommend": status in deciding.RECOMMENDABLE and why_in_conflict(user, application),
        "why_not_approve": undecided
        and why_not_approve(
            user,
            undecided,
            decides=user.has_perm("calls.decide_application"),
            hidden=undecided.hidden,  # type: ignore[attr-defined]
        ),
    }


def _outcomes(status: str) -> list[tuple[str, str]]:
    return [
        (outcome.value, str(outcome.label))
        for outcome in Outcome
        if status == Status.REVIEWED or outcome is Outcome.SELECTED
    ]


def _form(
    kind: type[StepForm], bound: forms.Form | None, initial: dict[str, Any], only: Any = None
) -> forms.Form:
    form = bound if isinstance(bound, kind) else kind(initial=initial)
    if only:
        cast(forms.ChoiceField, form.fields["outcome"]).choices = only
    return form


def _screening_form(
    application: Application, bound: forms.Form | None, initial: dict[str, Any]
) -> forms.Form:
    """What was found not eligible can only turn eligible."""
    reversal = application.status == Status.INELIGIBLE
    form = _form(ScreeningForm, bound, {**initial, "eligible": "yes"} if reversal else initial)
    if reversal:
        cast(forms.ChoiceField, form.fields["eligible"]).choices = [("yes", _("Eligible after all"))]
    return form


def _step(
    request: HttpRequest,
    pk: int,
    form: StepForm,
    act: Callable[[Application, dict[str, Any]], Any],
    done: str,
) -> HttpResponse:
    """One operation for one pressed button; a refusal comes back as the page with its reason."""
    application = load(request, pk)
    if not form.is_valid():
        return page_of(request, application, bound=form)
    try:
        act(application, form.cleaned_data)
    except (NotPossible, NotAllowed) as refusal:
        return page_of(request, load(request, pk), refusal=refusal, bound=fresh(form, load(request, pk)))
    messages.success(request, done)
    return redirect(PAGE, pk)


def fresh(form: StepForm, application: Application) -> StepForm:
    """The same words with the version that is current now, so that a second press is a decision."""
    return type(form)({**form.data.dict(), "version": application.version})  # type: ignore[attr-defined]


@require_POST
def finish_review(request: HttpRequest, pk: int) -> HttpResponse:
    at = database_now()

    def act(application: Application, data: dict[str, Any]) -> None:
        reviewing.finish_review(application=application, version=data["version"], by=person(request), at=at)

    return _step(request, pk, StepForm(request.POST), act, _("The review is closed. Recommend an outcome."))


@require_POST
def recommend(request: HttpRequest, pk: int) -> HttpResponse:
    at = database_now()

    def act(application: Application, data: dict[str, Any]) -> None:
        deciding.recommend(
            application=application,
            outcome=Outcome(data["outcome"]),
            reason=data["reason"],
            version=data["version"],
            by=person(request),
            at=at,
        )

    form = RecommendationForm(request.POST)
    return _step(request, pk, form, act, _("Recommended. A second person approves it."))


@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    at = database_now()

    def act(application: Application, data: dict[str, Any]) -> None:
        deciding.approve(application=application, version=data["version"], by=person(request), at=at)

    done = _("Approved. The city hears of it when the results are published.")
    return _step(request, pk, StepForm(request.POST), act, done)
