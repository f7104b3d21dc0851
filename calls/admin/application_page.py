"""One application as it was submitted, its history, and the step that is possible now."""

from collections.abc import Callable
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
from calls.models import Application, Decision
from calls.models.decision import Outcome
from calls.operations import deciding, reviewing, screening
from calls.operations.document_files import NotKept
from calls.operations.status import NotPossible
from calls.queries.clock import database_now
from calls.queries.document_rows import staff_rows
from calls.queries.later_assessments import later_assessments
from calls.queries.ranking import weighted
from calls.queries.submitted import latest_submission
from calls.workflow import Status
from cooperation.accounts.models import User

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
    return page_of(request, load(request, pk))


@require_safe
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The PDF of the newest submission, the bytes that the city has; `?submission=1` an earlier one."""
    snapshot = numbered(load(request, pk), request.GET.get("submission"))
    if snapshot is None:
        raise Http404
    try:
        return submission_pdf(snapshot, database_now())
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
    submitted = latest_submission(application)
    context = {
        "application": application,
        "title": application.title or application.reference,
        "staff_place": "applications",
        "submitted": submitted,
        "later": submitted
        and later_assessments(submitted.snapshot, submitted.lead, list(submitted.partners)),
        "papers": staff_rows(application, database_now()),
        "changes": application.status_changes.select_related("by"),
        "attempts": application.attempts.select_related("by"),
        "sheets": _sheets(application, request.user),
        "refusal": refusal,
        "form": bound,
        **_next_step(application, request.user, bound),
    }
    return staff_page(request, TEMPLATE, context, status=status)


def _next_step(application: Application, user: Any, bound: forms.Form | None) -> dict[str, Any]:
    """What can be done now, and why a button cannot be pressed where it cannot."""
    status = application.status
    decision = Decision.objects.filter(application=application).select_related(
        "recommended_by", "approved_by", "partnership"
    ).first()  # fmt: skip
    undecided = decision if decision and decision.approved_at is None else None
    scored = application.call.criteria.exists()
    version = {"version": application.version}
    too_early = screening.why_not_screen(application, database_now())
    return {
        "decision": decision,
        "undecided": undecided,
        "scored": scored,
        "pairs": application.call.kind == "pairing",
        "too_early": too_early,
        "screening": status in (Status.SUBMITTED, Status.INELIGIBLE)
        and not too_early
        and _form(ScreeningForm, bound, version),
        "reviewing": status == Status.ELIGIBLE and scored,
        "closable": status == Status.ELIGIBLE
        and application.reviews.filter(finished_at__isnull=False).exists(),
        "recommending": status in deciding.RECOMMENDABLE
        and not undecided
        and _form(RecommendationForm, bound, version, only=_outcomes(status)),
        "why_not_approve": undecided and why_not_approve(user, undecided),
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


def why_not_approve(user: User, decision: Decision) -> str:
    """Why this person cannot approve, as a sentence; empty when they can."""
    if decision.recommended_by_id == user.pk:
        return _("You recommended this outcome. A second person approves it.")
    if not user.has_perm("calls.decide_application"):
        return _("Only staff who approve decisions can do this.")
    return ""


def _sheets(application: Application, user: Any) -> list[dict[str, Any]]:
    """Finished score sheets. While the review runs, those of others stay hidden until one's own is done."""
    reviews = application.reviews.filter(finished_at__isnull=False)
    found = list(reviews.select_related("reviewer").prefetch_related("scores__criterion"))
    own_done = any(review.reviewer_id == user.pk for review in found)
    if application.status == Status.ELIGIBLE and not own_done:
        return [{"hidden": True, "review": review} for review in found]
    return [
        {
            "review": review,
            "total": float(weighted([(row.value, row.criterion.weight) for row in review.scores.all()]) or 0),
            "scores": sorted(review.scores.all(), key=lambda row: (row.criterion.position, row.criterion_id)),
        }
        for review in found
    ]


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
        return page_of(request, load(request, pk), refusal=refusal, bound=_fresh(form, load(request, pk)))
    messages.success(request, done)
    return redirect(PAGE, pk)


def _fresh(form: StepForm, application: Application) -> StepForm:
    """The same words with the version that is current now, so that a second press is a decision."""
    return type(form)({**form.data.dict(), "version": application.version})  # type: ignore[attr-defined]


@require_POST
def screen(request: HttpRequest, pk: int) -> HttpResponse:
    at = database_now()

    def act(application: Application, data: dict[str, Any]) -> None:
        screening.screen(
            application=application,
            eligible=data["eligible"] == "yes",
            note=data["note"],
            version=data["version"],
            by=person(request),
            at=at,
        )

    return _step(request, pk, ScreeningForm(request.POST), act, _("Screened. The history says who and when."))


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

    return _step(request, pk, StepForm(request.POST), act, _("Approved. The letter is on its way."))
