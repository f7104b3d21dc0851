"""Which cities can apply? The number of each verdict, and the cities with the first rule that each fails."""

from django.core.paginator import Paginator
from django.db.models import F, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from calls.admin.pages import staff_page
from calls.admin.ranking import load_call
from calls.eligibility import Verdict
from calls.queries.clock import database_now
from calls.queries.eligibility import assess_alone, rules_of
from calls.queries.eligibility_terms import Vocabulary, country
from calls.queries.eligibility_wording import word_finding
from calls.queries.eligible_cities import countries_of, verdict_counts, with_verdicts

A_PAGE = 50
VERDICTS = {
    Verdict.ELIGIBLE: ("met", gettext_lazy("Can apply")),
    Verdict.ELIGIBLE_WITH_CAUTION: ("caution", gettext_lazy("Can apply, with caution")),
    Verdict.INCOMPLETE: ("unknown", gettext_lazy("Can apply once open points are settled")),
    Verdict.NOT_ELIGIBLE: ("not-met", gettext_lazy("Cannot apply")),
}


@require_safe
def eligible(request: HttpRequest, pk: int) -> HttpResponse:
    """Each city as if it applied alone. Drafts are tried out before they are published."""
    call = load_call(request, pk)
    prefetch_related_objects([call], "rules")
    on = call.day_of(database_now())
    chosen, place = request.GET.get("verdict", ""), request.GET.get("country", "")
    rows = with_verdicts(call, on)
    if chosen in VERDICTS:
        rows = rows.filter(verdict=chosen)
    if len(place) == 2 and place.isalpha():
        rows = rows.filter(country=place.upper())
    can_apply_first = F("first_failing").asc(nulls_first=True)
    rows = rows.order_by(can_apply_first, "name", "id")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page", ""))
    cities = list(page.object_list)
    names, rules = Vocabulary.current(), rules_of(call)
    lines = []
    for city, assessment in zip(cities, assess_alone(call, cities, on=on), strict=True):
        first = city.first_failing
        reason = word_finding(assessment.findings[first], names) if first is not None else None
        kind, word = VERDICTS[assessment.verdict]
        lines.append({"city": city, "state": kind, "word": word, "reason": reason})
    counts = verdict_counts(call, on)
    context = {
        "call": call,
        "title": _("Which cities can apply? %(call)s") % {"call": call.title},
        "staff_place": "calls",
        "on": on,
        "rules": len(rules),
        "counts": [
            {"verdict": verdict.value, "state": state, "word": word, "count": counts[verdict]}
            for verdict, (state, word) in VERDICTS.items()
        ],
        "total": sum(counts.values()),
        "lines": lines,
        "page_obj": page,
        "chosen": chosen if chosen in VERDICTS else "",
        "place": place.upper(),
        "countries": sorted(((code, country(code)) for code in countries_of()), key=lambda row: row[1]),
    }
    return staff_page(request, "admin/calls/call/eligible.html", context)
