"""Questions about calls: the list of those that wait, and the page that answers one."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from calls.access import NotAllowed
from calls.admin.pages import StaffAdmin, person, staff_page, status_of
from calls.forms.enquiry import AnswerForm, DeclineForm
from calls.models import Enquiry
from calls.operations.enquiries import answer, decline
from calls.operations.status import NotPossible
from calls.queries.answers import form_of
from calls.queries.clock import database_now
from calls.queries.deadlines import word_day
from calls.queries.eligibility_terms import Vocabulary
from calls.queries.enquiries import Subjects, about_of, missing_languages
from cooperation.web.languages import language_name
from cooperation.web.templatetags.portal import state


class WaitingFilter(admin.SimpleListFilter):
    """Whether a question waits, so that the work queue can link to those that do."""

    title = gettext_lazy("state")
    parameter_name = "todo"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("answer", _("Waiting")), ("published", _("Published")), ("declined", _("Not published"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Enquiry]:
        if self.value() == "answer":
            return queryset.waiting()
        if self.value() == "published":
            return queryset.published()
        return queryset.filter(declined=True) if self.value() == "declined" else queryset


@admin.register(Enquiry)
class EnquiryAdmin(StaffAdmin):
    """Read only: a question is answered on its own page, once."""

    staff_place = "enquiries"
    list_display = ["text_shown", "call_shown", "asked_shown", "state_shown"]
    list_filter = [WaitingFilter]
    search_fields = ["text", "call__slug", "call__programme__code"]
    ordering = ["asked_at", "pk"]
    list_per_page = 50
    list_max_show_all = 50
    show_full_result_count = False
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Enquiry]:
        rows = super().get_queryset(request).select_related("call__programme")
        return rows.prefetch_related("call__texts")

    @admin.display(description=gettext_lazy("question"))
    def text_shown(self, row: Enquiry) -> str:
        return f"{row.number}. {Truncator(row.text).chars(120)}"

    @admin.display(description=gettext_lazy("call"), ordering="call_id")
    def call_shown(self, row: Enquiry) -> str:
        return f"{row.call.programme.code}: {row.call.title}"

    @admin.display(description=gettext_lazy("asked"), ordering="asked_at")
    def asked_shown(self, row: Enquiry) -> str:
        return word_day(row.asked_at.astimezone(row.call.zone_info))

    @admin.display(description=gettext_lazy("state"), ordering="answered_at")
    def state_shown(self, row: Enquiry) -> SafeString:
        if row.answered_at is None:
            return state("attention", _("Waiting"))
        return state("declined", _("Not published")) if row.declined else state("done", _("Published"))

    def get_urls(self) -> list[URLPattern]:
        """The list, and our own page in place of Django's form."""
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name="calls_enquiry_changelist"),
            path("<int:pk>/", wrap(answer_page), name="calls_enquiry_change"),
        ]


@require_http_methods(["GET", "HEAD", "POST"])
def answer_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish the answer, add a language that was missing, or decline with a reason."""
    rows = Enquiry.objects.select_related("call__programme", "rule", "asked_by", "answered_by")
    enquiry = get_object_or_404(rows.prefetch_related("call__texts", "call__rules"), pk=pk)
    posted = request.POST if request.method == "POST" else None
    declining = bool(posted and "decline" in posted)
    answering = AnswerForm(None if declining else posted, enquiry=enquiry, call=enquiry.call)
    refusing = DeclineForm(posted if declining else None)
    form = refusing if declining else answering
    status, refusal = (200 if posted is None else 422), None
    if posted is not None and form.is_valid():
        try:
            sentence = _do(request, enquiry, answering, refusing, declining=declining)
        except (NotPossible, NotAllowed) as error:
            status, refusal = status_of(error), error
        else:
            messages.success(request, sentence)
            return redirect("admin:calls_enquiry_changelist")
    return staff_page(
        request,
        "admin/calls/enquiry/answer.html",
        {**_context(enquiry), "form": form, "answering": answering, "refusing": refusing, "refusal": refusal},
        status=status,
    )


def _do(
    request: HttpRequest, enquiry: Enquiry, answering: AnswerForm, refusing: DeclineForm, *, declining: bool
) -> str:
    """The step that was asked for; the sentence that says what happened."""
    who, at = person(request), database_now()
    if declining:
        decline(enquiry=enquiry, reason=refusing.cleaned_data["reason"], by=who, at=at)
        return _("The question is not published. Whoever asked gets your reason by mail.")
    known = enquiry.answered_at is not None
    answer(enquiry=enquiry, texts=answering.texts, answers=answering.answers, by=who, at=at)
    if known:
        return _("The answer is published in these languages, too.")
    return _("The answer is published. Whoever asked and whoever is writing is told.")


def _context(enquiry: Enquiry) -> dict[str, Any]:
    call = enquiry.call
    subjects = Subjects(call, form_of(call), Vocabulary.current())
    about = about_of(enquiry)
    missing = [] if enquiry.declined else missing_languages(enquiry, call)
    return {
        "enquiry": enquiry,
        "call": call,
        "title": _("Question %(number)s: %(call)s") % {"number": enquiry.number, "call": call.title},
        "staff_place": "enquiries",
        "about": subjects.titles.get(about, enquiry.question or _("The call as a whole")),
        "missing": [language_name(code) for code in missing],
    }
