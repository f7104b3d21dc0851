"""The people of an application, and the page behind an invitation to join them."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from calls.access import NotAllowed, writes_for
from calls.forms.team import Invite
from calls.models.team import TeamRole
from calls.operations import team as operations
from calls.operations.status import NotPossible
from calls.queries.clock import database_now
from calls.queries.memberships import people_of
from calls.queries.receipts import deadline_clocks
from calls.queries.team import invitation_with, team_of
from calls.views.application_page import ApplicationPage
from calls.workflow import Status
from cooperation.accounts.models import User


class Team(ApplicationPage):
    """Who works on it: see, invite, change a role, take out."""

    template_name = "calls/team.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        return self._page(Invite(initial={"role": TeamRole.EDITOR.value}))

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        form = Invite(request.POST if "email" in request.POST else None)
        try:
            if sentence := self._change_member():
                return self._done(sentence)
            form = Invite(request.POST)
            if not form.is_valid():
                return self._page(form, status=422)
            member, _token = operations.invite(
                application=self.application,
                email=form.cleaned_data["email"],
                role=TeamRole(form.cleaned_data["role"]),
                by=self.user,
                at=self.at,
            )
        except NotAllowed as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        except NotPossible as refusal:
            return self._refused(form, str(refusal))
        return self._done(_("%(email)s is invited.") % {"email": member.email})

    def _change_member(self) -> str:
        """Do what a button beside one person asks for; the sentence to say, empty when it was none."""
        sent = self.request.POST
        about: dict[str, Any] = {"application": self.application, "by": self.user, "at": self.at}
        if "remove" in sent:
            gone = operations.revoke(member=_number(sent["remove"]), **about)
            return _("%(email)s can no longer open this application.") % {"email": gone.email}
        if "member" in sent:
            if sent.get("role") not in TeamRole.values:
                raise NotPossible(_("Choose what this person may do."))
            member = operations.change_role(
                member=_number(sent["member"]), role=TeamRole(sent["role"]), **about
            )
            return _("%(email)s: %(role)s.") % {"email": member.email, "role": member.get_role_display()}
        return ""

    def _done(self, sentence: str) -> HttpResponse:
        messages.success(self.request, sentence)
        return redirect("calls:team", self.application.reference)

    def _refused(self, form: Invite, sentence: str) -> HttpResponse:
        if form.is_bound:
            form.refuse(sentence)
            return self._page(form, status=409)
        return self._page(form, status=409, refusal=sentence)

    def _page(self, form: Invite, *, status: int = 200, refusal: str = "") -> HttpResponse:
        writes = writes_for(self.user, self.application.lead)
        return self.page(
            here=_("Team"),
            status=status,
            form=form,
            refusal=refusal,
            has_errors=bool(refusal),
            people=people_of(self.application),
            team=team_of(self.application, self.at),
            roles=TeamRole.choices,
            decides=writes and self.application.status != Status.WITHDRAWN,
            clocks=deadline_clocks(self.application, self.user),
        )


class Invitation(LoginRequiredMixin, View):
    """Says what it is, to the person it was sent to; accepting is a button."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.at = database_now()
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    @property
    def user(self) -> User:
        """The reader; LoginRequiredMixin lets nobody else in."""
        return cast(User, self.request.user)

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        member = invitation_with(token)
        if member is None:
            raise Http404
        if self.user.email.lower() != member.email:
            return self._sentence(_("This invitation is for another address."), 403, another=True)
        try:
            operations.refuse_stale(member, self.at)
        except NotPossible as refusal:
            return self._sentence(str(refusal), 410)
        if member.accepted_at:
            return redirect(member.application)
        context = {
            "place": "my",
            "member": member,
            "application": member.application,
            "call": member.application.call,
            "clocks": deadline_clocks(member.application, self.user),
        }
        return render(request, "calls/invitation.html", context)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        try:
            member = operations.accept(token=token, by=self.user, at=self.at)
        except operations.UnknownInvitation as unknown:
            raise Http404 from unknown
        except NotAllowed as refusal:
            return self._sentence(str(refusal), 403, another=True)
        except NotPossible as refusal:
            return self._sentence(str(refusal), 410)
        about = {"reference": member.application.reference}
        messages.success(request, _("You work on %(reference)s now.") % about)
        return redirect(member.application)

    def _sentence(self, refusal: str, status: int, *, another: bool = False) -> HttpResponse:
        context = {"place": "my", "refusal": refusal, "another": another}
        return render(self.request, "calls/invitation.html", context, status=status)


def _number(given: str) -> int:
    """A person's number; one that cannot be read is nobody's."""
    return int(given) if given.isascii() and given.isdigit() and len(given) <= 18 else 0
