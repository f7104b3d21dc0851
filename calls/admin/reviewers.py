"""Experts: the list, inviting one, and the page of one with what stands and what conflicts."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from calls.access import NotAllowed
from calls.admin.pages import StaffAdmin, person, staff_page, status_of
from calls.admin.reviewer_filters import AreaFilter, LanguageFilter, StateFilter
from calls.forms.reviewers import InviteReviewer, ReviewerForm
from calls.models import Assignment, Reviewer
from calls.operations.inviting_reviewers import (
    StaleDetails,
    change_reviewer,
    invite_again,
    invite_reviewer,
    retire_reviewer,
)
from calls.operations.status import NotPossible
from calls.queries.assignments import with_progress
from calls.queries.clock import database_now
from calls.queries.matrix import SHOWN
from calls.queries.reviewers import details_stamp, reviewer_list, state_of
from cooperation.web.admin import register_place
from cooperation.web.languages import language_name
from cooperation.web.templatetags.portal import state

CHANGELIST, CHANGE = "admin:calls_reviewer_changelist", "admin:calls_reviewer_change"
MOST_SHOWN = 40  # assignments on the page of one reviewer: what is left to do first, then the newest


@admin.register(Reviewer)
class ReviewerAdmin(StaffAdmin):
    """Read only: a reviewer is invited and changed on our own pages."""

    staff_place = "reviewers"
    list_display = [
        "person_shown", "areas_shown", "languages_shown", "load_shown", "finished_shown", "late_shown",
        "state_shown",
    ]  # fmt: skip
    list_filter = [StateFilter, AreaFilter, LanguageFilter]
    search_fields = ["user__name", "user__email", "affiliation", "organisation__name", "city__name"]
    ordering = ["user__name", "pk"]
    list_per_page = 50
    list_max_show_all = 50
    show_full_result_count = False
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reviewer]:
        return reviewer_list(database_now())

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_staff and request.user.has_perm("calls.assign_application")

    @admin.display(description=gettext_lazy("reviewer"), ordering="user__name")
    def person_shown(self, row: Reviewer) -> str:
        return str(row.user)

    @admin.display(description=gettext_lazy("areas"))
    def areas_shown(self, row: Reviewer) -> str:
        return ", ".join(str(theme) for theme in row.areas.all()) or "–"

    @admin.display(description=gettext_lazy("languages"))
    def languages_shown(self, row: Reviewer) -> str:
        return ", ".join(language_name(code) for code in row.languages) or "–"

    @admin.display(description=gettext_lazy("load now"), ordering="open")
    def load_shown(self, row: Any) -> str:
        return _("%(open)s of %(most)s") % {"open": row.open, "most": row.maximum_load}

    @admin.display(description=gettext_lazy("finished"), ordering="finished")
    def finished_shown(self, row: Any) -> int:
        return row.finished

    @admin.display(description=gettext_lazy("overdue"), ordering="late")
    def late_shown(self, row: Any) -> int | SafeString:
        return state("attention", str(row.late)) if row.late else 0

    @admin.display(description=gettext_lazy("state"))
    def state_shown(self, row: Reviewer) -> SafeString:
        return state(*state_of(row))

    def get_urls(self) -> list[URLPattern]:
        """The list, and our own pages in place of Django's forms."""
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name="calls_reviewer_changelist"),
            path("add/", wrap(invite), name="calls_reviewer_add"),
            path("<int:pk>/", wrap(change), name="calls_reviewer_change"),
            path("<int:pk>/retire/", wrap(retire), name="calls_reviewer_retire"),
            path("<int:pk>/again/", wrap(again), name="calls_reviewer_again"),
        ]


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Invite an expert; also one who declined or retired before."""
    form = InviteReviewer(request.POST if request.method == "POST" else None, initial={"maximum_load": 12})
    status, refusal = (422 if request.method == "POST" else 200), None
    if request.method == "POST" and form.is_valid():
        given, known = form.cleaned_data, form.expertise
        try:
            reviewer = invite_reviewer(
                email=given["email"],
                name=given["name"],
                areas=known.areas,
                languages=known.languages,
                country=known.country,
                city=known.city,
                organisation=known.organisation,
                affiliation=known.affiliation,
                maximum_load=known.maximum_load,
                by=person(request),
                at=database_now(),
            )
        except (NotPossible, NotAllowed) as error:
            status, refusal = status_of(error), error
        else:
            messages.success(request, _("%(person)s is invited by mail.") % {"person": reviewer.user})
            return redirect(CHANGE, reviewer.pk)
    context = {"form": form, "refusal": refusal, "title": _("Invite a reviewer"), "staff_place": "reviewers"}
    return staff_page(request, "admin/calls/reviewer/invite.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """One reviewer: what is known, what stands, what was declared. Saving changes what is known."""
    reviewer = _load(pk)
    form = ReviewerForm(
        request.POST if request.method == "POST" else None,
        initial=ReviewerForm.initial_of(reviewer),
        reviewer=reviewer,
    )
    if request.method == "POST" and form.is_valid():
        try:
            change_reviewer(
                reviewer=reviewer,
                known=form.expertise,
                by=person(request),
                at=database_now(),
                stamp=request.POST.get("stamp"),
            )
        except (NotPossible, NotAllowed) as error:
            return _page(request, _load(pk), form, error, status_of(error))
        else:
            messages.success(request, _("Saved. Conflicts are found from these details from now on."))
            return redirect(CHANGE, pk)
    return _page(request, reviewer, form, None, 422 if request.method == "POST" else 200)


@require_POST
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Nothing more is assigned to them."""
    return _step(request, pk, retire_reviewer, _("%(person)s gets no more applications."))


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send an invitation that was not answered once more."""
    return _step(request, pk, invite_again, _("%(person)s is invited by mail once more."))


def _step(request: HttpRequest, pk: int, act: Callable[..., object], done: str) -> HttpResponse:
    reviewer = _load(pk)
    try:
        act(reviewer=reviewer, by=person(request), at=database_now())
    except (NotPossible, NotAllowed) as error:
        form = ReviewerForm(initial=ReviewerForm.initial_of(reviewer), reviewer=reviewer)
        return _page(request, reviewer, form, error, status_of(error))
    messages.success(request, done % {"person": reviewer.user})
    return redirect(CHANGE, pk)


def _load(pk: int) -> Any:
    reviewer = reviewer_list(database_now()).select_related("invited_by").filter(pk=pk).first()
    if reviewer is None:
        raise Http404
    return reviewer


def _page(
    request: HttpRequest, reviewer: Any, form: ReviewerForm, refusal: Exception | None, status: int
) -> HttpResponse:
    rows = Assignment.objects.filter(user=reviewer.user).select_related(
        "application__call", "application__lead"
    )
    rows = with_progress(rows.prefetch_related("application__call__texts"))
    rows = rows.order_by("finished", "-assigned_at", "-pk")  # type: ignore[misc]
    context = {
        "title": str(reviewer.user),
        "staff_place": "reviewers",
        "reviewer": reviewer,
        "state": state_of(reviewer),
        "form": form,
        "refusal": refusal,
        "stamp": details_stamp(reviewer),
        "recorded": form.recorded_otherwise(reviewer) if isinstance(refusal, StaleDetails) else [],
        "assignments": rows[:MOST_SHOWN],
        "assignable": SHOWN,  # whose page of reviewers there is
        "more": max(0, rows.count() - MOST_SHOWN),
        "conflicts": reviewer.user.conflicts.select_related("application", "by", "lifted_by"),
        "panels": reviewer.user.panels.select_related("call").prefetch_related("call__texts"),
        "may_assign": request.user.has_perm("calls.assign_application"),
    }
    return staff_page(request, "admin/calls/reviewer/page.html", context, status=status)


register_place("reviewers", gettext_lazy("Reviewers"), CHANGELIST)
