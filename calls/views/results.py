"""The public results of a call, from the instant of their publication."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views import View

from calls.models import Call
from calls.queries.results import lots_drawn, reserve_results, selected_results


class Results(View):
    """Who is selected. Before publication there is no such page, for staff neither."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        rows = Call.objects.visible_to(request.user).select_related("programme").prefetch_related("texts")
        call = get_object_or_404(rows, slug=slug)
        if call.results_published_at is None:
            raise Http404
        selected = selected_results(call)
        context = {
            "call": call,
            "text": call.text,
            "selected": selected,
            "with_partners": any(row.partners for row in selected),
            "countries": len({row.place for row in selected}),
            "reserve": reserve_results(call),
            "lots": lots_drawn(call),
        }
        return render(request, "calls/results.html", context)
