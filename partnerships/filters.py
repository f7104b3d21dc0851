"""What a visitor may narrow the lists by. A value that no list offers is an error said in the form."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries import countries
from django_countries.fields import Country

from partnerships.models import Idea, Member, Partnership, Theme
from partnerships.models.city import fold
from partnerships.models.partnership import PartnershipKind, Stage

LONGEST_WORDS = 100  # characters of a search; the longest city name has 200 but nobody types it


def countries_in_partnerships() -> list[tuple[str, str]]:
    """Countries of member cities, by their name in the reader's language. One query."""
    codes = (
        Member.objects.annotate(place=Coalesce("city__country", "organisation__country"))
        .exclude(place=None)
        .values_list("place", flat=True)
        .order_by()
        .distinct()
    )
    return sorted(((code, Country(code).name) for code in codes), key=lambda pair: pair[1])


def programmes() -> list[tuple[str, str]]:
    """Programmes that partnerships name. One query."""
    names = Partnership.objects.exclude(programme="").values_list("programme", flat=True)
    return [(name, name) for name in names.order_by("programme").distinct()]


def themes() -> list[tuple[str, str]]:
    """Themes in use. One query."""
    used = Theme.objects.filter(partnerships__isnull=False).distinct()
    return sorted(((theme.slug, str(theme)) for theme in used), key=lambda pair: pair[1])


def kinds() -> list[tuple[str, str]]:
    """Kinds of partnership, worded as the beginning of a line."""
    return [(kind.value, str(kind.label)[:1].upper() + str(kind.label)[1:]) for kind in PartnershipKind]


def stages() -> list[tuple[str, str]]:
    """Stages of a partnership, worded as the beginning of a line."""
    return [(stage.value, str(stage.label)[:1].upper() + str(stage.label)[1:]) for stage in Stage]


def years() -> list[tuple[str, str]]:
    """Years in which a listed partnership began, the newest first. One query."""
    begun = Partnership.objects.listed().filter(start_year__isnull=False).order_by("-start_year")
    return [(str(year), str(year)) for year in begun.values_list("start_year", flat=True).distinct()]


class PartnershipFilter(django_filters.FilterSet):
    programme = django_filters.ChoiceFilter(
        label=_("Programme"), choices=programmes, empty_label=_("All programmes")
    )
    theme = django_filters.ChoiceFilter(
        label=_("Theme"), field_name="themes", choices=themes, empty_label=_("All themes")
    )
    country = django_filters.ChoiceFilter(
        label=_("Country or territory"),
        choices=countries_in_partnerships,
        method="with_member_in",
        empty_label=_("All countries"),
    )
    kind = django_filters.ChoiceFilter(
        label=pgettext_lazy("of a partnership", "Kind"),
        choices=kinds,
        empty_label=_("All kinds"),
    )

    stage = django_filters.ChoiceFilter(label=_("Stage"), choices=stages, empty_label=_("All stages"))
    year = django_filters.ChoiceFilter(
        label=_("Under way in"), choices=years, method="under_way_in", empty_label=_("Any year")
    )

    class Meta:
        model = Partnership
        fields = ["programme", "theme", "country", "kind", "stage", "year"]

    def under_way_in(self, partnerships: QuerySet[Partnership], name: str, year: str):
        """Begun in the year, or before and not over; of one without an end only if it goes on."""
        before = Q(start_year__lt=year)
        over_later = Q(end_year__gte=year) | Q(end_year=None, stage__in=(Stage.ACTIVE, Stage.EXTENDED))
        return partnerships.filter(Q(start_year=year) | (before & over_later))

    def with_member_in(self, partnerships: QuerySet[Partnership], name: str, code: str):
        """Partnerships with a member in the country."""
        members = Member.objects.filter(Q(city__country=code) | Q(organisation__country=code))
        return partnerships.filter(pk__in=members.values("partnership"))


def themes_of_ideas() -> list[tuple[str, str]]:
    """Themes that published ideas are about. One query."""
    used = Theme.objects.filter(ideas__in=Idea.objects.published()).distinct()
    return sorted(((theme.slug, str(theme)) for theme in used), key=lambda pair: pair[1])


def countries_of_ideas() -> list[tuple[str, str]]:
    """Countries that published ideas come from. One query."""
    codes = Idea.objects.published().order_by().values_list("organisation__country", flat=True).distinct()
    return sorted(((code, Country(code).name) for code in codes), key=lambda pair: pair[1])


class IdeaFilter(django_filters.FilterSet):
    """The board. Without a choice of `state` it holds what still seeks partners."""

    q = django_filters.CharFilter(
        label=_("Search the ideas"), method="containing", max_length=LONGEST_WORDS, widget=forms.SearchInput
    )
    theme = django_filters.ChoiceFilter(
        label=_("Theme"), field_name="themes", choices=themes_of_ideas, empty_label=_("All themes")
    )
    country = django_filters.ChoiceFilter(
        label=_("From"),
        field_name="organisation__country",
        choices=countries_of_ideas,
        empty_label=_("All countries"),
    )
    seeks = django_filters.ChoiceFilter(
        label=_("Seeks partners in"),
        choices=lambda: list(countries),
        method="seeking_in",
        empty_label=_("Any country"),
    )
    state = django_filters.ChoiceFilter(
        label=pgettext_lazy("of an idea", "State"),
        choices=[("all", _("Also complete or past ones"))],
        method="also_complete",
        empty_label=_("Seeks partners"),
    )

    class Meta:
        model = Idea
        fields = ["q", "theme", "country", "seeks", "state"]

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def filter_queryset(self, queryset: QuerySet[Idea]) -> QuerySet[Idea]:
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data["state"] else found.seeking(self.today)

    def also_complete(self, ideas: QuerySet[Idea], name: str, value: str) -> QuerySet[Idea]:
        """Nothing to narrow: `filter_queryset` reads the choice."""
        return ideas

    def containing(self, ideas: QuerySet[Idea], name: str, words: str) -> QuerySet[Idea]:
        """Ideas that have every word somewhere, in the text or in the name of their city."""
        for word in words.split():
            ideas = ideas.filter(
                Q(title__icontains=word)
                | Q(wants__icontains=word)
                | Q(brings__icontains=word)
                | Q(seeks__icontains=word)
                | Q(organisation__city__search_text__contains=fold(word))
            )
        return ideas

    def seeking_in(self, ideas: QuerySet[Idea], name: str, code: str) -> QuerySet[Idea]:
        """Ideas that name the country, or seek anywhere, and come from another one."""
        return ideas.filter(Q(countries__contains=[code]) | Q(countries=[])).exclude(
            organisation__country=code
        )
