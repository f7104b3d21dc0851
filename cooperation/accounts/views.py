"""Going on with what was kept, and proving by a mailed code who one is."""

from typing import Any

from allauth.account.views import BaseReauthenticateView
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from cooperation.accounts.kept import take_kept
from cooperation.accounts.mailed_proof import MailedProofForm, send_code


@login_required
@require_safe
def go_on(request: HttpRequest) -> HttpResponse:
    """Back to where the portal asked. What was being sent is a form here, and goes with one more press."""
    kept = take_kept(request)
    if kept.fields is None:
        return HttpResponseRedirect(kept.path or resolve_url(settings.LOGIN_REDIRECT_URL))
    fields = [(name, value) for name, row in kept.fields.lists() for value in row]
    return render(request, "account/go_on.html", {"kept": kept, "fields": fields})


@method_decorator(login_required, name="dispatch")
class ReauthenticateByCodeView(BaseReauthenticateView):
    """For who has neither a password nor a second factor: the same code by mail that logged them in."""

    form_class = MailedProofForm
    template_name = "account/reauthenticate_code.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("action") == "send":
            sent = send_code(request)
            return self.render_to_response(self.get_context_data(sent=sent, refused=not sent))
        return super().post(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        given = super().get_form_kwargs()
        if self.request.POST.get("action") == "send":
            given.pop("data"), given.pop("files")
        return {**given, "request": self.request}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sent = self.request.method == "POST"
        return super().get_context_data(**{"sent": sent, "email": self.request.user.email, **kwargs})

    def form_valid(self, form: MailedProofForm) -> HttpResponse:
        form.save()
        return super().form_valid(form)


reauthenticate_by_code = ReauthenticateByCodeView.as_view()
