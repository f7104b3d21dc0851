"""The catalogue of calls: facets, text search and "can my city apply?", all in the address."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from calls.filters import CallFilters
from calls.queries.catalogue import (
    GROUPS,
    SORTS,
    CityVerdict,
    catalogue,
    city_verdicts,
    in_order,
    lead_facts,
    status_counts,
)
from calls.queries.cities import FoundCity, find_city
from calls.queries.clock import database_now
from calls.queries.deadlines import leaf_of
from calls.queries.eligibility_terms import Vocabulary
from calls.queries.saved_searches import Search
from calls.views.readers import reader_place

PER_PAGE = 20


class CallList(View):
    """Calls grouped by status, what is urgent first. Words it cannot search for are answered with 400."""

    def get(self, request: HttpRequest) -> HttpResponse:
        at = database_now()
        calls = catalogue(at)
        filters = CallFilters(request.GET, calls)
        chosen_sort = request.GET.get("sort", "")
        sort = chosen_sort if chosen_sort in SORTS else "deadline"
        city = find_city(request.GET.get("city", ""))
        context = {
            "filters": filters,
            "form": filters.form,
            "q": request.GET.get("q", ""),
            "city": city,
            "sort": sort,
            "sorts": SORTS,
            "statuses": status_counts(calls),
            "kept": None,
        }
        if not filters.is_valid():
            return render(request, "calls/list.html", context, status=400)
        found = in_order(filters.qs, sort).select_related("programme").prefetch_related("texts")
        if city.city:
            found = found.prefetch_related("rules")
        if not city.words or city.city:
            context["kept"] = Search.of(filters.form.cleaned_data, city.city).query
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        context |= {"page": page, "facets": filters.facets(), "groups": self._groups(list(page), city, at)}
        return render(request, "calls/list.html", context)

    def _groups(self, calls: list[Any], city: FoundCity, at: datetime) -> list[dict[str, Any]]:
        reader = reader_place(self.request.user, city.city)
        verdicts: Mapping[int, CityVerdict] = {}
        if city.city:
            verdicts = city_verdicts(calls, lead_facts(city.city, at), at, Vocabulary.current())
        rows: list[dict[str, Any]] = [
            {"call": call, "leaf": leaf_of(call, at, reader), "verdict": verdicts.get(call.pk)}
            for call in calls
        ]
        found = [
            {"key": key, "label": label, "rows": [row for row in rows if row["call"].group == key]}
            for key, label in GROUPS.items()
        ]
        return [group for group in found if group["rows"]]
