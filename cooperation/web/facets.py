"""Facets of a public list: boxes to tick, each with the number of rows that a tick would leave."""

from collections.abc import Mapping
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet


class Facet(django_filters.MultipleChoiceFilter):
    """Any of several values, as checkboxes; a row appears once however many values it has."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.CheckboxSelectMultiple, distinct=False, **kwargs)


class FacetFilters(django_filters.FilterSet):
    """Filters, of which FACETS are shown with numbers. `facets()` takes one query for each."""

    FACETS: tuple[str, ...] = ()

    def numbers(self, name: str, rows: Any) -> Mapping[Any, int]:
        """How many of the rows have each value of a facet."""
        raise NotImplementedError

    def filter_queryset(self, queryset: QuerySet[Any], leaving_out: str = "") -> QuerySet[Any]:
        """The chosen rows; with `leaving_out` one facet's own choice is not applied."""
        for name, value in self.form.cleaned_data.items():
            if name != leaving_out:
                queryset = self.filters[name].filter(queryset, value)
        return queryset

    @property
    def chosen(self) -> int:
        """How many boxes of the facets are ticked."""
        return sum(len(self.form.cleaned_data.get(name) or []) for name in self.FACETS)

    def facets(self) -> list[dict[str, Any]]:
        """Each facet's choices that occur or are ticked, with the number of rows a tick would leave."""
        return [self._facet(name) for name in self.FACETS]

    def _facet(self, name: str) -> dict[str, Any]:
        numbers = self.numbers(name, self.filter_queryset(self.queryset, leaving_out=name))
        ticked = set(self.form.cleaned_data.get(name) or [])
        choices = [
            {"value": value, "label": label, "number": numbers.get(value, 0), "ticked": value in ticked}
            for value, label in self.filters[name].extra["choices"]
            if numbers.get(value) or value in ticked
        ]
        return {"name": name, "label": self.filters[name].label, "choices": choices}
