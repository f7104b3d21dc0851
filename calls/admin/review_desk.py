"""My reviews, and the desk: the application on the left, the reader's own score sheet on the right."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from calls.admin.pages import person, staff_page
from calls.admin.reviewing_person import Place, assigned
from calls.forms.score_sheet import ReasonForm, ScoreSheet
from calls.models import Review
from calls.models.reading import What
from calls.operations.reading import record_reading
from calls.operations.reviewing import EMPTY, sheet_of
from calls.queries.clock import database_now
from calls.queries.my_reviews import TO_DO, MyReview, mine_in, my_calls, next_to_do, stood_aside
from calls.queries.review_phase import ReviewPhase, phase_of, why_conflicted, why_not_score
from calls.queries.score_sheets import others_sheets, total_of, word_missing, word_phase, word_saved
from calls.queries.submitted import latest_submission

TEMPLATES = "admin/calls/review"


@require_safe
def my_reviews(request: HttpRequest) -> HttpResponse:
    """Whatever is assigned to the person who asks, call by call."""
    user, at = person(request), database_now()
    calls = my_calls(user, at)
    rows = [row for call in calls for row in call.rows]
    context = {
        "title": _("My reviews"),
        "staff_place": "reviews",
        "calls": calls,
        "to_do": sum(row.state in TO_DO for row in rows),
        "begun": sum(row.state in TO_DO and row.begun for row in rows),
        "finished": sum(call.finished for call in calls),
        "late": sum(row.state == "overdue" for row in rows),
        "first": next((call.next for call in calls if call.next), None),
        "aside": stood_aside(user),
    }
    return staff_page(request, f"{TEMPLATES}/list.html", context)


@require_safe
def desk(request: HttpRequest, pk: int) -> HttpResponse:
    """One application and the sheet for it; that it was read is written down."""
    place = assigned(request, pk)
    record_reading(application=place.application, by=place.user, at=place.at, what=What.DESK)
    return page_of(request, place)


def page_of(
    request: HttpRequest,
    place: Place,
    *,
    sheet: ScoreSheet | None = None,
    status: int = 200,
    **context: Any,
) -> TemplateResponse:
    """The desk; a sheet that could not be saved comes back as it was typed."""
    review, application = place.review, place.application
    submitted = latest_submission(application)
    conflict = why_conflicted(place.user, application)
    closed = why_not_score(place.assignment, application, conflict)
    finished = bool(review and review.finished_at)
    found = {
        "application": application,
        "assignment": place.assignment,
        "title": (submitted and submitted.title) or application.title or application.reference,
        "staff_place": "reviews",
        "submitted": submitted,
        "review": review,
        "open": not closed and not finished,
        "closed": closed,
        "reopens": finished and phase_of(application, place.at) is ReviewPhase.SCORING,
        "waits_for_declaration": place.assignment.unconflicted_at is None
        and phase_of(application, place.at) is not ReviewPhase.CLOSED,
        "conflict": conflict,
        "phase": word_phase(application, place.at, finished=finished),
        "discussing": phase_of(application, place.at) is ReviewPhase.DISCUSSION,
        "others": others_sheets(application, place.user),
        "place_kept": place.kept,
        "login_url": f"{reverse('account_login')}?{urlencode({'next': request.path})}",
        "reasons": ReasonForm(),
        **sheet_context(place, review, sheet),
        **_neighbours(place),
        **context,
    }
    return staff_page(request, f"{TEMPLATES}/desk.html", found, status=status)


def sheet_context(place: Place, review: Review | None, sheet: ScoreSheet | None = None) -> dict[str, Any]:
    """The sheet with its total, what is missing, and when it was saved."""
    criteria = sheet.criteria if sheet else place.criteria
    form = sheet or ScoreSheet(criteria=criteria, saved=sheet_of(review) if review else EMPTY)
    scored, weights = form.scored(), {row.pk: row.weight for row in criteria}
    return {
        "form": form,
        "rows": form.rows(),
        "total": total_of((value, weights[key]) for key, value in scored.items()),
        "missing": word_missing(criteria, scored, str(form["recommendation"].value() or "")),
        "version": review.version if review else 0,
        "saved_words": word_saved(review, place.user.time_zone, place.at) if review else "",
    }


def _neighbours(place: Place) -> dict[str, Any]:
    """Which of the person's applications in this call it is, the one before and the next to do."""
    rows = mine_in(place.application.call, place.user, place.at)
    number = _place_in(rows, place)
    return {
        "number": number,
        "count": len(rows),
        "before": rows[number - 2].application if number > 1 else None,
        "after": next_to_do(rows, place.application),
    }


def _place_in(rows: Sequence[MyReview], place: Place) -> int:
    return next((number for number, row in enumerate(rows, 1) if row.application == place.application), 0)
