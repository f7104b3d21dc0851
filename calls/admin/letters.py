"""Every letter of a round before it is posted, one after the other, exactly as it will be sent."""

from collections import Counter

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from calls.admin.decisions import load, shared
from calls.admin.pages import person, staff_page
from calls.models.decision import Outcome
from calls.operations.decision_letters import addressed, preview, waiting_decisions
from calls.queries.clock import database_now
from cooperation.web.languages import language_name

MOST_NAMED = 200  # letters that the list to choose from names; the others are paged to


@require_safe
def letters(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter a page, of all or of one outcome; a page that does not exist shows the last."""
    call = load(pk)
    rows = waiting_decisions(call, person(request))
    every, wanted = addressed(rows), request.GET.get("outcome", "")
    counts = Counter(decision.outcome for decision, _reader in every)
    wanted = wanted if wanted in counts else ""
    some = [one for one in every if one[0].outcome == wanted] if wanted else every
    page = Paginator(some, 1).get_page(request.GET.get("page"))
    letter = preview(rows, *page.object_list[0], call, database_now()) if page.object_list else None
    context = {
        **shared(request, call),
        "page": page,
        "wanted": wanted,
        "outcomes": [(key, label, counts[key]) for key, label in Outcome.choices if counts[key]],
        "count": len(every),
        "jump": some[:MOST_NAMED],
        "title": _("Letters"),
        "letter": letter,
        "language": language_name(letter.language) if letter else "",
    }
    return staff_page(request, "admin/calls/call/letters.html", context)
