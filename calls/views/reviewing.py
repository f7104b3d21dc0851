"""The page of an invited reviewer: what is expected, their details, accept or decline."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from calls.access import NotAllowed
from calls.forms.reviewers import AcceptForm, DeclineForm, ExpertiseForm
from calls.models import Reviewer
from calls.operations.inviting_reviewers import StaleDetails, accept_invitation, decline_invitation
from calls.operations.status import NotPossible
from calls.queries.clock import database_now
from calls.queries.reviewers import details_stamp
from cooperation.accounts.models import User


class ReviewerInvitation(LoginRequiredMixin, View):
    """For the person who was invited alone; for everybody else there is no such page."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    @property
    def user(self) -> User:
        """The reader; LoginRequiredMixin lets nobody else in."""
        return cast(User, self.request.user)

    def get(self, request: HttpRequest) -> HttpResponse:
        reviewer = self._reviewer()
        form = AcceptForm(initial=_initial_of(reviewer), reviewer=reviewer)
        return self._page(reviewer, form, DeclineForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        reviewer = self._reviewer()
        declining = "decline" in request.POST
        initial = _initial_of(reviewer)
        form = AcceptForm(None if declining else request.POST, initial=initial, reviewer=reviewer)
        refusing = DeclineForm(request.POST if declining else None)
        if not (refusing if declining else form).is_valid():
            return self._page(reviewer, form, refusing, status=422)
        at = database_now()
        try:
            if declining:
                decline_invitation(reason=refusing.cleaned_data["reason"], by=self.user, at=at)
            else:
                accept_invitation(known=form.expertise, by=self.user, at=at, stamp=request.POST.get("stamp"))
        except (NotPossible, NotAllowed) as refusal:
            status = 403 if isinstance(refusal, NotAllowed) else 409
            reviewer = self._reviewer()
            return self._page(reviewer, form, refusing, status=status, refusal=refusal)
        if not declining:
            messages.success(request, _("Saved. You get a letter when something is assigned to you."))
        return redirect("calls:reviewer_invitation")

    def _reviewer(self) -> Reviewer:
        rows = Reviewer.objects.select_related("user", "invited_by", "city", "organisation")
        reviewer = rows.prefetch_related("areas").filter(user=self.user).first()
        if reviewer is None:
            raise Http404
        return reviewer

    def _page(
        self,
        reviewer: Reviewer,
        form: AcceptForm,
        refusing: DeclineForm,
        *,
        status: int = 200,
        refusal: Exception | None = None,
    ) -> HttpResponse:
        context = {
            "place": "reviewing",
            "reviewer": reviewer,
            "form": form,
            "refusing": refusing,
            "refusal": refusal,
            "stamp": details_stamp(reviewer),
            "recorded": form.recorded_otherwise(reviewer) if isinstance(refusal, StaleDetails) else [],
            "over": bool(reviewer.declined_at or reviewer.retired_at),
        }
        return render(self.request, "calls/reviewing.html", context, status=status)


def _initial_of(reviewer: Reviewer) -> dict[str, Any]:
    """What is known of the person; who accepted once has made the promise and finds it ticked."""
    return ExpertiseForm.initial_of(reviewer) | {"confidential": reviewer.accepted_at is not None}
