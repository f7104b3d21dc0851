"""The cities that applied as the matching engine sees them: what the portal knows, and what they answered."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import Count

from calls.models import Application, ApplicationPartner
from partnerships.matching.consortia import consortium
from partnerships.matching.profiles import Profile
from partnerships.models import City
from partnerships.models.city import fold
from partnerships.models.partnership import Member, Partnership
from partnerships.queries.profiles import Interests, interests_of, profile_of

WISHES_APART = re.compile(r"[,;\n/]+")
"""A city writes its wishes as names, one after the other, the dearest first."""
MOST_PARTNERS = 20
GOALS = {str(goal): goal for goal in range(1, 18)}
EARLIER = {"none": 0, "some": 3, "many": 6}
"""What an answer on partnerships abroad stands for: none yet, one to five, more than five."""


def profiles_of(applications: Sequence[Application], taken: Counter[int], at: datetime) -> list[Profile]:
    """One profile each, in their order. Partner cities make a consortium of an application.

    `taken`: partners that an application has found already, by its key. A constant number of queries;
    applications have a lead with a city.
    """
    cities = _cities(applications)
    keys = {city.pk for row in cities.values() for city in row}
    interests, exposure = interests_of(keys), _earlier(keys)
    names = _names(applications)
    return [
        _profile(row, cities[row.pk], interests, exposure, names, taken[row.pk], at) for row in applications
    ]


def _cities(applications: Sequence[Application]) -> dict[int, list[City]]:
    """Application -> the lead's city and the partners', the lead's first."""
    found = {row.pk: [row.lead.city] for row in applications if row.lead.city}
    for partner in ApplicationPartner.objects.filter(application__in=found).select_related("city"):
        found[partner.application_id].append(partner.city)
    return found


def partners_wanted(row: Application) -> int:
    """How many partners the application asks for; 1 where it does not say."""
    said = str(row.answers.get("partners_wanted") or "")
    return min(int(said), MOST_PARTNERS) if said.isdecimal() and int(said) else 1


def _profile(
    row: Application,
    cities: Sequence[City],
    interests: Interests,
    exposure: Mapping[int, int],
    names: Mapping[str, str],
    taken: int,
    at: datetime,
) -> Profile:
    members = [
        replace(profile_of(city, interests, at, id=city.slug), exposure=exposure.get(city.pk, 0))
        for city in cities
    ]
    united = consortium(row.reference, members[0].name, members) if len(members) > 1 else members[0]
    return replace(
        united,
        id=row.reference,
        languages=_several(row.answers.get("working_languages")) or united.languages,
        challenges=_several(row.answers.get("themes") or row.answers.get("challenges")),
        themes=_several(row.answers.get("sector")),
        sdgs=frozenset(GOALS[goal] for goal in _several(row.answers.get("sdgs")) if goal in GOALS),
        exposure=max(united.exposure or 0, EARLIER.get(str(row.answers.get("experience")), 0)),
        wishes=_wishes(row, names),
        capacity=partners_wanted(row) - taken,
    )


def _earlier(cities: Iterable[int]) -> dict[int, int]:
    """City -> the partnerships that the portal knows it to have."""
    members = Member.objects.filter(city_id__in=list(cities), partnership__in=Partnership.objects.listed())
    rows = members.order_by().values_list("city_id").annotate(Count("partnership", distinct=True))
    return dict(rows)


def _names(applications: Iterable[Application]) -> dict[str, str]:
    """Every name of the cities that take part, folded -> the application's reference."""
    return {
        name: row.reference
        for row in applications
        if row.lead.city
        for name in row.lead.city.search_text.split("|")
        if name
    }


def _wishes(row: Application, names: Mapping[str, str]) -> tuple[str, ...]:
    """The cities that an application names as wishes, in its order; names that nobody bears are left out."""
    said = str(row.answers.get("wishes") or "")
    parts = [fold(part) for part in WISHES_APART.split(said)]
    wished = [names[part] for part in parts if part in names and names[part] != row.reference]
    return tuple(dict.fromkeys(wished))


def _several(answer: object) -> frozenset[str]:
    return frozenset(map(str, answer) if isinstance(answer, list) else [str(answer)] if answer else [])
