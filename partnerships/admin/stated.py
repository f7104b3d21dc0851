"""What cities state of themselves: staff verify it, many at once, or refuse it with a reason."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from cooperation.accounts.access import NotAllowed
from cooperation.web.admin import Errand, register_errands
from cooperation.web.clock import database_now
from partnerships.access import require_verifier, verifies_facts
from partnerships.operations.refusals import NotPossible
from partnerships.operations.verifying_facts import refuse_fact, verify_facts
from partnerships.queries.claims import KINDS, claims_waiting, count_waiting

PAGE = "admin:partnerships_city_stated"
MOST_CHOSEN = 500


@require_http_methods(["GET", "HEAD", "POST"])
def stated_facts(request: HttpRequest) -> HttpResponse:
    """The queue, the oldest first: what is stated, beside what the register or a link says."""
    try:
        require_verifier(request.user)  # type: ignore[arg-type]
    except NotAllowed as refusal:
        return _page(request, refusal=str(refusal), status=403)
    if request.method != "POST":
        return _page(request)
    return _refuse(request) if "refuse" in request.POST else _verify(request)


def _verify(request: HttpRequest) -> HttpResponse:
    chosen = [found for entry in request.POST.getlist("fact")[:MOST_CHOSEN] if (found := _named(entry))]
    if not chosen:
        return _page(request, refusal=_("Choose at least one statement."), status=422)
    count = verify_facts(chosen=chosen, by=request.user, at=database_now())  # type: ignore[arg-type]
    words = ngettext("%(count)d statement is verified.", "%(count)d statements are verified.", count)
    messages.success(request, words % {"count": count})
    if left := len(chosen) - count:
        changed = ngettext(
            "%(count)d was changed, taken back or looked at meanwhile: look again.",
            "%(count)d were changed, taken back or looked at meanwhile: look again.",
            left,
        )
        messages.warning(request, changed % {"count": left})
    return redirect(PAGE)


def _refuse(request: HttpRequest) -> HttpResponse:
    named, reason = _named(request.POST["refuse"]), request.POST.get("reason", "")
    if named is None:
        return _page(request, refusal=_("Choose at least one statement."), status=422)
    kind, pk, version = named
    if not reason.strip():
        words = _("Give the reason: the city reads it.")
        return _page(request, refusal=words, status=422, refused=request.POST["refuse"])
    try:
        refuse_fact(
            kind=kind,
            pk=pk,
            version=version,
            reason=reason,
            by=request.user,  # type: ignore[arg-type]
            at=database_now(),
        )
    except NotPossible as refusal:
        return _page(request, refusal=str(refusal), status=409)
    messages.success(request, _("Refused. The city gets your reason by mail."))
    return redirect(PAGE)


def _named(entry: str) -> tuple[str, int, str] | None:
    """Kind, id and version of one statement, as the page sends them; None for what is none."""
    kind, _colon, rest = entry.partition(":")
    pk, _colon, version = rest.partition(":")
    if kind not in KINDS or not (pk.isascii() and pk.isdigit()) or len(pk) > 18:
        return None
    return kind, int(pk), version


def _page(request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
    shared = {
        **admin.site.each_context(request),
        "title": _("Stated by cities"),
        "staff_place": "cities",
        "kinds": {kind: found.label for kind, found in KINDS.items()},
        "has_errors": bool(context.get("refusal")),
        "typed": request.POST.get("reason", ""),
        "claims": [] if status == 403 else claims_waiting(),
        **context,
    }
    return TemplateResponse(request, "admin/partnerships/stated.html", shared, status=status)


def statements_waiting(request: HttpRequest) -> Iterator[Errand]:
    """What cities state and nobody has looked at, for those who keep the register."""
    if verifies_facts(request.user):  # type: ignore[arg-type]
        yield Errand(_("To verify"), count_waiting(), reverse(PAGE))


register_errands("stated", gettext_lazy("Stated by cities"), statements_waiting, order=30)
