"""Quotas of a draft: places that exist, for cities that exist, in groups that do not cross."""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from django.db.models import Count
from django.utils.translation import gettext as _

from calls.models import Quota
from calls.models.call import CallKind
from calls.queries.eligible_cities import eligible_cities
from calls.queries.preflight.material import Material, Point, look, stop
from partnerships.models import City

SIDES = ("home", "abroad")


def quotas(material: Material) -> Iterator[Point]:
    """Sums, floors, crossing groups, and the two sides of a pairing."""
    yield from _sums(material)
    yield from _crossing(material)
    yield from _floors(material)
    if material.call.kind == CallKind.PAIRING:
        yield from _sides(material)


def outer(rows: list[Quota]) -> list[Quota]:
    """Quotas that lie in no other: of nested ones the outer counts."""
    return [row for row in rows if not any(_within(row, other) for other in rows if other.pk != row.pk)]


def _within(row: Quota, other: Quota) -> bool:
    inner, around = set(row.countries), set(other.countries)
    if row.side != other.side or not inner <= around:
        return False
    return inner < around or row.pk > other.pk  # of two for the same countries, the first is the outer


def _sums(material: Material) -> Iterator[Point]:
    places, rows = material.call.places, outer(material.quotas)
    if not rows or places is None:
        return
    total, floors = sum(row.places for row in rows), sum(row.minimum for row in rows)
    if floors > places:
        about = {"floors": floors, "places": places}
        text = _("Quotas promise %(floors)s places at least, but the call has %(places)s.")
        yield stop("quotas", text % about)
    if total != places:
        about = {"total": total, "places": places}
        yield look("quotas", _("Quotas hold %(total)s places, and the call has %(places)s.") % about)


def _crossing(material: Material) -> Iterator[Point]:
    for one, other in combinations(material.quotas, 2):
        first, second = set(one.countries), set(other.countries)
        both = first & second
        if one.side == other.side and both and not (first <= second or second <= first):
            about = {"one": one, "other": other, "countries": ", ".join(sorted(both))}
            text = _("“%(one)s” and “%(other)s” share %(countries)s, and neither lies within the other.")
            yield stop("quotas", text % about, other.pk)


def _floors(material: Material) -> Iterator[Point]:
    wanted = [row for row in material.quotas if row.minimum]
    if not wanted or not City.objects.exists():
        return
    on = material.call.day_of(material.at)
    rows = eligible_cities(material.call, on).order_by().values_list("country")
    there = Counter(dict(rows.annotate(Count("pk"))))
    for quota in wanted:
        count = sum(there[code] for code in quota.countries)
        if count < quota.minimum:
            about = {"quota": quota, "minimum": quota.minimum, "count": count}
            text = _("“%(quota)s” wants %(minimum)s cities at least, but %(count)s there can apply.")
            yield stop("quotas", text % about, quota.pk)


def _sides(material: Material) -> Iterator[Point]:
    places = {side: sum(row.places for row in outer(material.quotas) if row.side == side) for side in SIDES}
    if not any(places.values()):
        yield look(
            "quotas", _("A pairing takes its two sides from the quotas: without them it finds no pair.")
        )
    elif not all(places.values()):
        yield stop("quotas", _("A pairing needs quotas on both sides, at home and abroad."))
    elif len(set(places.values())) > 1:
        about = {"home": places["home"], "abroad": places["abroad"]}
        text = _("%(home)s places at home and %(abroad)s abroad: some stay without a pair.")
        yield look("quotas", text % about)
