"""Wall-clock times on both hemispheres: hours that are skipped, hours that come twice."""

from datetime import UTC, datetime

import pytest

from calls.operations.status import NotPossible
from calls.operations.wall_clock import RepeatedTime, SkippedTime, fold_of, instant

# Stockholm changes at 02:00 and 03:00; Santiago and Asunción at midnight, where deadlines like to be.
STOCKHOLM, SANTIAGO, ASUNCION = "Europe/Stockholm", "America/Santiago", "America/Asuncion"


def wall(words: str) -> datetime:
    return datetime.fromisoformat(words)


def test_a_wall_clock_time_is_an_instant_of_its_zone():
    found = instant(wall("2026-12-15T23:59"), STOCKHOLM)
    assert found == datetime(2026, 12, 15, 22, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "zone", "before", "after"),
    [
        ("2027-03-28T02:30", STOCKHOLM, "2027-03-28 01:59", "2027-03-28 03:00"),
        ("2027-03-28T02:00", STOCKHOLM, "2027-03-28 01:59", "2027-03-28 03:00"),
        ("2027-09-05T00:30", SANTIAGO, "2027-09-04 23:59", "2027-09-05 01:00"),
        ("2023-10-01T00:00", ASUNCION, "2023-09-30 23:59", "2023-10-01 01:00"),
    ],
)
def test_a_skipped_time_is_refused_with_the_times_around_it(words, zone, before, after):
    with pytest.raises(SkippedTime) as refusal:
        instant(wall(words), zone)
    assert [f"{moment:%Y-%m-%d %H:%M}" for moment in refusal.value.around] == [before, after]
    assert f"does not exist in {zone}" in str(refusal.value)
    assert f"{before} and {after}" in str(refusal.value)


@pytest.mark.parametrize("fold", [0, 1])
def test_a_skipped_time_stays_skipped_whichever_is_chosen(fold):
    with pytest.raises(SkippedTime):
        instant(wall("2027-03-28T02:30"), STOCKHOLM, fold=fold)


@pytest.mark.parametrize(
    ("words", "zone", "first", "second"),
    [
        ("2027-10-31T02:30", STOCKHOLM, "2027-10-31T00:30", "2027-10-31T01:30"),
        ("2027-04-03T23:59", SANTIAGO, "2027-04-04T02:59", "2027-04-04T03:59"),
        ("2024-03-23T23:30", ASUNCION, "2024-03-24T02:30", "2024-03-24T03:30"),
    ],
)
def test_a_time_that_comes_twice_is_the_one_that_is_chosen(words, zone, first, second):
    with pytest.raises(RepeatedTime, match="Choose the first or the second") as both:
        instant(wall(words), zone)
    chosen = [instant(wall(words), zone, fold=fold) for fold in (0, 1)]
    assert chosen == [wall(moment).replace(tzinfo=UTC) for moment in (first, second)]
    assert [moment.astimezone(UTC) for moment in both.value.instants] == chosen
    assert [fold_of(moment, zone) for moment in chosen] == [0, 1]


@pytest.mark.parametrize("words", ["2027-10-31T01:59", "2027-10-31T03:00", "2027-03-28T03:00"])
def test_times_beside_the_change_are_plain(words):
    assert instant(wall(words), STOCKHOLM) == instant(wall(words), STOCKHOLM, fold=1)


@pytest.mark.parametrize(
    "words", ["0001-01-01T00:00", "1999-12-31T23:59", "2101-01-01T00:00", "9999-12-31T23:59"]
)
def test_years_that_are_slips_are_refused(words):
    with pytest.raises(NotPossible, match="Choose a year"):
        instant(wall(words), SANTIAGO)
