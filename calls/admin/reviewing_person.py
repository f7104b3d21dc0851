"""The pages of reviewers, who need not be staff: whom they open to, and what each of them loads."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect

from calls.admin.pages import person
from calls.models import Application, Assignment, Criterion, Review
from calls.queries.clock import database_now
from calls.queries.my_reviews import is_reviewer
from calls.queries.review_phase import assignment_of
from cooperation.accounts.models import User
from cooperation.web.admin import register_place

LIST = "admin:calls_assignment_changelist"
DESK = "admin:calls_assignment_desk"

View = Callable[..., HttpResponseBase]


def for_reviewers(view: View, *, told: bool = False) -> View:
    """Let in staff and whoever reviews or was asked to; for others the page does not exist.

    `told`: the script that asked is told in a status that the session has ended, for it would follow a
    redirect unseen.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            if told:
                return HttpResponse(status=HTTPStatus.UNAUTHORIZED)
            return redirect_to_login(request.get_full_path())
        user = person(request)
        if not (user.is_staff or is_reviewer(user)):
            raise Http404
        return view(request, *args, **kwargs)

    return never_cache(csrf_protect(guarded))


@dataclass(frozen=True)
class Place:
    """One assigned application, with whoever reviews it."""

    application: Application
    assignment: Assignment
    user: User
    at: datetime

    @property
    def review(self) -> Review | None:
        """The person's own sheet as it is now; None before its first save."""
        mine = self.application.reviews.filter(reviewer=self.user)
        return mine.prefetch_related("scores").first()

    @property
    def criteria(self) -> list[Criterion]:
        """What the call scores, in its order."""
        return list(self.application.call.criteria.all())

    @property
    def kept(self) -> str:
        """The name under which a tab keeps what is typed."""
        return f"kept:{self.user.pk}:{self.application.reference}:sheet"


def assigned(request: HttpRequest, pk: int) -> Place:
    """The application if it is assigned to this person; otherwise 404, whether it exists or not."""
    user = person(request)
    rows = Application.objects.for_reviewer(user).select_related("call__programme", "lead__city")
    application = rows.prefetch_related("call__texts").filter(pk=pk).first()
    assignment = assignment_of(user, application) if application else None
    if application is None or assignment is None:
        raise Http404
    return Place(application, assignment, user, database_now())


register_place("reviews", gettext_lazy("My reviews"), LIST, guests=is_reviewer)
