"""Webhooks of the programmes: the list, setting one up, and its page with secrets and deliveries."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from calls.access import NotAllowed, require
from calls.admin.pages import Refusal, StaffAdmin, person, sets_up_calls, staff_page, status_of
from calls.forms.webhooks import NewWebhookForm, WebhookForm
from calls.models import WebhookEndpoint
from calls.operations import webhooks as operations
from calls.operations.status import NotPossible
from calls.queries.clock import database_now
from calls.queries.deadlines import word_instant
from calls.queries.webhooks import delivery_state, endpoint_list, event_label, paused, state_of
from cooperation.web.templatetags.portal import state

CHANGE = "admin:calls_webhookendpoint_change"
MOST_SHOWN = 30  # deliveries on the page of one webhook; the list has them all
SHOW_SECRET = "webhook_whose_secret_is_shown"  # noqa: S105 - the name of a mark in the session


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("paused", _("Paused")), ("off", _("Switched off"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]
    ) -> QuerySet[WebhookEndpoint]:
        if self.value() == "paused":
            return queryset.filter(pk__in=paused().values("pk"))
        return queryset.filter(active=False) if self.value() == "off" else queryset


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(StaffAdmin):
    """Read only: a webhook is set up on our own pages. Neither shows a secret but once."""

    staff_place = "calls"
    list_display = ["description", "state_shown", "waiting", "dead", "delivered", "programme", "url"]
    list_filter = [StateFilter]
    search_fields = ["description", "url", "programme__code"]
    ordering = ["programme__code", "pk"]
    list_per_page = 50
    list_max_show_all = 50
    show_full_result_count = False
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return endpoint_list()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return sets_up_calls(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return sets_up_calls(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return sets_up_calls(request)

    @admin.display(description=gettext_lazy("state"))
    def state_shown(self, row: WebhookEndpoint) -> SafeString:
        return state(*state_of(row))

    @admin.display(description=gettext_lazy("waiting"), ordering="waiting")
    def waiting(self, row: Any) -> int:
        return row.waiting

    @admin.display(description=gettext_lazy("given up"), ordering="dead")
    def dead(self, row: Any) -> int:
        return row.dead

    @admin.display(description=gettext_lazy("last delivered"), ordering="delivered_at")
    def delivered(self, row: Any) -> str:
        return word_instant(row.delivered_at, row.programme.zone) if row.delivered_at else "–"

    def get_urls(self) -> list[URLPattern]:
        """The list, and our own pages in place of Django's forms."""
        wrap, base = self.admin_site.admin_view, "calls_webhookendpoint"
        return [
            path("", wrap(self.changelist_view), name=f"{base}_changelist"),
            path("add/", wrap(add), name=f"{base}_add"),
            path("<int:pk>/", wrap(change), name=f"{base}_change"),
            path("<int:pk>/secret/", wrap(secret), name=f"{base}_secret"),
            path("<int:pk>/resume/", wrap(resume), name=f"{base}_resume"),
            path("<int:pk>/test/", wrap(test), name=f"{base}_test"),
        ]


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A new webhook; then its page, which shows the secret this once."""
    require(sets_up_calls(request), _("Only programme staff can do this."))
    form = NewWebhookForm(request.POST if request.method == "POST" else None)
    status, refusal = (422 if request.method == "POST" else 200), None
    if request.method == "POST" and form.is_valid():
        try:
            endpoint = operations.create_webhook(
                programme=form.cleaned_data["programme"],
                wanted=form.wanted,
                by=person(request),
                at=database_now(),
            )
        except (NotPossible, NotAllowed) as error:
            status, refusal = status_of(error), error
        else:
            request.session[SHOW_SECRET] = endpoint.pk
            messages.success(request, _("The webhook is set up. Keep its secret now."))
            return redirect(CHANGE, endpoint.pk)
    context = {"title": _("Set up a webhook"), "staff_place": "calls", "form": form, "refusal": refusal}
    return staff_page(request, "admin/calls/webhook/add.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """One webhook: how it fares, what it hears of, its secrets, its newest deliveries."""
    endpoint = _load(request, pk)
    form = WebhookForm(request.POST if request.method == "POST" else None, initial=_initial(endpoint))
    if request.method != "POST":
        return _page(request, endpoint, form=form)
    if not form.is_valid():
        return _page(request, endpoint, form=form, status=422)
    try:
        operations.change_webhook(
            endpoint=endpoint,
            wanted=form.wanted,
            version=form.cleaned_data["version"] or 0,
            by=person(request),
        )
    except (NotPossible, NotAllowed) as refusal:
        return _page(request, endpoint, form=form, refusal=refusal)
    messages.success(request, _("Saved."))
    return redirect(CHANGE, pk)


@require_POST
def secret(request: HttpRequest, pk: int) -> HttpResponse:
    """A new secret, which the next page shows this once; or the end of the one before."""
    endpoint = _load(request, pk)
    try:
        if request.POST.get("do") == "end":
            operations.end_former_secret(endpoint=endpoint, by=person(request))
            messages.success(request, _("From now on only the new secret signs."))
        else:
            operations.change_secret(endpoint=endpoint, by=person(request), at=database_now())
            request.session[SHOW_SECRET] = pk
            messages.success(request, _("The secret is changed. Keep the new one now."))
    except (NotPossible, NotAllowed) as refusal:
        return _page(request, endpoint, refusal=refusal)
    return redirect(CHANGE, pk)


@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    endpoint = _load(request, pk)
    try:
        operations.resume_webhook(endpoint=endpoint, by=person(request))
    except (NotPossible, NotAllowed) as refusal:
        return _page(request, endpoint, refusal=refusal)
    messages.success(request, _("What waited is sent now."))
    return redirect(CHANGE, pk)


@require_POST
def test(request: HttpRequest, pk: int) -> HttpResponse:
    endpoint = _load(request, pk)
    try:
        operations.send_test(endpoint=endpoint, by=person(request), at=database_now())
    except (NotPossible, NotAllowed) as refusal:
        return _page(request, endpoint, refusal=refusal)
    messages.success(request, _("A test event is on its way. Load the page again to see what came back."))
    return redirect(CHANGE, pk)


def _load(request: HttpRequest, pk: int) -> Any:
    require(sets_up_calls(request), _("Only programme staff can do this."))
    found = endpoint_list().select_related("programme", "created_by").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _initial(endpoint: WebhookEndpoint) -> dict[str, Any]:
    fields = ("description", "url", "events", "active", "version")
    return {name: getattr(endpoint, name) for name in fields}


def _page(
    request: HttpRequest,
    endpoint: Any,
    *,
    form: WebhookForm | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    at = database_now()
    shown = request.session.pop(SHOW_SECRET, None) == endpoint.pk
    rows = endpoint.deliveries.defer("body").order_by("-created_at", "-pk")[:MOST_SHOWN]
    context = {
        "title": endpoint.description,
        "staff_place": "calls",
        "endpoint": endpoint,
        "state": state_of(endpoint),
        "form": form or WebhookForm(initial=_initial(endpoint)),
        "refusal": refusal,
        "secret": endpoint.secret if shown else "",
        "both_until": endpoint.former_until if endpoint.former_until and at < endpoint.former_until else None,
        "deliveries": [(row, delivery_state(row), event_label(row.event)) for row in rows],
    }
    status = status_of(refusal) if refusal else status
    return staff_page(request, "admin/calls/webhook/page.html", context, status=status)
