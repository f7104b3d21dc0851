"""What somebody was about to send or open when the portal asked who they are: kept, and handed back.

It lies in their own session. It is never run from there: the page at `account_continue` holds it as a
form of its own, and sending that passes every check again.
"""

import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.account.utils import get_next_redirect_url
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.http import urlencode

KEPT = "kept_request"
KEPT_SECONDS = 2 * 60 * 60
RESUME = "cooperation.accounts.kept.resume"
NOT_KEPT = {"csrfmiddlewaretoken"}


def keep_and_lead(request: HttpRequest, url: str) -> HttpResponse:
    """Keep this request, and lead to `url` first. A part of a page (htmx) leads the whole page there."""
    path = request.get_full_path()
    if request.headers.get("HX-Request"):
        path = _path_of(request.headers.get("HX-Current-URL", ""))
    else:
        request.session[KEPT] = _kept(request, path)
    request.session[STATE_SESSION_KEY] = {"callback": RESUME, "state": {}}
    target = f"{url}?{urlencode({REDIRECT_FIELD_NAME: path})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)


def log_out_keeping(request: HttpRequest) -> HttpResponse:
    """Keep this request, log out, and lead to the log-in: it waits for the same person, and for no other."""
    kept = _kept(request, request.get_full_path())
    logout(request)
    request.session[KEPT] = kept
    return redirect_to_login(reverse("account_continue"))


def resume(request: HttpRequest, state: dict[str, Any]) -> HttpResponse:
    """After the proof: to what was kept, if it is what this proof was asked for. Called by allauth."""
    kept = request.session.get(KEPT)
    target = get_next_redirect_url(request, REDIRECT_FIELD_NAME)
    if kept and kept["path"] == target:
        return HttpResponseRedirect(reverse("account_continue"))
    return HttpResponseRedirect(target or reverse("account_continue"))


@dataclass(frozen=True)
class Kept:
    """A path, "" for nothing; the fields of a form, None for a page to open; where it was sent from."""

    path: str = ""
    fields: QueryDict | None = None
    files: bool = False
    back: str = ""


def take_kept(request: HttpRequest) -> Kept:
    """What was kept for this person, once."""
    kept = request.session.pop(KEPT, None)
    foreign = kept and kept["person"] != request.user.pk
    if not kept or foreign or time.time() - kept["at"] > KEPT_SECONDS:
        return Kept()
    fields = QueryDict(kept["fields"]) if "fields" in kept else None
    return Kept(kept["path"], fields, kept.get("files", False), kept.get("back", ""))


def is_kept(request: HttpRequest) -> bool:
    """Whether something waits to be gone on with."""
    return KEPT in request.session


def _kept(request: HttpRequest, path: str) -> dict[str, Any]:
    kept: dict[str, Any] = {"path": path, "at": time.time(), "person": request.user.pk}
    if request.method != "POST":
        return kept
    fields = request.POST.copy()
    for name in NOT_KEPT:
        fields.pop(name, None)
    # a file that the answer brings leaves the reader on the page that sent for it
    back = _path_of(request.headers.get("Referer", ""))
    return kept | {"fields": fields.urlencode(), "files": bool(request.FILES), "back": back}


def _path_of(address: str) -> str:
    """The path of an address that the browser gives: never another host."""
    parts = urlsplit(address)
    return f"/{parts.path.lstrip('/')}" + (f"?{parts.query}" if parts.query else "")
