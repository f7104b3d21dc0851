"""Every letter of a round before it is posted, one after the other, exactly as it will be sent."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from calls.admin.decisions import load, shared
from calls.admin.pages import person, staff_page
from calls.operations.decision_letters import addressed, preview, waiting_decisions
from calls.queries.clock import database_now
from cooperation.web.languages import language_name


@require_safe
def letters(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter a page; a page that does not exist shows the last."""
    call = load(pk)
    rows = waiting_decisions(call, person(request))
    page = Paginator(addressed(rows), 1).get_page(request.GET.get("page"))
    letter = preview(rows, *page.object_list[0], call, database_now()) if page.object_list else None
    context = {
        **shared(request, call),
        "page": page,
        "letter": letter,
        "language": language_name(letter.language) if letter else "",
    }
    return staff_page(request, "admin/calls/call/letters.html", context)
