"""From the partner search to a joint application: which call, then the draft exists."""

from typing import Any, cast

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from calls.access import NotAllowed
from calls.operations.joint_drafts import lead_and_partner, start_joint_draft
from calls.operations.status import NotPossible
from calls.queries.clock import database_now
from calls.queries.joint_calls import joint_calls
from cooperation.accounts.models import User
from partnerships.models import City, Interest


class JointDraft(LoginRequiredMixin, View):
    """Open calls for the two cities; people of neither get a 404, as for an interest that is not mutual."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            self.at = database_now()
            rows = Interest.objects.standing().filter(pk=kwargs["interest"], idea__slug=kwargs["slug"])
            found = (
                rows.filter(mutual=True)
                .select_related(
                    "idea__organisation__city", "organisation__city", "expressed_by", "answered_by"
                )
                .first()
            )
            sides = found and lead_and_partner(found, request.user)
            if not (found and sides):
                raise Http404
            self.interest, (self.lead, self.other) = found, sides
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, slug: str, interest: int) -> HttpResponse:
        return self._page()

    def post(self, request: HttpRequest, slug: str, interest: int) -> HttpResponse:
        chosen = next((line for line in self._lines() if line.call.slug == request.POST.get("call")), None)
        if chosen is None:
            return self._page(_("Choose a call that is open now."), 422)
        try:
            draft = start_joint_draft(
                interest=self.interest, call=chosen.call, by=cast(User, request.user), at=self.at
            )
        except NotAllowed as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        except NotPossible as refusal:
            return self._page(str(refusal), 409)
        return redirect(draft)

    def _lines(self) -> list[Any]:
        return joint_calls(cast(City, self.lead.city), cast(City, self.other.city), self.at)

    def _page(self, refusal: str = "", status: int = 200) -> HttpResponse:
        idea = self.interest.idea
        context = {
            "idea": idea,
            "lead": self.lead,
            "other": self.other,
            "lines": self._lines(),
            "refusal": refusal,
            "has_errors": status != 200,
            "crumbs": [
                (_("Partner search"), reverse("partnerships:search")),
                (idea.title, idea.get_absolute_url()),
                (_("Apply together"), ""),
            ],
        }
        return render(self.request, "calls/joint_draft.html", context, status=status)
