"""The sixty applications of a cloned round, and what its reviewers think of them: the same in every run."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import product

from calls.models import Application, Call, Quota
from calls.operations.applications import save_answers, start
from calls.operations.declaring import declare_no_conflict
from calls.operations.reviewing import save_review
from calls.operations.submission import submit
from calls.queries.clock import database_now
from cooperation.accounts.models import User
from partnerships.models import City
from partnerships.models.organisation import Role
from partnerships.operations.people import add_member, register_organisation, verify_member

# Places of a quota: how many cities apply for them. With ICP's seven quotas this makes sixty.
APPLY = {14: 28, 4: 9, 1: 2, 2: 5}
LANGUAGES = {"ES": "es", "PT": "pt-br", "SE": "sv", "PL": "pl"}
WEIGHTS = (8, 7, 5)  # of relevance, exchange and capacity, for each of five points
# The last who is selected and the first who is not: 80 of 100 each, told apart by the first criterion.
LAST_IN, FIRST_OUT = (5, 5, 1), (4, 4, 4)
BELOW_PASS_MARK = (3, 3, 2)
ANSWERS = {
    "contact": "Demo Officer, international office",
    "working_languages": ["en"],
    "summary": "Demonstration: old buildings keep their warmth.",
    "themes": ["energy-transition"],
    "challenge": "Demonstration: heat is lost through old roofs.",
    "offer": "Demonstration: a register of roofs.",
    "pilots": "Demonstration: one street, measured for a year.",
    "team": [
        {"name": "Demo Officer", "function": "Unit", "side": "lead", "role": "coordinator"},
        {"name": "Demo Engineer", "function": "Unit", "side": "lead", "role": "expert"},
    ],
    "study_visits": "yes",
}

Sheet = tuple[int, int, int]


def _points(sheet: Sheet) -> int:
    return sum(weight * value for weight, value in zip(WEIGHTS, sheet, strict=True))


def _ladder() -> list[Sheet]:
    """One sheet for each total, the best first."""
    found = {_points(sheet): sheet for sheet in product(range(6), repeat=3)}
    return [found[total] for total in sorted(found, reverse=True)]


def sheets_of(quota: Quota) -> list[Sheet]:
    """What the cities of a quota are worth, the best first; the last of them is below the pass mark."""
    count = APPLY[quota.places]
    best = [sheet for sheet in _ladder() if _points(sheet) > _points(LAST_IN)]
    if count <= len(best):
        return [*best[: count - 1], BELOW_PASS_MARK]
    passed = [sheet for sheet in _ladder() if 70 <= _points(sheet) < _points(FIRST_OUT)]
    found = [*best, LAST_IN, FIRST_OUT, *passed]
    return [*found, *[BELOW_PASS_MARK] * (count - len(found))]


def largest(countries: Iterable[str], count: int) -> list[City]:
    """So many real cities without an organisation yet, the largest of each country in turn."""
    rows = City.objects.filter(organisations__isnull=True).order_by("-population", "pk")
    each = [list(rows.filter(country=country)[:count]) for country in sorted(countries)]
    turns = [city for turn in range(count) for found in each for city in found[turn : turn + 1]]
    return turns[:count]


def cities_of(quota: Quota) -> list[City]:
    return largest(quota.countries, APPLY[quota.places])


def officer(city: City, staff: User) -> tuple[User, object]:
    """A fictitious officer in a language of the portal, verified by staff, with an organisation."""
    language = LANGUAGES.get(str(city.country), "en")
    user = User.objects.create_user(f"{city.slug}@example.org", name="Demo Officer", language=language)
    lead = register_organisation(
        name=f"Municipality of {city.name}",
        kind="municipality",
        city=city,
        country=str(city.country),
        by=staff,
    )
    member = add_member(person=user, organisation=lead, role=Role.OFFICER)
    verify_member(membership=member, by=staff, at=database_now())
    return user, lead


def apply(call: Call, city: City, staff: User, at: datetime) -> Application:
    """Written and submitted at an instant of the past."""
    user, lead = officer(city, staff)
    draft = start(call=call, lead=lead, by=user, at=at - timedelta(hours=3))
    answers = {**ANSWERS, "contact_email": user.email, "title": f"Demonstration: roofs of {city.name}"}
    draft = save_answers(
        application=draft, answers=answers, version=draft.version, by=user, at=at - timedelta(hours=1)
    )
    submit(application=draft, version=None, by=user, at=at)
    draft.refresh_from_db()
    return draft


def let_cities_apply(call: Call, staff: User) -> dict[str, Sheet]:
    """Sixty cities apply in the past weeks, then the deadline passes; what each of them is worth."""
    now = database_now()
    Call.objects.filter(pk=call.pk).update(
        opens_at=now - timedelta(days=60), closes_at=now - timedelta(days=1), questions_until=None
    )
    call.refresh_from_db()
    worth: dict[str, Sheet] = {}
    for quota in call.quotas.all():
        for city, sheet in zip(cities_of(quota), sheets_of(quota), strict=True):
            at = now - timedelta(days=30, hours=-len(worth))
            worth[apply(call, city, staff, at).reference] = sheet
    return worth


def score(application: Application, by: User, sheet: Sheet) -> None:
    """A whole sheet, finished."""
    now = database_now()
    declare_no_conflict(application=application, by=by, at=now)
    criteria: Sequence[int] = list(application.call.criteria.values_list("pk", flat=True))
    save_review(
        application=application,
        scores={key: (value, "") for key, value in zip(criteria, sheet, strict=True)},
        recommendation="fund",
        comment=f"Staff read this from {by.name}.",
        feedback="Show the figures for one street.",
        version=0,
        finish=True,
        by=by,
        at=now,
    )
