"""The review desk: the application on the left, the reader's own score sheet on the right."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views import View

from calls.access import NotAllowed
from calls.admin.application_page import PAGE, load
from calls.admin.pages import person, staff_page, status_of
from calls.forms.staff import ScoreSheet
from calls.models import Application, Review
from calls.operations.reviewing import StaleReview, save_review
from calls.operations.status import NotPossible
from calls.queries.clock import database_now
from calls.queries.ranking import weighted
from calls.queries.submitted import latest_submission
from calls.workflow import Status

TEMPLATE = "admin/calls/application/review.html"


class ReviewDesk(View):
    """Shows and saves one person's score sheet for one application. Works without JavaScript."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        application = load(request, pk)
        review = _own(application, request)
        sheet = ScoreSheet(criteria=application.call.criteria.all(), initial=ScoreSheet.initial_of(review))
        return self._page(request, application, review, sheet)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        at = database_now()
        application = load(request, pk)
        sheet = ScoreSheet(request.POST, criteria=application.call.criteria.all())
        if not sheet.is_valid():
            return self._page(request, application, _own(application, request), sheet, status=422)
        finish = "finish" in request.POST
        try:
            save_review(
                application=application,
                scores=sheet.scores,
                recommendation=sheet.cleaned_data["recommendation"],
                comment=sheet.cleaned_data["comment"],
                version=sheet.cleaned_data["version"],
                finish=finish,
                by=person(request),
                at=at,
            )
        except (NotPossible, NotAllowed, StaleReview) as refusal:
            return self._refused(request, load(request, pk), sheet, refusal)
        if finish:
            messages.success(request, _("Your review is finished and read only."))
            return redirect(PAGE, pk)
        return redirect("admin:calls_application_review", pk)

    def _refused(
        self, request: HttpRequest, application: Application, sheet: ScoreSheet, refusal: Exception
    ) -> TemplateResponse:
        """What was typed stays; the newer sheet stands beside it, and saving again replaces it."""
        review = _own(application, request)
        context: dict[str, Any] = {"refusal": refusal}
        if isinstance(refusal, StaleReview) and review:
            context["newer"] = review.scores.select_related("criterion").order_by("criterion__position")
        return self._page(request, application, review, sheet, status=status_of(refusal), **context)

    def _page(
        self,
        request: HttpRequest,
        application: Application,
        review: Review | None,
        sheet: ScoreSheet,
        *,
        status: int = 200,
        **context: Any,
    ) -> TemplateResponse:
        rows = sheet.rows()
        chosen = [
            (int(row["chosen"]), row["criterion"].weight) for row in rows if row["chosen"] in row["values"]
        ]
        return staff_page(
            request,
            TEMPLATE,
            {
                "application": application,
                "title": application.title or application.reference,
                "staff_place": "applications",
                "submitted": latest_submission(application),
                "review": review,
                "form": sheet,
                "rows": rows,
                "version": review.version if review else 0,
                "total": round(float(weighted(chosen) or 0) * sum(weight for _v, weight in chosen) / 100),
                "possible": sum(weight for _v, weight in chosen),
                "open": application.status == Status.ELIGIBLE and not (review and review.finished_at),
                **context,
            },
            status=status,
        )


def _own(application: Application, request: HttpRequest) -> Review | None:
    mine = application.reviews.filter(reviewer=person(request))
    return mine.prefetch_related("scores").first()
