"""One step on many applications: a page that names each of them, then the step, then what became of each."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from calls.access import NotAllowed, require
from calls.admin.pages import person, staff_page
from calls.forms.application_list import ApplicationList
from calls.forms.bulk import form_for, named
from calls.models import Application
from calls.operations.bulk import ACTIONS, MOST, Action, Refused, apply_to_many
from calls.queries.clock import database_now
from cooperation.accounts.models import User
from cooperation.web.admin_input import is_id

TEMPLATE = "admin/calls/application/bulk.html"


@require_http_methods(["GET", "HEAD", "POST"])
def bulk(request: HttpRequest) -> HttpResponse:
    """GET names the applications and says which cannot; POST does it to exactly those that were named."""
    data, user = request.POST if request.method == "POST" else request.GET, person(request)
    action = ACTIONS.get(data.get("action", ""))
    if action is None:
        raise Http404
    try:
        require(user.has_perm(action.right), _("You do not have the right to do this."))
    except NotAllowed as refusal:
        return _page(request, {"action": action, "refusal": refusal}, 403)
    return _do(request, action, user) if request.method == "POST" else _confirm(request, action, user)


def _confirm(request: HttpRequest, action: Action, user: User) -> HttpResponse:
    asked = ApplicationList(request.GET, user)
    if request.GET.get("scope") == "all" and not asked.is_valid():
        refusal = _("This list cannot be understood. Go back to it and set the filters again.")
        return _page(request, {"action": action, "refusal": refusal}, 422)
    everything = request.GET.get("scope") == "all"
    ids = (
        asked.ids(MOST + 1) if everything else [int(pk) for pk in request.GET.getlist("chosen") if is_id(pk)]
    )
    rows = rows_named(user, ids[: MOST + 1])
    about = {"action": action, "back": asked.address(leaving_out=("action", "chosen", "scope"))}
    if not rows:
        refusal = _("Choose at least one application in the list.")
        return _page(request, {**about, "refusal": refusal}, 422)
    if len(rows) > MOST:
        refusal = _("%(most)d applications at a time, and this list is longer. Narrow it with a filter.")
        return _page(request, {**about, "refusal": refusal % {"most": MOST}}, 422)
    at = database_now()
    form = form_for(action, None, rows, at)
    sure = "" if form.fields else _sure_of({})
    return _page(request, {**about, **_weighed(action, rows, {}, at), "form": form, "sure": sure})


def _do(request: HttpRequest, action: Action, user: User) -> HttpResponse:
    at, versions = database_now(), dict(named(request.POST.get("named", "")))
    able = dict(named(request.POST.get("able", "")))
    rows = rows_named(user, list(versions))
    about: dict[str, Any] = {"action": action, "back": request.POST.get("back", "")[:6000]}
    if not rows:
        refusal = _("Choose at least one application in the list.")
        return _page(request, {**about, "refusal": refusal}, 422)
    form = form_for(action, request.POST, rows, at)
    given = _given(form)
    if given is None or request.POST.get("sure", "") != _sure_of(given):
        weighed = _weighed(action, rows, given or {}, at, versions)
        status = 422 if given is None else 200
        sure = "" if given is None else _sure_of(given)
        return _page(request, {**about, **weighed, "form": form, "sure": sure}, status)
    chosen = [(row, able[row.pk]) for row in rows if row.pk in able]
    done, refused = apply_to_many(action=action, chosen=chosen, given=given, by=user, at=at)
    return _page(request, {**about, "finished": True, "done": done, "refused": refused})


def _given(form: forms.Form) -> dict[str, Any] | None:
    return form.cleaned_data if form.is_valid() else None


def _sure_of(given: dict[str, Any]) -> str:
    """What the page weighed the applications for: another reviewer has other conflicts."""
    return str(given["reviewer"].pk) if "reviewer" in given else "yes"


def rows_named(user: User, ids: list[int]) -> list[Application]:
    """The applications that a page named and this person may read, in its order."""
    rows = Application.objects.for_staff(user).filter(pk__in=ids).defer("answers")
    rows = rows.select_related("lead__city", "call__programme").prefetch_related(
        "call__texts", "call__cut_offs"
    )
    found = {row.pk: row for row in rows}
    return [found[pk] for pk in dict.fromkeys(ids) if pk in found]


def _weighed(
    action: Action,
    rows: list[Application],
    given: dict[str, Any],
    at: datetime,
    versions: dict[int, int] | None = None,
) -> dict[str, Any]:
    """Which can, which cannot and why, with the versions shown."""
    reasons = action.why_not(rows, given, at)
    able = [row for row in rows if row.pk not in reasons]
    seen = versions or {row.pk: row.version for row in rows}
    return {
        "able": able,
        "unable": [Refused(row, reasons[row.pk]) for row in rows if row.pk in reasons],
        "named": ",".join(f"{row.pk}:{seen[row.pk]}" for row in rows),
        "able_named": ",".join(f"{row.pk}:{seen[row.pk]}" for row in able),
    }


def _page(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    shared = {"title": context["action"].label, "staff_place": "applications"}
    return staff_page(request, TEMPLATE, {**shared, **context}, status=status)
