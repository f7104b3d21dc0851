"""Tables of fictitious applications: budgets that add up, plans with dates, teams of invented people."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from calls.models import Question
from calls.models.form import QuestionType
from calls.queries.parties import LEAD
from calls.queries.table_columns import AMOUNT, ONLINE
from partnerships.models import City

SHARES = (40, 25, 20, 15)  # percent of a sum in each line of a budget
APART = timedelta(days=75)  # from one activity to the next
LASTS = timedelta(days=4)
FIRST = ("Alma", "Jonas", "Naledi", "Marek", "Ines", "Tomás", "Lerato", "Viktor", "Amina", "Stella")
LAST = ("Berg", "Okoro", "Lindahl", "Salcedo", "Novak", "Moilwa", "Prates", "Aldana")
POLITICIANS = frozenset({"politician_majority", "politician_opposition"})

Row = dict[str, str]


@dataclass(frozen=True)
class Cast:
    """Who takes part, what is asked for, and the words for lines and activities by their category."""

    parties: Mapping[str, City]
    amount: int
    total_cost: int
    begins: date
    words: Mapping[str, str]

    @property
    def sides(self) -> list[str]:
        return list(self.parties)


def cast(lead: City, partners: Sequence[City], row: Mapping[str, Any], begins: date, words: Any) -> Cast:
    """The cast of one application of the file."""
    parties = {LEAD: lead} | {city.slug: city for city in partners}
    amount = row.get("amount", 0)
    return Cast(parties, amount, row.get("total_cost", amount), begins, words)


def table_rows(question: Question, told: Cast) -> list[Row]:
    """The rows of a table question."""
    if question.type == QuestionType.BUDGET:
        return _budget(question.settings, told)
    if question.type == QuestionType.ACTIVITIES:
        return list(_activities(question.settings, told))
    return list(_team(question.settings, told))


def _budget(settings: Mapping[str, Any], told: Cast) -> list[Row]:
    """Grant and own contribution, each spread over the lines; the last line takes what is left."""
    if not told.amount:
        return []
    sums = {
        source["value"]: told.amount if source["role"] == "grant" else told.total_cost - told.amount
        for source in settings["sources"]
        if source["role"] in ("grant", "own")
    }
    spread = {source: _spread(amount) for source, amount in sums.items() if amount}
    return [
        {
            "category": category["value"],
            "what": told.words.get(category["value"], category["value"]),
            "party": told.sides[place % len(told.sides)],
            **{AMOUNT + source: str(amounts[place]) for source, amounts in spread.items()},
        }
        for place, category in enumerate(settings["categories"][: len(SHARES)])
    ]


def _spread(amount: int) -> list[int]:
    parts = [amount * share // 100 for share in SHARES[:-1]]
    return [*parts, amount - sum(parts)]


def _activities(settings: Mapping[str, Any], told: Cast) -> Iterator[Row]:
    places = [*told.sides[::-1], ONLINE]
    for number, kind in enumerate(settings["kinds"]):
        begins = told.begins + APART * number
        yield {
            "what": told.words.get(kind["value"], kind["value"]),
            "kind": kind["value"],
            "where": places[number % len(places)],
            "from": begins.isoformat(),
            "to": (begins + LASTS).isoformat(),
        }


def _team(settings: Mapping[str, Any], told: Cast) -> Iterator[Row]:
    roles = [role["value"] for role in settings["roles"]]
    officials = 2 if POLITICIANS & set(roles) else 3
    for place, side in enumerate(told.sides):
        seed = told.parties[side].pk + place
        named = [role for role in roles for _n in range(officials if role == "official" else 1)]
        # A coordinator besides the officials is optional, and the invented teams have none.
        wanted = [role for role in named if not (role == "coordinator" and "official" in roles)]
        for number, role in enumerate(wanted):
            first = FIRST[(seed + number) % len(FIRST)]
            last = LAST[(seed // 3 + number * 3) % len(LAST)]
            yield {
                "name": f"{first} {last}",
                "function": told.words.get(role, role),
                "side": side,
                "role": role,
                "email": f"{first}.{last}.{number}@example.org".lower().replace("á", "a"),
            }
