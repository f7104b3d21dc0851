"""The clock of a commitment's reports. Pure: days in, states out."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.queries.report_clock import (
    Cycle,
    Filing,
    ReportState,
    Standing,
    grace_ends,
    lapses,
    next_due,
    standing,
    state_of,
    state_of_due,
    years_later,
)

JOINED = date(2015, 12, 31)
COMPACT = Cycle(joined_on=JOINED, first_years=2, every_years=2, grace_days=90, lapse_years=1)
GRANTED = Cycle(**{**COMPACT.__dict__, "grace_for": date(2017, 12, 31)})
FIRST = Filing(due_on=date(2017, 12, 31), filed_on=date(2017, 11, 2))
UNDATED = Filing(due_on=date(2017, 12, 31), filed=True)
SECOND = Filing(due_on=date(2019, 12, 31), filed_on=date(2021, 10, 31))


@pytest.mark.parametrize(
    ("filings", "due"),
    [
        ([], date(2017, 12, 31)),  # within two years of joining
        ([FIRST], date(2019, 11, 2)),  # then two years after the last one
        ([UNDATED], date(2019, 12, 31)),  # after its due day where the day of filing is not known
        ([FIRST, SECOND], date(2023, 10, 31)),
        ([FIRST, Filing(due_on=date(2019, 6, 30))], date(2019, 6, 30)),  # one that is known and not filed
    ],
)
def test_when_the_next_report_is_due(filings, due):
    assert next_due(COMPACT, filings) == due


def test_a_first_report_of_its_own_time():
    assert next_due(Cycle(joined_on=JOINED, first_years=1, every_years=3), []) == date(2016, 12, 31)
    assert next_due(Cycle(joined_on=JOINED, every_years=3), []) == date(2018, 12, 31)


@pytest.mark.parametrize("cycle", [Cycle(), Cycle(joined_on=JOINED), Cycle(every_years=2)])
def test_no_clock_no_due_day(cycle):
    assert next_due(cycle, []) is None
    assert state_of_due(None, cycle, JOINED) is ReportState.ASK


@pytest.mark.parametrize(
    ("cycle", "on", "state", "whole"),
    [
        (COMPACT, date(2017, 12, 31), ReportState.WAITING, Standing.ACTIVE),
        (COMPACT, date(2018, 1, 1), ReportState.MISSED, Standing.LATE),
        (COMPACT, date(2018, 12, 31), ReportState.MISSED, Standing.LATE),
        (COMPACT, date(2019, 1, 1), ReportState.LAPSED, Standing.LAPSED),
        (GRANTED, date(2018, 1, 1), ReportState.GRACE, Standing.GRACE),
        (GRANTED, date(2018, 3, 31), ReportState.GRACE, Standing.GRACE),
        (GRANTED, date(2018, 4, 1), ReportState.MISSED, Standing.LATE),
        (GRANTED, date(2019, 3, 31), ReportState.MISSED, Standing.LATE),
        (GRANTED, date(2019, 4, 1), ReportState.LAPSED, Standing.LAPSED),
    ],
)
def test_due_then_grace_then_late_then_lapsed(cycle, on, state, whole):
    assert state_of_due(next_due(cycle, []), cycle, on) is state
    assert standing(cycle, [], on) is whole


def test_grace_counts_for_the_report_it_was_granted_for():
    assert grace_ends(date(2017, 12, 31), GRANTED) == date(2018, 3, 31)
    assert grace_ends(date(2019, 12, 31), GRANTED) == date(2019, 12, 31)


@pytest.mark.parametrize(
    ("filing", "state"),
    [
        (FIRST, ReportState.FILED),
        (UNDATED, ReportState.FILED),
        (SECOND, ReportState.LATE),
        (Filing(date(2019, 12, 31), date(2020, 3, 30), grace_days=90), ReportState.FILED),
        (Filing(date(2019, 12, 31), date(2020, 3, 31), grace_days=90), ReportState.LATE),
    ],
)
def test_filed_in_time_or_late(filing, state):
    assert state_of(filing, COMPACT, date(2026, 11, 22)) is state


def test_filing_ends_being_late():
    late = date(2018, 6, 1)
    assert standing(COMPACT, [], late) is Standing.LATE
    assert standing(COMPACT, [Filing(date(2017, 12, 31), late)], late) is Standing.ACTIVE


def test_silence_means_nothing_where_the_city_does_not_keep_the_record():
    elsewhere = Cycle(**{**COMPACT.__dict__, "kept": False})
    assert state_of_due(date(2017, 12, 31), elsewhere, date(2026, 1, 1)) is ReportState.ASK
    assert standing(elsewhere, [], date(2026, 1, 1)) is Standing.UNKNOWN


def test_a_commitment_without_reports_is_in_force():
    assert standing(Cycle(joined_on=JOINED), [], date(2026, 1, 1)) is Standing.ACTIVE
    assert standing(Cycle(), [], date(2026, 1, 1)) is Standing.UNKNOWN


def test_without_an_end_a_missed_report_stays_late():
    endless = Cycle(joined_on=JOINED, every_years=2)
    assert lapses(date(2017, 12, 31), endless) is None
    assert standing(endless, [], date(2050, 1, 1)) is Standing.LATE


def test_leap_day_plus_a_year():
    assert years_later(date(2024, 2, 29), 1) == date(2025, 2, 28)


ORDER = [ReportState.WAITING, ReportState.GRACE, ReportState.MISSED, ReportState.LAPSED]


@given(
    due=st.dates(date(2000, 1, 1), date(2050, 1, 1)),
    grace=st.integers(0, 400),
    lapse=st.integers(1, 5),
    days=st.lists(st.integers(-800, 3000), min_size=2, max_size=6),
)
def test_time_only_makes_it_worse(due, grace, lapse, days):
    cycle = Cycle(joined_on=due, every_years=2, grace_days=grace, grace_for=due, lapse_years=lapse)
    states = [state_of_due(due, cycle, due + timedelta(days=day)) for day in sorted(days)]
    assert states == sorted(states, key=ORDER.index)
