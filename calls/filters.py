"""The catalogue's facets. Everything chosen is in the address; a facet without a choice shows all."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from calls.models import Call, Programme
from calls.models.call import CallKind
from calls.queries.catalogue import GROUPS, containing, counts, partners_in, region_counts
from calls.queries.regions import REGION_LABELS
from partnerships.models import Theme

LONGEST_SEARCH = 200  # characters


class FacetFilter(django_filters.MultipleChoiceFilter):
    """Any of several values, as checkboxes; a call appears once however many values it has."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.CheckboxSelectMultiple, distinct=False, **kwargs)


class CallFilters(django_filters.FilterSet):
    """Filters over `catalogue(at)`. `facets()` gives each facet's choices with counts, one query each."""

    q = django_filters.CharFilter(
        method="search",
        label=_("Search the calls"),
        max_length=LONGEST_SEARCH,
        error_messages={
            "max_length": _("Search with at most %(limit_value)d characters; you used %(show_value)d.")
        },
    )
    status = FacetFilter(field_name="group", choices=list(GROUPS.items()), label=_("Status"))
    kind = FacetFilter(field_name="kind", choices=CallKind.choices, label=_("Kind"))
    region = FacetFilter(method="in_regions", choices=list(REGION_LABELS.items()), label=_("Partners in"))
    theme = FacetFilter(field_name="themes", method="on_themes", label=_("Theme"))
    programme = FacetFilter(field_name="programme__slug", label=_("Programme"))

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
        # A subquery rather than a join: a call with two chosen themes is one row.
        of_themes = Call.themes.through.objects.filter(theme__in=themes).values("call")
        return calls.filter(pk__in=of_themes) if themes else calls

    def filter_queryset(self, queryset: QuerySet[Call], leaving_out: str = "") -> QuerySet[Call]:
        """The chosen calls; with `leaving_out` one facet's own choice is not applied."""
        for name, value in self.form.cleaned_data.items():
            if name != leaving_out:
                queryset = self.filters[name].filter(queryset, value)
        return queryset

    @property
    def chosen(self) -> int:
        """How many boxes of the facets are ticked."""
        return sum(len(self.form.cleaned_data.get(name) or []) for name in self.FACETS)

    def facets(self) -> list[dict[str, Any]]:
        """Each facet's choices that occur or are ticked, with the number of calls a tick would leave."""
        return [self._facet(name) for name in self.FACETS]

    def _facet(self, name: str) -> dict[str, Any]:
        calls = self.filter_queryset(self.queryset, leaving_out=name)
        field = self.filters[name].field_name
        numbers = region_counts(calls) if name == "region" else counts(calls, field)
        ticked = set(self.form.cleaned_data.get(name) or [])
        choices = [
            {"value": value, "label": label, "number": numbers.get(value, 0), "ticked": value in ticked}
            for value, label in self.filters[name].extra["choices"]
            if numbers.get(value) or value in ticked
        ]
        return {"name": name, "label": self.filters[name].label, "choices": choices}
