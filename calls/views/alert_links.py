"""What the links in mails of alerts open: starting one, and ending one with a single press (RFC 8058)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from calls.models import Alert
from calls.operations.alert_addresses import confirm_alert
from calls.operations.alerts import unsubscribe
from calls.operations.status import NotPossible
from calls.queries.alerts import alert_with, lines_of
from calls.queries.clock import database_now


class AlertLink(View):
    """A page behind the secret of one alert; nothing is kept by browsers, indexed or referred."""

    template_name = ""
    alert: Alert

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = alert_with(kwargs["secret"])
        if found is None:
            raise Http404
        self.alert = found
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        response["X-Robots-Tag"] = "noindex, nofollow"
        # Not "no-referrer": browsers then send "Origin: null" with the form, which CSRF protection refuses.
        response["Referrer-Policy"] = "same-origin"
        return response

    def get(self, request: HttpRequest, secret: str) -> HttpResponse:
        return self.page()

    def page(self, *, status: int = 200, refusal: str = "") -> HttpResponse:
        context = {"alert": self.alert, "line": lines_of([self.alert])[0], "refusal": refusal}
        return render(self.request, self.template_name, context, status=status)


class ConfirmAlert(AlertLink):
    """Says what will be sent; the press begins it. Programs that only open links begin nothing."""

    template_name = "calls/alert_confirm.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.at = database_now()
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, secret: str) -> HttpResponse:
        try:
            alert = confirm_alert(secret=secret, at=self.at)
        except NotPossible as refusal:
            return self.page(status=410, refusal=str(refusal))
        if alert is None or alert.address is None:
            raise Http404
        messages.success(request, _("The alert has started."))
        return redirect("calls:address_alerts", alert.address.secret)


@method_decorator(csrf_exempt, name="dispatch")
class Unsubscribe(AlertLink):
    """One button; programs of mail providers press it without cookies and without a page."""

    template_name = "calls/alert_stop.html"

    def post(self, request: HttpRequest, secret: str) -> HttpResponse:
        ended = unsubscribe(secret=secret, at=database_now())
        if ended is None:
            raise Http404
        self.alert.ended_at = ended.ended_at
        return self.page()
