"""The map of a page: which cities and arcs, drawn twice, for a wide page and for a phone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from partnerships.data.coastlines import Point, equal_earth
from partnerships.models import City
from partnerships.queries import cartography
from partnerships.queries.cartography import Crop, Label

WIDE = (1112, 520)  # pixels
PHONE = (354, 340)
NAMES_IN_WORDS = 12  # cities named in the text equivalent; the list names them all
SAMPLES = 24  # points on an arc that labels keep away from


@dataclass(frozen=True)
class Link:
    """An arc between two cities. `back` is drawn pale, behind the others."""

    one: City
    other: City
    talks: bool = False
    back: bool = False

    @property
    def classes(self) -> str:
        return "arc" + (" arc--talks" if self.talks else "") + (" arc--back" if self.back else "")

    @property
    def pair(self) -> str:
        """Names the two cities, whichever comes first; rows that tell of them carry it, too."""
        return "-".join(str(pk) for pk in sorted((self.one.pk, self.other.pk)))


@dataclass(frozen=True)
class Arc:
    """A drawn link: its path, its classes, the pair of cities, and both names."""

    path: str
    classes: str
    pair: str
    names: str


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    name: str
    here: bool
    talks: bool

    @property
    def classes(self) -> str:
        return "city" + (" city--here" if self.here else " city--talks" if self.talks else "")


@dataclass(frozen=True)
class Drawing:
    """One SVG: its size, the land as one path, arcs, dots and names."""

    kind: str
    width: int
    height: int
    land: str
    arcs: Sequence[Arc]
    dots: Sequence[Dot]
    labels: Sequence[Label]


@dataclass(frozen=True)
class Map:
    """Both drawings with their text equivalent."""

    drawings: Sequence[Drawing]
    words: str
    has_talks: bool


def has_place(city: City | None) -> bool:
    return city is not None and city.latitude is not None and city.longitude is not None


def place(city: City) -> Point:
    """The city on the plane; only for cities that have_place."""
    return equal_earth(city.longitude or 0.0, city.latitude or 0.0)


def draw_map(links: Iterable[Link], here: City | None = None) -> Map | None:
    """A map of the links between cities whose place is known; None when there is nothing to draw."""
    kept = list(_strongest(link for link in links if has_place(link.one) and has_place(link.other)))
    if not kept:
        return None
    cities = {city.pk: city for link in kept for city in (link.one, link.other)}
    drawings = [
        _draw("wide", WIDE, (96, 30), kept, cities, here, 40),
        _draw("phone", PHONE, (44, 26), kept, cities, here, 14),
    ]
    return Map(drawings, _words(cities.values(), here), any(link.talks for link in kept))


def _strongest(links: Iterable[Link]) -> Iterable[Link]:
    """One link a pair of cities: what is agreed hides talks, what is chosen hides what is pale."""
    best: dict[tuple[int, int], Link] = {}
    for link in links:
        key = (min(link.one.pk, link.other.pk), max(link.one.pk, link.other.pk))
        if key[0] != key[1] and (
            key not in best or (link.back, link.talks) < (best[key].back, best[key].talks)
        ):
            best[key] = link
    return sorted(best.values(), key=lambda link: not link.back)


def _draw(
    kind: str,
    size: tuple[int, int],
    margin: tuple[int, int],
    links: Sequence[Link],
    cities: Mapping[int, City],
    here: City | None,
    at_most: int,
) -> Drawing:
    places = {pk: place(city) for pk, city in cities.items()}
    ends = _ends(places, links)
    middles = [cartography.on_arc(*end, 0.5) for end in ends]
    crop = cartography.crop_around([*places.values(), *middles], *size, margin)
    dots = _dots(cities, places, links, here, crop)
    samples = [
        crop.pixels(cartography.on_arc(*end, step / SAMPLES)) for end in ends for step in range(1, SAMPLES)
    ]
    chosen = {city.name for link in links if not link.back for city in (link.one, link.other)}
    named = sorted(dots, key=lambda dot: dot.name not in chosen)  # there is not room for every name
    names = [((dot.x, dot.y), dot.name, dot.here) for dot in named]
    return Drawing(
        kind=kind,
        width=crop.width,
        height=crop.height,
        land=cartography.land_path(crop),
        arcs=[
            Arc(_arc(crop, *end), link.classes, link.pair, f"{link.one.name} – {link.other.name}")
            for end, link in zip(ends, links, strict=True)
        ],
        dots=dots,
        labels=cartography.place_labels(names, samples, crop, at_most),
    )


def _ends(places: Mapping[int, Point], links: Sequence[Link]) -> list[tuple[Point, Point, float]]:
    """Both ends of each arc and its bend; arcs that end side by side from west to east bend differently."""
    bends = cartography.BENDS
    by_end = sorted(range(len(links)), key=lambda number: places[links[number].other.pk])
    rank = {number: position for position, number in enumerate(by_end)}
    return [
        (places[link.one.pk], places[link.other.pk], bends[rank[number] % len(bends)])
        for number, link in enumerate(links)
    ]


def _dots(
    cities: Mapping[int, City],
    places: Mapping[int, Point],
    links: Sequence[Link],
    here: City | None,
    crop: Crop,
) -> list[Dot]:
    """A dot a city; the page's own city last, so that it lies on top."""
    firm = {city.pk for link in links if not link.talks for city in (link.one, link.other)}
    found = [
        Dot(*crop.pixels(places[pk]), city.name, here is not None and pk == here.pk, pk not in firm)
        for pk, city in cities.items()
    ]
    return sorted(found, key=lambda dot: dot.here)


def _arc(crop: Crop, one: Point, other: Point, bend: float) -> str:
    (x1, y1), (x2, y2) = crop.pixels(one), crop.pixels(other)
    x, y = crop.pixels(cartography.control_point(one, other, bend))
    return f"M{x1} {y1}Q{x} {y} {x2} {y2}"


def _words(cities: Iterable[City], here: City | None) -> str:
    """The map in one sentence; the list beside it has every city."""
    names = sorted(city.name for city in cities if here is None or city.pk != here.pk)
    named, more = ", ".join(names[:NAMES_IN_WORDS]), len(names) - NAMES_IN_WORDS
    if more > 0:
        named = ngettext("%(names)s and %(count)d more", "%(names)s and %(count)d more", more) % {
            "names": named,
            "count": more,
        }
    if here is not None:
        return gettext("Map with arcs from %(city)s to %(names)s.") % {"city": here.name, "names": named}
    return gettext("Map with arcs between %(names)s.") % {"names": named}
