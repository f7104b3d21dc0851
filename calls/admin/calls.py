"""Calls, set up by hand while they are drafts; published ones are read and amended."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib import admin, messages
from django.db import connection, models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.access import NotAllowed
from calls.admin import (
    amending,
    answer_extending,
    cancelling,
    correcting,
    decisions,
    eligible_cities,
    letters,
    ranking,
    results,
    rules,
    selection_changes,
    selections,
    sides,
)
from calls.admin.call_parts import (
    AmendmentInline,
    CriterionInline,
    CutOffInline,
    MilestoneInline,
    QuotaInline,
    SectionInline,
    TextInline,
)
from calls.admin.call_todo import CallTodoFilter
from calls.admin.pages import StaffAdmin, person, sets_up_calls
from calls.admin.pairing import PAGES as PAIRING_PAGES
from calls.admin.programmes import SetupMixin
from calls.admin.reviewer_pages import REVIEWER_PAGES
from calls.admin.setup import PAGES as SETUP_PAGES
from calls.admin.setup.common import SETUP
from calls.forms.setup import CallForm, ask_which
from calls.forms.wall_time import WallTimePair
from calls.models import Call
from calls.models.call import Editorial
from calls.operations.publishing import publish_call
from calls.operations.status import NotPossible
from calls.queries.clock import database_now
from calls.queries.deadlines import word_instant
from cooperation.web.templatetags.portal import chip, state


@admin.register(Call)
class CallAdmin(SetupMixin, StaffAdmin):
    form = CallForm
    staff_place = "calls"
    list_display = ["title_shown", "programme_code", "kind", "editorial_shown", "phase_shown", "closes_shown"]
    list_display_links = None  # the title leads to the set-up and the round, and from there to this form
    list_filter = [CallTodoFilter, "kind", "editorial"]
    ordering = ["-opens_at", "-id"]  # this year's rounds first
    search_fields = ["slug", "texts__title", "programme__code"]
    raw_id_fields = ["predecessor", "promotes_to"]
    # dates of reviews, settings and letters have pages of their own, which lead from the set-up
    exclude = [
        *("editorial", "published_at", "form_version", "letters", "pairing"),
        *("reviews_wanted", "review_due_at", "discussion_at", "pass_mark", "tie_break", "waiting_list"),
        *("reserve_places", "acceptance_days", "complaint_days"),
    ]
    show_full_result_count = False
    actions = ["publish"]
    inlines = [
        *[TextInline, QuotaInline, MilestoneInline, CutOffInline, CriterionInline, SectionInline],
        AmendmentInline,
    ]
    change_form_template = "admin/calls/call/change_form.html"

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in CallForm.TIMES:
            kwargs["form_class"] = WallTimePair
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        """The form; where a typed time comes twice in its zone, it also asks which is meant."""
        if request.method == "POST":
            names = CallForm.TIMES
            typed = {name: [request.POST.get(f"{name}_{part}", "") for part in (0, 1)] for name in names}
            kwargs["form"] = ask_which(self.form, typed, request.POST.get("zone", ""))
        elif obj:
            kwargs["form"] = ask_which(self.form, _as_typed(obj), obj.zone)
        return super().get_form(request, obj, change, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Call]:
        calls = super().get_queryset(request).select_related("programme")
        return calls.prefetch_related("texts")

    @admin.display(description=gettext_lazy("title"))
    def title_shown(self, row: Call) -> str:
        return format_html('<a href="{}">{}</a>', reverse(SETUP, args=[row.pk]), row.title)

    @admin.display(description=gettext_lazy("programme"), ordering="programme__code")
    def programme_code(self, row: Call) -> str:
        return row.programme.code

    @admin.display(description=gettext_lazy("published"), ordering="editorial")
    def editorial_shown(self, row: Call) -> str:
        shown = {Editorial.DRAFT: "not-started", Editorial.CANCELLED: "withdrawn"}
        return state(shown.get(Editorial(row.editorial), "done"), row.get_editorial_display())

    @admin.display(description=gettext_lazy("status"))
    def phase_shown(self, row: Call) -> str:
        return chip(row.phase(timezone.now()).value)

    @admin.display(description=gettext_lazy("closes"), ordering="closes_at")
    def closes_shown(self, row: Call) -> str:
        return word_instant(row.closes_at, row.zone) if row.closes_at else "–"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return sets_up_calls(request) and request.user.has_perm("calls.add_call")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return sets_up_calls(request) and (obj is None or obj.editorial == Editorial.DRAFT)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """A call stays in its programme: its references begin with the code, and two people may publish."""
        return ["programme"] if obj else []

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Call | None:
        """Locked while a form is kept, so that nothing slips in beside its publication."""
        if request.method == "POST" and connection.in_atomic_block and object_id.isdecimal():
            Call.objects.select_for_update(no_key=True).filter(pk=object_id[:18]).first()
        return super().get_object(request, object_id, from_field)

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Sequence[str]]:
        return {}

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Times are read and written on the clocks of the call's zone; skipped hours are refused in words."""
        call = self.get_object(request, object_id) if object_id else None
        zone = request.POST.get("zone") or (call.zone if call else "UTC")
        with timezone.override(zone if zone in available_timezones() else "UTC"):
            context = {**(extra_context or {}), "call": call, "zone_of_times": zone, "staff_place": "calls"}
            response = super().changeform_view(request, object_id, form_url, context)
            return response.render() if hasattr(response, "render") else response

    def response_post_save_add(self, request: HttpRequest, obj: Call) -> HttpResponseRedirect:
        """On to the set-up, which names what is still to be done, rather than to the list of all calls."""
        return HttpResponseRedirect(reverse(SETUP, args=[obj.pk]))

    def response_post_save_change(self, request: HttpRequest, obj: Call) -> HttpResponseRedirect:
        """Back to the set-up, from which this form was opened."""
        return HttpResponseRedirect(reverse(SETUP, args=[obj.pk]))

    @admin.action(description=gettext_lazy("Publish"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Call]) -> None:
        """Publish each chosen draft; what is missing is said for each call."""
        at = database_now()
        for call in queryset:
            try:
                publish_call(call=call, by=person(request), at=at)
            except (NotPossible, NotAllowed) as refusal:
                self.message_user(request, f"{call}: {refusal}", messages.ERROR)
            else:
                self.message_user(request, _("Published: %(call)s.") % {"call": call}, messages.SUCCESS)

    def get_urls(self) -> list[URLPattern]:
        own: list[tuple[str, Any, str]] = [
            ("<int:pk>/ranking/", ranking.ranking, "ranking"),
            ("<int:pk>/close-reviews/", ranking.close, "close_reviews"),
            ("<int:pk>/selection/", selections.create, "selection_create"),
            ("<int:pk>/selection/<int:number>/", selections.selection, "selection"),
            ("<int:pk>/selection/<int:number>/what-if/", selections.what_if, "selection_what_if"),
            ("<int:pk>/selection/<int:number>/moves/", selection_changes.sensitivity, "selection_moves"),
            ("<int:pk>/selection/<int:number>/list.xlsx", selections.export, "selection_export"),
            (
                "<int:pk>/selection/<int:number>/compare/<int:other>/",
                selection_changes.compare,
                "selection_compare",
            ),
            ("<int:pk>/decisions/", decisions.decisions, "decisions"),
            ("<int:pk>/decisions/approve/", decisions.approve_all, "approve_list"),
            ("<int:pk>/decisions/<int:application_pk>/approve/", decisions.approve_one, "approve_one"),
            ("<int:pk>/decisions/<int:application_pk>/back/", decisions.send_one_back, "send_back"),
            ("<int:pk>/decisions/<int:application_pk>/lapse/", decisions.lapse, "lapse_place"),
            ("<int:pk>/decisions/<int:application_pk>/due/", answer_extending.extend_answer, "extend_answer"),
            ("<int:pk>/decisions/<int:application_pk>/replace/", decisions.replace, "replace"),
            ("<int:pk>/letters/", letters.letters, "letters"),
            ("<int:pk>/publish-results/", results.publish, "publish_results"),
            ("<int:pk>/selection/<int:number>/recommend/", decisions.recommend_run, "recommend_list"),
            ("<int:pk>/sides/", sides.sides, "sides"),
            ("<int:pk>/sides/recommend/", sides.recommend_both, "recommend_votes"),
            ("<int:pk>/sides/<int:application_pk>/vote/", sides.vote, "side_vote"),
            ("<int:pk>/amend/", amending.amend, "amend"),
            ("<int:pk>/cancel/", cancelling.cancel, "cancel"),
            ("<int:pk>/eligible/", eligible_cities.eligible, "eligible"),
            ("<int:pk>/rules/", rules.rules, "rules"),
            ("<int:pk>/rules/add/", rules.add, "rule_add"),
            ("<int:pk>/rules/<int:rule_pk>/", rules.change, "rule"),
            ("<int:pk>/rules/<int:rule_pk>/move/", rules.move, "rule_move"),
            ("<int:pk>/rules/<int:rule_pk>/remove/", rules.remove, "rule_remove"),
            ("<int:pk>/correct/", correcting.correct, "correct"),
            *PAIRING_PAGES,
            *SETUP_PAGES,
            *REVIEWER_PAGES,
        ]
        wrap = self.admin_site.admin_view
        pages = [path(route, wrap(view), name=f"calls_call_{name}") for route, view, name in own]
        return pages + super().get_urls()


def _as_typed(call: Call) -> dict[str, list[str]]:
    """A call's times as day and hour on the clocks of its zone."""
    moments = {name: getattr(call, name) for name in CallForm.TIMES}
    return {
        name: f"{moment.astimezone(call.zone_info):%Y-%m-%d %H:%M:%S}".split()
        for name, moment in moments.items()
        if moment
    }
