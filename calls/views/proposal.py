"""The proposed partner: who, why, and the city's answer."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from calls.access import NotAllowed, may_submit
from calls.forms.proposal import DeclineProposalForm, IntroductionForm
from calls.models import ProposedCity
from calls.models.pairing import DeclineReason, ProposalAnswer
from calls.operations import pairing_answers
from calls.operations.status import NotPossible
from calls.queries.deadlines import clocks
from calls.queries.proposals import (
    Reasons,
    contacts_of,
    newest_place,
    other_cities,
    other_places,
    partner_profiles,
)
from calls.queries.receipts import zones_of
from calls.views.application_page import ApplicationPage


class ProposalPage(ApplicationPage):
    """For the people of the application; before a proposal is published there is no such page."""

    template_name = "calls/proposal.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        return self._page()

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        steps: dict[str, Callable[[], HttpResponse]] = {
            "accept": self._accept,
            "decline": self._decline,
            "introduce": self._introduce,
        }
        step = steps.get(request.POST.get("answer", ""))
        if step is None:
            return self._page(
                status=422, refusal=_("Press “Accept”, “Decline” or “Ask for an introduction”.")
            )
        try:
            return step()
        except NotAllowed as refusal:
            raise PermissionDenied(str(refusal)) from refusal

    def _accept(self) -> HttpResponse:
        def act() -> str:
            place = pairing_answers.accept_proposal(place=self._seen(), by=self.user, at=self.at)
            if place.proposal.partnership_id:
                return _("You accepted, and so have all: your partnership begins.")
            return _("You accepted. When all have, your partnership begins.")

        return self._act(act)

    def _decline(self) -> HttpResponse:
        form = DeclineProposalForm(self.request.POST, prefix="decline")
        if not form.is_valid():
            return self._page(declining=form, status=422)

        def act() -> str:
            pairing_answers.decline_proposal(
                place=self._seen(),
                reason=DeclineReason(form.cleaned_data["reason"]),
                text=form.cleaned_data["text"],
                wants_another=form.cleaned_data["another"] == "yes",
                by=self.user,
                at=self.at,
            )
            return _("You declined. The other city is told, without the reason.")

        return self._act(act, declining=form)

    def _introduce(self) -> HttpResponse:
        form = IntroductionForm(self.request.POST, prefix="introduce")
        if not form.is_valid():
            return self._page(asking=form, status=422)

        def act() -> str:
            pairing_answers.ask_introduction(
                place=self._seen(), note=form.cleaned_data["note"], by=self.user, at=self.at
            )
            return _("Staff introduce you. You still answer until the same day.")

        return self._act(act, asking=form)

    def _place(self) -> ProposedCity:
        place = newest_place(self.application)
        if place is None:
            raise Http404
        return place

    def _seen(self) -> ProposedCity:
        """The proposal that the page showed: nobody accepts a city that took another's place meanwhile."""
        place = self._place()
        if self.request.POST.get("place") != str(place.pk):
            raise NotPossible(_("The page showed another proposal. This one is new: read it, then answer."))
        return place

    def _act(self, act: Callable[[], str], **forms_kept: forms.Form) -> HttpResponse:
        try:
            done = act()
        except NotPossible as refusal:
            self.application.refresh_from_db(fields=["status", "version"])
            return self._page(status=409, refusal=str(refusal), **forms_kept)
        messages.success(self.request, done)
        return redirect("calls:proposal", self.application.reference)

    def _page(
        self,
        *,
        status: int = 200,
        refusal: str = "",
        declining: forms.Form | None = None,
        asking: forms.Form | None = None,
    ) -> HttpResponse:
        place = self._place()
        proposal, due = place.proposal, place.proposal.run.answer_by
        waiting = place.answer == ProposalAnswer.WAITING and not (
            proposal.lapsed_at or proposal.partnership_id
        )
        reasons = Reasons(proposal.run)
        return self.page(
            here=_("Proposed partner"),
            status=status,
            refusal=refusal,
            has_errors=status != 200,
            place=place,
            proposal=proposal,
            others=other_places(place),
            partners=partner_profiles(place),
            names=other_cities(place),
            reasons_for=reasons.of(proposal),
            reasons_against=reasons.against(proposal),
            contacts=contacts_of(place),
            open=bool(waiting and due and self.at < due and may_submit(self.user, self.application)),
            overdue=bool(waiting and due and self.at >= due),
            due=clocks(due, zones_of(self.application, self.user)) if due and waiting else [],
            declining=declining or DeclineProposalForm(prefix="decline"),
            asking=asking or IntroductionForm(prefix="introduce"),
        )
