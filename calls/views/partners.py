"""The partners of an application: chosen, asked for their consent, changed, taken out."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from calls.access import NotAllowed
from calls.forms.partners import AddPartner, Ask, Change
from calls.models.application import PartnerRole
from calls.operations.applications import add_partner, remove_partner
from calls.operations.consents import invite_partner, take_back
from calls.operations.partners import change_partner
from calls.operations.status import NotPossible
from calls.queries.answers import sections_of
from calls.queries.eligibility import assess_application
from calls.queries.eligibility_wording import word_verdict
from calls.queries.partners_page import open_invitations, partner_rows, text_with
from calls.queries.receipts import deadline_clocks
from calls.views.application_page import ApplicationPage
from calls.views.consent import evidence
from partnerships.models import City
from partnerships.models.organisation import OrganisationKind


class Partners(ApplicationPage):
    """The list, and one form at a time: `?ask=` and `?change=` name the partner it is about."""

    template_name = "calls/partners.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        if "text" in request.GET:
            return evidence(self.application, text_with(self.application, request.GET["text"]))
        return self._page(**self._asked_for())

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        steps: dict[str, Callable[[], HttpResponse]] = {
            "ask": self._ask,
            "mail": self._mail,
            "change": self._change,
            "take_back": self._take_back,
        }
        try:
            if "remove" in request.POST:
                return self._remove()
            return steps.get(request.POST.get("step", ""), self._add)()
        except NotAllowed as refusal:
            raise PermissionDenied(str(refusal)) from refusal

    def _add(self) -> HttpResponse:
        form = AddPartner(self.request.POST)
        if not form.is_valid():
            return self._page(form=form, status=422)
        if form.city is None:
            return self._page(form=form)
        try:
            add_partner(application=self.application, city=form.city, by=self.user, at=self.at)
        except NotPossible as refusal:
            form.refuse(str(refusal))
            return self._page(form=form, status=409)
        return self._done(_("%(city)s is a partner now.") % {"city": form.city}, f"?ask={form.city.slug}#ask")

    def _remove(self) -> HttpResponse:
        city = self._city(self.request.POST["remove"])
        try:
            remove_partner(application=self.application, city=city, by=self.user, at=self.at)
        except NotPossible as refusal:
            return self._page(status=409, refusal=str(refusal))
        return self._done(_("%(city)s is no longer a partner.") % {"city": city})

    def _ask(self) -> HttpResponse:
        city = self._city(self.request.POST.get("city", ""))
        return self._send(Ask(self.request.POST, prefix="ask"), city, "asking")

    def _mail(self) -> HttpResponse:
        return self._send(Ask(self.request.POST, prefix="mail"), None, "mailing")

    def _send(self, form: Ask, city: City | None, name: str) -> HttpResponse:
        """Ask a city, or whoever reads the mail; `name` is the form's in the page."""
        about: dict[str, Any] = {name: form, "chosen": city}
        if not form.is_valid():
            return self._page(status=422, **about)
        try:
            sent, _token = invite_partner(
                application=self.application, city=city, contact=form.contact, by=self.user, at=self.at
            )
        except NotPossible as refusal:
            form.refuse(str(refusal))
            return self._page(status=409, **about)
        return self._done(_("%(email)s is asked.") % {"email": sent.email})

    def _change(self) -> HttpResponse:
        city = self._city(self.request.POST.get("city", ""))
        form = Change(self.request.POST, prefix="change")
        if not form.is_valid():
            return self._page(status=422, changing=form, chosen=city)
        try:
            change_partner(
                application=self.application,
                city=city,
                role=PartnerRole(form.cleaned_data["role"]),
                kind=OrganisationKind(form.cleaned_data["kind"]),
                by=self.user,
                at=self.at,
            )
        except NotPossible as refusal:
            form.refuse(str(refusal))
            return self._page(status=409, changing=form, chosen=city)
        return self._done(_("%(city)s is changed.") % {"city": city})

    def _take_back(self) -> HttpResponse:
        given = self.request.POST.get("invitation", "")
        number = int(given) if given.isascii() and given.isdigit() and len(given) <= 18 else 0
        invitation = get_object_or_404(self.application.invitations, pk=number)
        try:
            take_back(invitation=invitation, by=self.user, at=self.at)
        except NotPossible as refusal:
            return self._page(status=409, refusal=str(refusal))
        return self._done(_("The link sent to %(email)s opens nothing now.") % {"email": invitation.email})

    def _city(self, slug: str) -> City:
        return get_object_or_404(City, slug=slug.replace("\x00", ""))

    def _asked_for(self) -> dict[str, Any]:
        """The form that the address asks for, filled with what is known of the partner."""
        query = self.request.GET
        slug = query.get("ask") or query.get("change")
        partners = self.application.partners.all()
        partner = next((row for row in partners if row.city.slug == slug), None)
        if partner is None or not self.takes_answers:
            return {}
        if "change" in query:
            known = {"role": partner.role, "kind": partner.kind}
            return {"changing": Change(initial=known, prefix="change"), "chosen": partner.city}
        return {"asking": Ask(initial=self._contact(partner.city), prefix="ask"), "chosen": partner.city}

    def _contact(self, city: City) -> dict[str, str]:
        """Who was asked before; else the contact that the city's organisation gave."""
        last = self.application.invitations.filter(city=city).order_by("sent_at", "id").last()
        if last:
            return {"email": last.email, "name": last.name, "language": last.language}
        organisation = city.organisations.order_by("id").first()
        email = organisation.contact_email if organisation else ""
        return {"email": email, "language": _interface_language(city)}

    def _done(self, sentence: str, suffix: str = "") -> HttpResponse:
        messages.success(self.request, sentence)
        return redirect(reverse("calls:partners", args=[self.application.reference]) + suffix)

    def _page(self, *, status: int = 200, refusal: str = "", **forms_by_name: Any) -> HttpResponse:
        application = self.application
        sections = sections_of(application)
        assessment = assess_application(application, on=application.call.day_of(self.at), sections=sections)
        lead = application.lead.city.name if application.lead.city else application.lead.name
        used = [form for form in forms_by_name.values() if isinstance(form, forms.BaseForm)]
        return self.page(
            here=_("Partners"),
            status=status,
            refusal=refusal,
            has_errors=bool(refusal) or any(form.errors for form in used if form.is_bound),
            rows=partner_rows(application, sections),
            waiting=open_invitations(application),
            verdict=word_verdict(
                assessment, lead, [partner.city.name for partner in application.partners.all()]
            ),
            verdict_state=assessment.verdict.value,
            clocks=deadline_clocks(application, self.user),
            **{"form": AddPartner(), "mailing": Ask(prefix="mail"), **forms_by_name},
        )


def _interface_language(city: City) -> str:
    """The first of the city's languages that the portal speaks; English when it speaks none."""
    spoken = {code.partition("-")[0]: code for code, _name in settings.LANGUAGES}
    return next((spoken[code[:2]] for code in city.languages if code[:2] in spoken), "en")
