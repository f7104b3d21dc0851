"""Couples: two applications of a pairing call that name each other as the city they already work with."""

from calls.models import Application, Call
from calls.queries.pairing import PAIRABLE

COUPLE = "couple"
"""Key of the question; its answer is a city's slug."""


def couples_of(call: Call) -> list[tuple[Application, Application]]:
    """The couples among the applications that passed screening, the one with the lower id first.

    Both must name the other. What one side alone names is a wish, not a couple.
    """
    rows = call.applications.filter(status__in=PAIRABLE, answers__has_key=COUPLE, lead__city__isnull=False)
    by_city = {row.lead.city.slug: row for row in rows.select_related("lead__city") if row.lead.city}
    found = []
    for slug, one in by_city.items():
        other = by_city.get(str(one.answers.get(COUPLE) or ""))
        if other and one.pk < other.pk and other.answers.get(COUPLE) == slug:
            found.append((one, other))
    return sorted(found, key=lambda pair: (pair[0].pk, pair[1].pk))
