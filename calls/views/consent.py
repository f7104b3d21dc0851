"""The page behind a partner's secret link. No account; nothing is kept by browsers, indexed or referred."""

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from calls.forms.consent import Answer, NameCity
from calls.models import Application, PartnerInvitation
from calls.operations.consents import TextChanged, answer, name_city
from calls.operations.status import NotPossible
from calls.queries.clock import received_at
from calls.queries.consent_page import (
    ConsentPage,
    consent_page,
    invitation_of,
    replaced_by,
    text_with,
    unsealed,
)
from calls.queries.statement import sha256_of
from calls.views.application_page import left_of
from cooperation.documents import Refused
from cooperation.web.file_words import word_refusal
from cooperation.web.files import NotKept
from partnerships.operations.stating import AlreadyListed

Form = Answer | NameCity


class Consent(View):
    """Read, then agree, decline or propose a change; an open link asks first which city it is."""

    http_method_names = ["get", "head", "post", "options"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.at, self.token = received_at(request), kwargs["token"]
        found = invitation_of(self.token)
        if found is None:
            raise Http404
        self.invitation: PartnerInvitation = found
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        response["X-Robots-Tag"] = "noindex, nofollow"
        # Not "no-referrer": browsers then send "Origin: null" with the form, which CSRF protection refuses.
        response["Referrer-Policy"] = "same-origin"
        return response

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        if "text" in request.GET:
            text = text_with(self.invitation, request.GET["text"])
            return evidence(self.invitation.application, text)
        return self._page(None)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        if request.POST.get("step") == "city":
            return self._name_city(NameCity(request.POST))
        return self._answer(Answer(request.POST, request.FILES))

    def _name_city(self, form: NameCity) -> HttpResponse:
        if not form.is_valid():
            return self._page(form, status=422)
        if form.choice is None:
            return self._page(form)
        try:
            name_city(token=self.token, choice=form.choice, kind=form.cleaned_data["kind"], at=self.at)
        except (NotPossible, AlreadyListed) as refusal:
            form.refuse(str(refusal))
            return self._page(form, status=409)
        return redirect(self.request.path)

    def _answer(self, form: Answer) -> HttpResponse:
        if not form.is_valid():
            return self._page(form, status=422)
        sealed = self.request.POST.get("seen", "")
        try:
            answer(
                token=self.token,
                reply=form.reply,
                seen=sha256_of(unsealed(sealed)),
                letter=form.upload,
                at=self.at,
            )
        except TextChanged as refusal:
            again = Answer(self._unconfirmed())
            return self._page(again, status=HTTPStatus.CONFLICT, refusal=str(refusal), seen=sealed)
        except NotPossible as refusal:
            return self._page(form, status=HTTPStatus.CONFLICT, refusal=str(refusal))
        except Refused as refusal:
            form.add_error("letter", word_refusal(refusal))
            return self._page(form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        except NotKept as trouble:
            form.add_error("letter", str(trouble))
            full = trouble.full
            return self._page(
                form, status=HTTPStatus.INSUFFICIENT_STORAGE if full else HTTPStatus.SERVICE_UNAVAILABLE
            )
        return redirect(f"{self.request.path}#standing")

    def _unconfirmed(self) -> QueryDict:
        """What was typed; that another text was read has to be confirmed anew."""
        typed = self.request.POST.copy()
        typed.pop("confirm", None)
        return typed

    def _page(
        self, form: Form | None, *, status: int = 200, refusal: str = "", seen: str = ""
    ) -> HttpResponse:
        if self.invitation.revoked_at:
            return self._gone()
        page = consent_page(self.invitation, seen=seen)
        application = self.invitation.application
        obstacle = _obstacle(page, takes_answers=application.is_open(self.at))
        if form is None and not obstacle:
            form = Answer() if self.invitation.city else NameCity()
        context = {
            "page": page,
            "invitation": self.invitation,
            "application": application,
            "call": application.call,
            "agreement": page.agreement,
            "form": form,
            "obstacle": obstacle,
            "refusal": refusal,
            "has_errors": bool(refusal),
            "clocks": page.clocks,
            "left": left_of(application, self.at),
        }
        return render(self.request, "calls/consent.html", context, status=status)

    def _gone(self) -> HttpResponse:
        context = {"invitation": self.invitation, "newer": replaced_by(self.invitation)}
        return render(self.request, "calls/consent_gone.html", context, status=410)


def _obstacle(page: ConsentPage, *, takes_answers: bool) -> str:
    """Why nothing can be answered now; empty when it can."""
    application = page.invitation.application
    if application.status == "withdrawn":
        return _("%(lead)s withdrew this application. Nothing is asked of you any more.") % {
            "lead": application.lead
        }
    if not application.is_editable_status:
        return _("The organiser is working on this application. What you answered stays as it is.")
    if not takes_answers:
        return _("The call closed. What you answered stays as it is.")
    return ""


def evidence(application: Application, text: str | None) -> HttpResponse:
    """A text, byte for byte, to keep and to check its hash; 404 when there is none to show."""
    if text is None:
        raise Http404
    response = HttpResponse(text.encode(), content_type="application/json; charset=utf-8")
    name = f"{application.reference}-{sha256_of(text)[:12]}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
