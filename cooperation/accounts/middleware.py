"""The one place that every page of staff passes: sessions without a second factor, idle or outlived ones.

It stands before every view, the admin's and those outside it alike, so that no door can be forgotten.
"""

from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from cooperation.accounts.asking_again import OWN_AFFAIRS, asks_again
from cooperation.accounts.factors import has_factor
from cooperation.accounts.kept import keep_and_lead, log_out_keeping
from cooperation.accounts.models import User
from cooperation.accounts.proofs import idle, note_visit, outlived, passed_factor, proven_lately

Handler = Callable[[HttpRequest], HttpResponse]
# Where people log in, out, and prove who they are; the rest of an account only where no factor guards it.
DOORS = {"account_login", "account_logout", "account_inactive", "account_continue", "healthz"}
DOOR_PREFIXES = ("account_reauthenticate", "mfa_authenticate", "mfa_reauthenticate", "web:demo_mail")
ACCOUNT_PREFIXES = ("account_", "mfa_")


class StaffSessionMiddleware:
    """Staff open a page only in a session that may; everybody else passes."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        name = match.view_name if match else ""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        if name in DOORS or name.startswith(DOOR_PREFIXES):
            return None
        if _is_staff(request):
            return _refusal(request, name)
        # a session left open must not become a way in for good, whoever it belongs to
        return _ask_again(request) if name in OWN_AFFAIRS and request.user.is_authenticated else None


def _is_staff(request: HttpRequest) -> bool:
    user = request.user
    return user.is_authenticated and (user.is_staff or user.is_superuser)


def _refusal(request: HttpRequest, name: str) -> HttpResponse | None:
    """Where the session has to go first, or None."""
    if outlived(request):
        response = log_out_keeping(request)
        messages.info(request, _("You were logged in for a whole day. Log in again: what you wrote is kept."))
        return response
    if settings.STAFF_SECOND_FACTOR == "required" and not passed_factor(request):
        if has_factor(cast(User, request.user)):
            return keep_and_lead(request, reverse("mfa_reauthenticate"))
        return None if name.startswith(ACCOUNT_PREFIXES) else keep_and_lead(request, reverse("mfa_index"))
    if idle(request):
        return keep_and_lead(request, reverse("account_reauthenticate"))
    note_visit(request)
    return _ask_again(request)


def _ask_again(request: HttpRequest) -> HttpResponse | None:
    if asks_again(request) and not proven_lately(request, settings.PROOF_MINUTES):
        return keep_and_lead(request, reverse("account_reauthenticate"))
    return None
