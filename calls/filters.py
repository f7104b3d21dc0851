"""The catalogue's facets. Everything chosen is in the address; a facet without a choice shows all."""

from collections.abc import Mapping
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from calls.models import Call, Programme
from calls.models.call import CallKind
from calls.queries.catalogue import GROUPS, containing, counts, on_themes, partners_in, region_counts
from calls.queries.regions import REGION_LABELS
from cooperation.web.facets import Facet, FacetFilters
from partnerships.models import Theme

LONGEST_SEARCH = 200  # characters


class CallFilters(FacetFilters):
    """Filters over `catalogue(at)`."""

    q = django_filters.CharFilter(
        method="search",
        label=_("Search the calls"),
        max_length=LONGEST_SEARCH,
        error_messages={
            "max_length": _("Search with at most %(limit_value)d characters; you used %(show_value)d.")
        },
    )
    status = Facet(field_name="group", choices=list(GROUPS.items()), label=_("Status"))
    kind = Facet(field_name="kind", choices=CallKind.choices, label=_("Kind"))
    region = Facet(method="in_regions", choices=list(REGION_LABELS.items()), label=_("Partners in"))
    theme = Facet(field_name="themes", method="on_themes", label=_("Theme"))
    programme = Facet(field_name="programme__slug", label=_("Programme"))

    class Meta:
        model = Call
        fields: list[str] = []

    FACETS = ("status", "kind", "region", "theme", "programme")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Two small tables, read once a page: their names are the choices.
        self.filters["theme"].extra["choices"] = [(row.slug, str(row)) for row in Theme.objects.all()]
        self.filters["programme"].extra["choices"] = [(row.slug, str(row)) for row in Programme.objects.all()]

    def search(self, calls: QuerySet[Call], name: str, words: str) -> QuerySet[Call]:
        return containing(calls, words)

    def in_regions(self, calls: QuerySet[Call], name: str, regions: list[str]) -> QuerySet[Call]:
        return calls.filter(partners_in(regions)) if regions else calls

    def on_themes(self, calls: QuerySet[Call], name: str, themes: list[str]) -> QuerySet[Call]:
        return calls.filter(on_themes(themes)) if themes else calls

    def numbers(self, name: str, rows: QuerySet[Call]) -> Mapping[Any, int]:
        return region_counts(rows) if name == "region" else counts(rows, self.filters[name].field_name)
