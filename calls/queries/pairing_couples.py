"""Couples: two applications of a pairing call that name each other as the city they already work with."""

from calls.models import Application, Call
from calls.queries.pairing import pairable

COUPLE = "couple"
"""Key of the question; its answer is a city's slug."""


def couples_of(call: Call) -> list[tuple[Application, Application]]:
    """The couples among the applications that can be paired, the one with the lower id first.

    Both must name the other. What one side alone names is a wish, not a couple.
    """
    by_city = {row.lead.city.slug: row for row in pairable(call) if row.lead.city}
    found = []
    for slug, one in by_city.items():
        other = by_city.get(str(one.answers.get(COUPLE) or ""))
        if other and one.pk < other.pk and other.answers.get(COUPLE) == slug:
            found.append((one, other))
    return sorted(found, key=lambda pair: (pair[0].pk, pair[1].pk))
