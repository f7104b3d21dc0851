"""Inputs of the two pure engines at the size of a large round: candidates of a selection, a panel's work."""

from random import Random

from calls.selection.profile import Candidate, Quota, SelectionInput, Settings
from partnerships.matching.reviewers import AssigningInput, Expert, Reviewed, Tie

COUNTRIES = ("SE", "FI", "DE", "PL", "BA", "AM")
THEMES = tuple(f"theme-{number}" for number in range(12))
LANGUAGES = ("en", "fr")


def a_selection(number: int) -> SelectionInput:
    """Candidates with two sheets each, three quotas that bind, a tenth of the places."""
    random = Random(4)
    rows = []
    for place in range(number):
        first, second = random.randint(0, 500), random.randint(0, 500)
        rows.append(
            Candidate(
                id=f"RND-{place:05d}",
                country=COUNTRIES[place % len(COUNTRIES)],
                score=first + second,
                sheets=(2 * first, 2 * second),
                criteria=tuple(random.randint(0, 10) for _criterion in range(4)),
                amount=random.randint(50_000_00, 500_000_00),
                submitted_at=f"2026-03-01T00:00:{place % 60:02d}+00:00",
            )
        )
    seats = number // 10
    quotas = (
        Quota("North", frozenset({"SE", "FI"}), seats // 4),
        Quota("Middle", frozenset({"DE", "PL"}), seats // 2),
        Quota("East", frozenset({"BA", "AM"}), seats // 2, floor=seats // 4),
    )
    return SelectionInput(
        unit=10,
        criterion_unit=2,
        criteria=("need", "plan", "team", "cost"),
        candidates=tuple(rows),
        quotas=quotas,
        settings=Settings(places=seats, salt="bench"),
    ).ordered()


def a_panel(applications: int, experts: int, wanted: int) -> AssigningInput:
    """Themes, languages, a conflict for each fifth application, loads a fifth above what is wanted."""
    random = Random(4)
    most = applications * wanted * 6 // (5 * experts)
    people = [
        Expert(
            id=f"expert-{place}@example.org",
            region=COUNTRIES[place % len(COUNTRIES)],
            themes=frozenset(random.sample(THEMES, 4)),
            languages=frozenset({"en", random.choice(LANGUAGES)}),
            minimum=most // 4,
            maximum=most,
        )
        for place in range(experts)
    ]
    rows = [
        Reviewed(
            id=f"RND-{place:05d}",
            themes=frozenset(random.sample(THEMES, 2)),
            language="fr" if place % 3 == 0 else "en",
            wanted=wanted,
        )
        for place in range(applications)
    ]
    conflicts = [Tie(row.id, random.choice(people).id) for row in rows[::5]]
    return AssigningInput(tuple(rows), tuple(people), tuple(conflicts)).ordered()
