"""The list of partnerships with its map, and the page of one."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views import View

from partnerships.filters import PartnershipFilter
from partnerships.models import Partnership
from partnerships.queries.map import Map, draw_map
from partnerships.queries.partnership_page import public_page, shown_at
from partnerships.queries.portfolio import links_within, with_members

PARTNERSHIPS_A_PAGE = 30
MOST_ON_MAP = 1000  # partnerships; more arcs than that are a grey cloud


class PartnershipList(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        search = PartnershipFilter(request.GET, queryset=Partnership.objects.listed())
        valid = search.is_valid()
        found = search.qs if valid else Partnership.objects.none()
        page = Paginator(with_members(found), PARTNERSHIPS_A_PAGE).get_page(request.GET.get("page"))
        rows = [(row, " ".join(link.pair for link in links_within(row))) for row in page]
        searched = any(request.GET.get(name) for name in search.form.fields)
        context = {
            "form": search.form,
            "page": page,
            "rows": rows,
            "searched": searched,
            "map": world_map(found, searched),
        }
        return render(request, "partnerships/partnerships.html", context, status=200 if valid else 422)


def world_map(found, searched: bool) -> Map | None:
    """Every arc pale; those of the chosen partnerships in full when the visitor has chosen some."""
    chosen = set(found.values_list("pk", flat=True)) if searched else set()
    partnerships = with_members(Partnership.objects.listed())[:MOST_ON_MAP]
    return draw_map(
        link
        for partnership in partnerships
        for link in links_within(partnership, back=partnership.pk not in chosen)
    )


class PartnershipPage(View):
    """What everybody sees; what staff refused is not there."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        partnership = shown_at(slug)
        if partnership is None:
            raise Http404
        context = public_page(partnership, request.user, timezone.now())
        return render(request, "partnerships/partnership.html", {"partnership": partnership, **context})
