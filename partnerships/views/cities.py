"""The list of cities and a city's portfolio."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views import View

from cooperation.accounts.models import User
from partnerships.access import edits_city
from partnerships.forms.city_filters import CityFilters
from partnerships.models import City, Idea
from partnerships.models.city import Direction
from partnerships.queries.cities import SORTS, in_order, partnership_counts
from partnerships.queries.directory import rows_of, similar
from partnerships.queries.figures import figures_of, newest_statement, unlisted_words
from partnerships.queries.map import draw_map
from partnerships.queries.portfolio import AGREEMENTS, links_from, partner_cities, seats_of
from partnerships.queries.reporting import records_of

CITIES_A_PAGE = 30
MOST_IDEAS = 5  # on a city's page; the board has them all


class CityList(View):
    """The directory: by name in any spelling, with facets; what is chosen is in the address."""

    def get(self, request: HttpRequest) -> HttpResponse:
        counts = partnership_counts()
        filters = CityFilters(request.GET, City.objects.all(), partnered=counts)
        words, wish = request.GET.get("q", ""), request.GET.get("sort", "")
        sort = wish if wish in SORTS else next(iter(SORTS))
        context = {"form": filters.form, "filters": filters, "q": words, "sort": sort, "sorts": SORTS}
        if not filters.is_valid():
            return render(request, "partnerships/cities.html", context, status=422)
        cities = in_order(filters.qs, counts, words, sort)
        page = Paginator(cities, CITIES_A_PAGE).get_page(request.GET.get("page"))
        context |= {
            "page": page,
            "rows": rows_of(page, counts),
            "facets": filters.facets(),
            "similar": [] if page.object_list else similar(words),
            "searched": bool(words.strip()) or filters.chosen,
        }
        return render(request, "partnerships/cities.html", context)


class CityPage(View):
    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        city = City.objects.filter(slug=slug).first()
        if city is None:
            raise Http404
        keeps = isinstance(request.user, User) and edits_city(request.user, city)
        return render(request, "partnerships/city.html", {**portfolio(city), "keeps": keeps})


def portfolio(city: City) -> dict[str, Any]:
    """Everything the page shows; thirteen queries whatever the city has."""
    at = timezone.now()
    seats = seats_of(city)
    partners = partner_cities(city, seats)
    networks = list(
        city.network_memberships.shown()
        .select_related("network")
        .prefetch_related("offices")
        .order_by("-founder", "network__short_name")
    )
    records = records_of(city, at.date())
    agreements = [seat for seat in seats if seat.partnership.kind in AGREEMENTS]
    themes = list(city.city_themes.select_related("theme"))
    return {
        "city": city,
        "at": at,
        "projects": [seat for seat in seats if seat.partnership.kind not in AGREEMENTS],
        "agreements": agreements,
        "unlisted": unlisted_words(city, agreements),
        "stated": newest_statement(city),
        "ideas": list(Idea.objects.seeking(at.date()).filter(organisation__city=city)[:MOST_IDEAS]),
        "partners": partners,
        "map": draw_map(links_from(city, partners), here=city),
        "networks": networks,
        "commitments": records,
        "exchanges": list(city.exchanges.all()),
        "learns": [row.theme for row in themes if row.direction == Direction.LEARN],
        "teaches": [row.theme for row in themes if row.direction == Direction.TEACH],
        "contact": city.organisations.exclude(contact_email="").order_by("id").first(),
        "figures": figures_of(city, seats, networks, len(records)),
    }
