"""Which ideas fit which city: the matching engine's scores, computed in the background and kept."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from itertools import islice

import numpy as np
from django.db import connection, transaction

from partnerships.matching.outcome import CriterionPoints
from partnerships.matching.points import criterion_points
from partnerships.matching.profiles import Profile
from partnerships.matching.scoring import score_pairs
from partnerships.models import City, Idea, Membership, Suggestion
from partnerships.queries.ideas import SUBJECTS
from partnerships.queries.profiles import Interests, interests_of, profile_of

# Milli-points, together 100,000. An idea knows its themes, its languages and its city; nobody has wishes yet.
WEIGHTS = {
    "themes": 35_000,
    "learning": 25_000,
    "languages": 20_000,
    "time_zone": 10_000,
    "size": 10_000,
}
AT_LEAST = 40_000  # milli-points; below it an idea is no suggestion
MOST_FOR_A_CITY = 10
# Any number: two refreshes at once wait for each other.
LOCK = 20_261_124


@transaction.atomic
def refresh_suggestions(*, at: datetime) -> int:
    """Compute the suggestions of every city whose people use the portal anew; return how many there are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    seeking = Idea.objects.seeking(at.date()).select_related("organisation__city")
    ideas = list(seeking.prefetch_related("themes"))
    cities = list(City.objects.filter(pk__in=_cities_with_people()).order_by("pk"))
    found = list(_suggestions(cities, ideas, at))
    Suggestion.objects.all().delete()
    Suggestion.objects.bulk_create(found, batch_size=500)
    return len(found)


def _cities_with_people() -> Iterable[int]:
    members = Membership.objects.verified().filter(user__is_active=True, organisation__city__isnull=False)
    return members.values_list("organisation__city", flat=True)


def _suggestions(cities: Sequence[City], ideas: Sequence[Idea], at: datetime) -> Iterable[Suggestion]:
    if not (cities and ideas):
        return
    seeking = [idea.organisation.city_id for idea in ideas if idea.organisation.city_id]
    known = interests_of({*(city.pk for city in cities), *seeking})
    seekers = [_of_idea(idea, known, at) for idea in ideas]
    spoken = _spoken()
    readers = [_of_city(city, known, spoken.get(city.pk, set()), at) for city in cities]
    scores = np.where(_may_meet(cities, ideas), score_pairs(readers, seekers, WEIGHTS), 0)
    for row, city in enumerate(cities):
        fitting = (
            (ideas[column], score, criterion_points(readers[row], seekers[column], WEIGHTS, score))
            for column in np.argsort(-scores[row], kind="stable").tolist()
            if (score := int(scores[row, column])) >= AT_LEAST
        )
        about = (found for found in fitting if _has_a_subject(found[2]))
        for idea, score, points in islice(about, MOST_FOR_A_CITY):
            criteria = [asdict(part) for part in points]
            yield Suggestion(city=city, idea=idea, score=score, criteria=criteria, computed_at=at)


def _has_a_subject(points: Iterable[CriterionPoints]) -> bool:
    """Two cities with nothing but a language and a clock in common have nothing to talk about yet."""
    return any(part.criterion in SUBJECTS and part.points for part in points)


def _spoken() -> dict[int | None, set[str]]:
    """City id -> the languages that its own ideas, also earlier ones, say it works in. One query."""
    found: dict[int | None, set[str]] = {}
    for city_id, languages in Idea.objects.published().values_list("organisation__city", "languages"):
        found.setdefault(city_id, set()).update(languages)
    return found


def _of_city(city: City, known: Interests, spoken: set[str], at: datetime) -> Profile:
    profile = profile_of(city, known, at, id=f"city {city.pk}")
    languages = profile.languages | spoken
    return replace(profile, themes=profile.wants | profile.offers, languages=languages)


def _of_idea(idea: Idea, known: Interests, at: datetime) -> Profile:
    city = idea.organisation.city
    assert city is not None  # noqa: S101 said to mypy; an idea is published for a city
    themes = frozenset(theme.slug for theme in idea.themes.all())
    profile = profile_of(city, known, at, id=f"idea {idea.pk}")
    # what the idea is about counts beside what the city has said of itself
    return replace(profile, themes=themes, wants=profile.wants | themes, languages=frozenset(idea.languages))


def _may_meet(cities: Sequence[City], ideas: Sequence[Idea]) -> np.ndarray:
    """Where an idea looks in the city's country, and comes from another one."""
    return np.array(
        [
            [
                str(city.country) != str(idea.organisation.country)
                and (not idea.countries or str(city.country) in idea.countries)
                for idea in ideas
            ]
            for city in cities
        ],
        dtype=np.bool_,
    )
