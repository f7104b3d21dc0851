"""Saved searches and watched openings: a person's own page, and the one behind an address's secret."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from calls.access import NotAllowed
from calls.forms.alerts import ChangeAlert, ReaderForm
from calls.models import Alert, AlertAddress
from calls.operations import alerts as operations
from calls.operations.alert_addresses import change_address, forget_address
from calls.operations.status import NotPossible
from calls.queries.alerts import address_with, alerts_of
from calls.queries.clock import database_now
from cooperation.accounts.models import User


class AlertsPage(View):
    """A list of alerts, each with its own small form; a refused one is shown with what was typed."""

    template_name = "calls/alerts.html"
    reader: User | AlertAddress

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.at = database_now()
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "same-origin"
        return response

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page()

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        alert, form = self._alert(), None
        about: dict[str, Any] = {"alert": alert, "by": self.reader, "at": self.at}
        doing = request.POST.get("do", "")
        try:
            if doing == "save":
                form = ChangeAlert(request.POST)
                if not form.is_valid():
                    return self.page(status=422, alert=alert, form=form)
                operations.change_alert(name=form.cleaned_data["name"], frequency=form.chosen, **about)
                sentence = _("Saved.")
            elif doing == "pause":
                operations.pause_alert(**about)
                sentence = _("Paused: nothing is sent until you resume it.")
            elif doing == "resume":
                operations.resume_alert(**about)
                sentence = _("Resumed: you are told of what comes from now on.")
            elif doing == "delete":
                operations.delete_alert(**about)
                sentence = _("Deleted: nothing more is sent.")
            else:
                return self.page(status=422, refusal=_("Press one of the buttons beside an alert."))
        except NotAllowed as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        except NotPossible as refusal:
            return self.page(status=409, alert=alert, form=form, refusal=str(refusal))
        messages.success(request, sentence)
        return redirect(request.path)

    def _alert(self) -> Alert:
        """The alert that a button belongs to. Somebody else's is as if there were none."""
        number = self.request.POST.get("alert", "")
        pk = int(number) if number.isascii() and number.isdigit() and len(number) <= 18 else 0
        mine = {"owner": self.reader} if isinstance(self.reader, User) else {"address": self.reader}
        found = Alert.objects.filter(pk=pk, **mine).first()
        if found is None:
            raise Http404
        return found

    def page(
        self,
        *,
        status: int = 200,
        alert: Alert | None = None,
        form: ChangeAlert | None = None,
        refusal: str = "",
        reader_form: ReaderForm | None = None,
    ) -> HttpResponse:
        rows = []
        for line in alerts_of(self.reader):
            shown = form if form and alert and line.alert.pk == alert.pk else None
            first = {"name": line.alert.name, "frequency": line.alert.frequency}
            rows.append(
                {"line": line, "form": shown or ChangeAlert(initial=first, auto_id=f"a{line.alert.pk}_%s")}
            )
        context = {
            "place": "my",
            "rows": rows,
            "refusal": refusal,
            "has_errors": status >= 400,
            "refused": form if form and form.errors else None,
            "reader_form": reader_form,
            "address": self.reader if isinstance(self.reader, AlertAddress) else None,
        }
        return render(self.request, self.template_name, context, status=status)


class MyAlerts(LoginRequiredMixin, AlertsPage):
    """Of a person with an account; language and clock are the account's."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.reader = cast(User, request.user)
        return super().get(request)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.reader = cast(User, request.user)
        if "alert" not in request.POST:
            return self.page(status=422, refusal=_("Press one of the buttons beside an alert."))
        return super().post(request)


class AddressAlerts(AlertsPage):
    """Of an address without an account, behind its secret; everything kept about it can be deleted here."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = address_with(kwargs["secret"])
        if found is None:
            raise Http404
        self.reader = self.address = found
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        doing = request.POST.get("do", "")
        if doing == "forget":
            forget_address(address=self.address)
            messages.success(request, _("Everything kept about your address is deleted."))
            return redirect("calls:list")
        if doing == "reader":
            return self._change_reader(ReaderForm(request.POST))
        if "alert" not in request.POST:
            return self.page(status=422, refusal=_("Press one of the buttons beside an alert."))
        return super().post(request, **kwargs)

    def _change_reader(self, form: ReaderForm) -> HttpResponse:
        if not form.is_valid():
            return self.page(status=422, reader_form=form)
        change_address(address=self.address, **form.cleaned_data)
        messages.success(self.request, _("Saved."))
        return redirect(reverse("calls:address_alerts", args=[self.address.secret]))

    def page(self, **given: Any) -> HttpResponse:
        if given.get("reader_form") is None:
            now = {"language": self.address.language, "time_zone": self.address.time_zone}
            given["reader_form"] = ReaderForm(initial=now)
        return super().page(**given)
