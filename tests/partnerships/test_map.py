"""The drawn map: projection, land, arcs that bend upward, labels that keep apart."""

import re

import pytest

from partnerships.data.coastlines import equal_earth, land_rings, unwrapped
from partnerships.models import City
from partnerships.queries import cartography
from partnerships.queries.cartography import choices, crop_around, overlap
from partnerships.queries.map import PHONE, WIDE, Link, draw_map

EUROPE = {
    "Turin": (7.7, 45.1),
    "Nice": (7.3, 43.7),
    "Barcelona": (2.2, 41.4),
    "Milan": (9.2, 45.5),
    "Genoa": (8.9, 44.4),
}


def city(number: int, name: str, longitude: float | None, latitude: float | None) -> City:
    return City(pk=number, name=name, longitude=longitude, latitude=latitude)


def rosario_links(**kwargs) -> tuple[City, list[Link]]:
    here = city(1, "Rosario", -60.6, -32.9)
    return here, [
        Link(here, city(number, name, *place), **kwargs)
        for number, (name, place) in enumerate(EUROPE.items(), start=2)
    ]


def test_projection_agrees_with_the_published_extent():
    # Šavrič, Patterson, Jenny (2018): the sphere is 5.41326 by 2.63473 units
    assert equal_earth(180, 0)[0] == pytest.approx(2.70663, abs=1e-5)
    assert equal_earth(0, 90)[1] == pytest.approx(-1.31736, abs=1e-5)
    assert equal_earth(0, 0) == (0, 0)


def test_rings_do_not_jump_at_the_date_line():
    assert unwrapped([(170, 66), (179, 67), (-179, 66)]) == [(170, 66), (179, 67), (181, 66)]
    for ring in land_rings():
        assert max(x for x, _ in ring) - min(x for x, _ in ring) < 3.5


def test_land_lines_stay_inside_the_frame_and_the_sea_is_empty():
    crop = crop_around([equal_earth(-120, -30), equal_earth(100, 60)], 1112, 520, (20, 20))
    pieces = re.findall(r"M(\d+) (\d+)h(\d+)", cartography.land_path(crop))
    assert len(pieces) > 300
    for left, row, length in (map(int, piece) for piece in pieces):
        assert 0 <= left <= left + length <= crop.width
        assert 0 <= row <= crop.height
    pacific = crop_around([equal_earth(-130, -20), equal_earth(-125, -22)], 300, 100, (1, 1))
    assert cartography.land_path(pacific).count("M") < 5


def test_arcs_bend_upward_both_ways():
    one, other = (0.0, 0.0), (1.0, 0.0)
    assert cartography.control_point(one, other, 0.2)[1] < 0
    assert cartography.control_point(other, one, 0.2)[1] < 0


def test_both_drawings_show_every_city_within_the_frame():
    here, links = rosario_links()
    drawn = draw_map(links, here)
    assert [(drawing.kind, drawing.width) for drawing in drawn.drawings] == [
        ("wide", WIDE[0]),
        ("phone", PHONE[0]),
    ]
    for drawing in drawn.drawings:
        assert len(drawing.dots) == 6
        assert drawing.dots[-1].classes == "city city--here"
        assert all(0 < dot.x < drawing.width and 0 < dot.y < drawing.height for dot in drawing.dots)


def test_names_never_cover_each_other():
    here, links = rosario_links()
    for drawing in draw_map(links, here).drawings:
        dots = {dot.name: (dot.x, dot.y) for dot in drawing.dots}
        boxes = [
            box
            for label in drawing.labels
            for option, box in choices(dots[label.text], label.text, label.here)
            if option == label
        ]
        assert len(boxes) >= 5
        assert not any(
            overlap(one, other) for number, one in enumerate(boxes) for other in boxes[number + 1 :]
        )


def test_agreement_hides_talks_between_the_same_cities():
    one, other = city(1, "Ale", 12, 58), city(2, "Nice", 7, 43)
    drawn = draw_map([Link(one, other, talks=True), Link(other, one)])
    assert [arc.classes for arc in drawn.drawings[0].arcs] == ["arc"]
    assert not drawn.has_talks


def test_talks_are_dashed_and_their_city_is_hollow():
    here, links = rosario_links(talks=True)
    drawing = draw_map(links, here).drawings[0]
    assert {arc.classes for arc in drawing.arcs} == {"arc arc--talks"}
    assert {dot.classes for dot in drawing.dots} == {"city city--talks", "city city--here"}


def test_no_places_no_map():
    assert draw_map([]) is None
    assert draw_map([Link(city(1, "Here", None, None), city(2, "There", 1, 1))]) is None


def test_words_name_the_cities_and_count_the_rest():
    here, links = rosario_links()
    assert draw_map(links, here).words == (
        "Map with arcs from Rosario to Barcelona, Genoa, Milan, Nice, Turin."
    )
    many = [Link(here, city(number, f"City {number:02}", number, number)) for number in range(2, 20)]
    assert draw_map(many, here).words.endswith("City 13 and 6 more.")


def test_two_cities_at_one_place_are_no_error():
    drawn = draw_map([Link(city(1, "Ale", 12, 58), city(2, "Ale again", 12, 58))])
    assert len(drawn.drawings[0].dots) == 2
