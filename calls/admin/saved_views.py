"""Saved views of the list of applications: kept from the list, changed and deleted on a page of their own."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from calls.access import NotAllowed
from calls.admin.pages import Refusal, person, staff_page, status_of
from calls.forms.application_filters import SavedViewForm
from calls.forms.application_list import COLUMN, ApplicationList, address_of
from calls.models import SavedView
from calls.operations.saving_views import change_view, delete_view, save_view
from calls.operations.status import NotPossible
from calls.queries.clock import database_now
from calls.queries.saved_views import views_for

LIST = "admin:calls_application_changelist"
PAGE = "admin:calls_application_views"
TEMPLATE = "admin/calls/application/views.html"


@require_safe
def views(request: HttpRequest) -> HttpResponse:
    """Own views to change, those of others to open."""
    return _page(request)


def _page(
    request: HttpRequest,
    *,
    bound: SavedViewForm | None = None,
    changed: int = 0,
    refusal: Refusal | None = None,
    query: str = "",
) -> HttpResponse:
    user = person(request)
    rows: list[dict[str, Any]] = []
    for view in views_for(user):
        initial = {"name": view.name, "shared": view.shared, "first": view.first}
        form = (
            bound
            if bound and view.pk == changed
            else SavedViewForm(initial=initial, auto_id=f"v{view.pk}_%s")
        )
        own = view.owner_id == user.pk
        rows.append({"view": view, "address": address_of(view), "form": form if own else None})
    context = {
        "title": _("Saved views"),
        "staff_place": "applications",
        "rows": rows,
        "refusal": refusal,
        "bound": bound,
        "new": bound if bound and not changed else None,
        "query": query,
    }
    status = status_of(refusal) if refusal else 422 if bound else 200
    return staff_page(request, TEMPLATE, context, status=status)


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the list that the page showed."""
    form, query = SavedViewForm(request.POST, auto_id="save_%s"), request.POST.get("query", "")
    asked = ApplicationList.of_address(query, person(request))
    if not form.is_valid() or not asked.is_valid():
        return _page(request, bound=form, query=query)
    try:
        view = save_view(
            **form.cleaned_data,
            query=asked.address(leaving_out=[COLUMN]),
            columns=asked.data.getlist(COLUMN) and [column.key for column in asked.columns],
            call=asked.filters.chosen_call,
            by=person(request),
            at=database_now(),
        )
    except (NotPossible, NotAllowed) as refusal:
        return _page(request, bound=form, refusal=refusal, query=query)
    messages.success(request, _("Saved as “%(name)s”.") % {"name": view.name})
    return redirect(f"{reverse(LIST)}?{address_of(view)}")


@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    view, form = _load(request, pk), SavedViewForm(request.POST, auto_id=f"v{pk}_%s")
    if not form.is_valid():
        return _page(request, bound=form, changed=pk)
    try:
        change_view(view=view, **form.cleaned_data, by=person(request))
    except (NotPossible, NotAllowed) as refusal:
        return _page(request, bound=form, changed=pk, refusal=refusal)
    messages.success(request, _("Saved as “%(name)s”.") % {"name": view.name})
    return redirect(PAGE)


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    view = _load(request, pk)
    delete_view(view=view, by=person(request))
    messages.success(request, _("The view “%(name)s” is deleted.") % {"name": view.name})
    return redirect(PAGE)


def _load(request: HttpRequest, pk: int) -> SavedView:
    """One's own view; another's is a 404 here, shared or not."""
    found = SavedView.objects.filter(pk=pk, owner=person(request)).first()
    if found is None:
        raise Http404
    return found
