"""Who takes part: asked, joined, left, replaced; and the page on which those who are asked answer."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from cooperation.accounts.models import User
from cooperation.web.clock import database_now
from partnerships.access import answers_for
from partnerships.forms.partnership_life import AskForm, HandOverForm, LeaveForm, ReasonForm
from partnerships.models import JoiningRequest
from partnerships.models.partnership import MemberRole
from partnerships.operations import joining
from partnerships.operations.refusals import NotPossible
from partnerships.views.partnership_base import MembersPage, number_in


class Members(MembersPage):
    """The members of today and before, who is asked, and one form at a time: ask, leave, hand over."""

    name = "work_members"
    template_name = "partnerships/partnership_members.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        if leaving := self._seat(request.GET.get("leave")):
            return self._page(leaving=leaving, form=LeaveForm(initial={"on": self.at.date()}, needed=True))
        if "hand-over" in request.GET:
            return self._page(form=HandOverForm(partnership=self.partnership), handing=True)
        return self._page(form=AskForm(partnership=self.partnership))

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        step = {"leave": self._leave, "hand-over": self._hand_over, "take-back": self._take_back}
        return step.get(request.POST.get("do", ""), self._ask)()

    def _ask(self) -> HttpResponse:
        form = AskForm(self.request.POST, partnership=self.partnership)
        if not form.is_valid():
            return self._page(form=form, status=422)
        said = form.cleaned_data
        try:
            joining.ask_to_join(
                partnership=self.partnership,
                asked=said["who"],
                role=MemberRole(said["role"]),
                replaces=said["replaces"],
                message=said["message"],
                **self.about,
            )
        except NotPossible as refusal:
            form.add_error("who", str(refusal))
            return self._page(form=form, status=409)
        return self.done(_("%(name)s is asked. Its own people answer.") % {"name": said["who"]})

    def _leave(self) -> HttpResponse:
        leaving, form = self._seat(self.request.POST.get("member")), LeaveForm(self.request.POST, needed=True)
        if leaving is None:
            return self._page(
                refusal=_("You act for no such member."),
                form=AskForm(partnership=self.partnership),
                status=409,
            )
        if not form.is_valid():
            return self._page(leaving=leaving, form=form, status=422)
        try:
            joining.leave(member=leaving, **form.cleaned_data, **self.about)
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
            return self._page(leaving=leaving, form=form, status=409)
        messages.success(self.request, _("%(name)s has left the partnership.") % {"name": leaving.name})
        # who acted for this member alone has no members' page any more
        return redirect(self.partnership)

    def _hand_over(self) -> HttpResponse:
        form = HandOverForm(self.request.POST, partnership=self.partnership)
        if not form.is_valid():
            return self._page(form=form, handing=True, status=422)
        try:
            heir = joining.hand_over(
                partnership=self.partnership, to=form.cleaned_data["member"], **self.about
            )
        except NotPossible as refusal:
            form.add_error("member", str(refusal))
            return self._page(form=form, handing=True, status=409)
        return self.done(_("%(name)s coordinates from today.") % {"name": heir.name})

    def _take_back(self) -> HttpResponse:
        rows = self.partnership.joining_requests
        asked = rows.filter(pk=number_in(self.request.POST.get("request"))).first()
        form = AskForm(partnership=self.partnership)
        if asked is None:
            return self._page(refusal=_("There is no such request."), form=form, status=409)
        try:
            joining.take_back_request(request=asked, **self.about)
        except NotPossible as refusal:
            return self._page(refusal=str(refusal), form=form, status=409)
        return self.done(_("The request to %(name)s is taken back.") % {"name": asked})

    def _seat(self, given: str | None) -> Any:
        return next((seat for seat in self.seats if given and seat.pk == number_in(given)), None)

    def _page(self, **context: Any) -> HttpResponse:
        rows = self.partnership.members.select_related(
            "city", "organisation__city", "replaces__city", "replaces__organisation"
        )
        requests = self.partnership.joining_requests.select_related(
            "city", "organisation", "asked_by", "replaces__city", "replaces__organisation"
        )
        return self.page(
            members=list(rows), requests=list(requests), own={seat.pk for seat in self.seats}, **context
        )


class Joining(LoginRequiredMixin, View):
    """What a city or an organisation is asked, for its own people; accepting is a button."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._page(self._asked(pk), ReasonForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        asked, form, at = self._asked(pk), ReasonForm(request.POST), database_now()
        if not form.is_valid():
            return self._page(asked, form, status=422)
        try:
            if "decline" in request.POST:
                joining.decline_to_join(
                    request=asked, reason=form.cleaned_data["reason"], by=self._person, at=at
                )
                messages.success(
                    request, _("The members are told that %(name)s does not join.") % {"name": asked}
                )
                return redirect(asked.partnership)
            joining.join(request=asked, by=self._person, at=at)
        except NotPossible as refusal:
            return self._page(asked, form, status=409, refusal=str(refusal))
        messages.success(request, _("%(name)s is a member from today.") % {"name": asked})
        return redirect("partnerships:work", asked.partnership.slug)

    @property
    def _person(self) -> User:
        return cast(User, self.request.user)

    def _asked(self, pk: int) -> JoiningRequest:
        """A request that the reader's city or organisation got; for others there is none."""
        rows = JoiningRequest.objects.select_related(
            "partnership", "city", "organisation", "asked_by", "replaces"
        )
        found = rows.filter(pk=pk).first() if pk < 2**31 else None
        if found is None or not answers_for(self._person, found):
            raise Http404
        return found

    def _page(
        self, asked: JoiningRequest, form: ReasonForm, *, status: int = 200, refusal: str = ""
    ) -> HttpResponse:
        members = asked.partnership.members.present().select_related("city", "organisation__city")
        context = {"asked": asked, "partnership": asked.partnership, "members": members, "form": form,
                   "refusal": refusal, "has_errors": status != 200}  # fmt: skip
        return render(self.request, "partnerships/partnership_joining.html", context, status=status)
