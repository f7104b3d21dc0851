"""A call's rules tried on real cities: what each rule says about each, as if it led an application alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import prefetch_related_objects

from calls.models import Application, Call
from calls.queries.eligibility import assess_alone
from calls.queries.eligibility_terms import Vocabulary
from calls.queries.eligibility_wording import FindingText, word_finding
from partnerships.models import City

MOST_CITIES = 6  # columns that one still reads


@dataclass(frozen=True)
class Trial:
    """The cities, and one row for each rule with what it says of each city."""

    cities: Sequence[City]
    rows: list[list[FindingText]]


def try_rules(call: Call, cities: Sequence[City], on: date) -> Trial:
    """Seven queries at most, however many rules."""
    prefetch_related_objects([call], "rules")
    names = Vocabulary.current()
    columns = [
        [word_finding(finding, names) for finding in assessment.findings]
        for assessment in assess_alone(call, cities, on=on)
    ]
    return Trial(cities, [list(row) for row in zip(*columns, strict=True)])


def earlier_applicants(call: Call) -> list[City]:
    """Some of the cities that led an application in the round before, the first to have begun one."""
    rows = Application.objects.filter(call=call.predecessor_id, lead__city__isnull=False)
    found = list(rows.order_by("id").values_list("lead__city", flat=True)[: MOST_CITIES * 5])
    chosen = list(dict.fromkeys(found))[:MOST_CITIES]
    cities = City.objects.in_bulk(chosen)
    return [cities[pk] for pk in chosen]
