"""The next round from the last one: everything copied, dates by whole weeks, nothing of the old touched."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from calls.access import NotAllowed
from calls.models import Call, CutOff, EligibilityRule
from calls.models.decision import Side
from calls.operations.cloning import clone_call
from calls.operations.shifting import Shift, moved_dates, shift_to
from calls.operations.status import NotPossible
from calls.queries.set_up import set_up_of
from tests.calls.desk_world import staff_person
from tests.calls.setup_world import NOW, ready_call, setter, with_quota
from tests.factories import ApplicationFactory, QuestionFactory, RuleFactory, ThemeFactory, UserFactory

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NEXT_YEAR = date(2028, 2, 2)  # a Wednesday: the Monday before is nearest
FIRST, LAST = datetime(2026, 1, 1), datetime(2030, 12, 31)  # noqa: DTZ001 - wall times


@pytest.fixture
def call(db) -> Call:
    call = ready_call(
        letters={"selected": {"en": "Come to the kick-off."}},
        pairing={"minimum_score": 30000},
        pass_mark=60,
        acceptance_days=14,
        places=2,
        review_due_at=datetime(2027, 5, 10, 10, tzinfo=UTC),
    )
    call.themes.add(ThemeFactory(slug="waste"))
    with_quota(call, minimum=1)
    QuestionFactory(
        section=call.sections.get(),
        key="letter",
        type="file",
        settings={"sort": "letter", "due_on": "2027-04-30"},
        position=3,
    )
    CutOff.objects.create(call=call, at=datetime(2027, 3, 15, 12, tzinfo=UTC), labels={"en": "First"})
    side = Side.objects.create(call=call, key="board", labels={"en": "Board", "sv": "Styrelse"})
    side.members.add(UserFactory(is_staff=True))
    call.criteria.filter(key="plan").update(threshold="2.5")
    return Call.objects.get(pk=call.pk)


def cloned(call: Call, opens_on: date = NEXT_YEAR, slug: str = "waste-2028") -> Call:
    return clone_call(call=call, slug=slug, opens_on=opens_on, by=setter(), at=NOW)


def test_everything_is_there_again_and_the_old_round_is_as_it_was(call):
    before = set_up_of(call)
    new = cloned(call)
    assert set_up_of(Call.objects.get(pk=call.pk)) == before
    assert (new.editorial, new.predecessor, new.form_version, new.last_number) == ("draft", call, 1, 0)
    assert new.published_at is None
    after = set_up_of(new)
    for part in ("texts", "rules", "criteria", "quotas", "themes", "sides"):
        assert after[part] == before[part], part
    for name in ("letters", "pairing", "pass_mark", "acceptance_days", "places", "languages", "programme_id"):
        assert after["call"][name] == before["call"][name], name


def test_dates_move_by_whole_weeks_and_keep_weekday_and_hour(call):
    new = cloned(call)
    weeks = timedelta(weeks=52)
    assert new.day_of(new.opens_at) == date(2028, 1, 31)
    for name in ("opens_at", "closes_at", "review_due_at"):
        old, moved = (getattr(row, name).astimezone(STOCKHOLM).replace(tzinfo=None) for row in (call, new))
        assert moved - old == weeks, name
    assert new.closes_at.astimezone(STOCKHOLM).strftime("%A %H:%M") == "Monday 23:59"
    assert new.milestones.get().planned_on == date(2027, 6, 21) + weeks
    assert new.cut_offs.get().at.astimezone(STOCKHOLM).strftime("%A %H:%M") == "Monday 13:00"
    letter = new.sections.get().questions.get(key="letter")
    assert letter.settings == {"sort": "letter", "due_on": "2028-04-28"}


def test_what_happened_is_planned_anew(call):
    call.milestones.update(planned_on=None, actual_on=date(2027, 6, 21))
    new = cloned(call)
    milestone = new.milestones.get()
    assert (milestone.planned_on, milestone.actual_on) == (date(2028, 6, 19), None)
    assert "had no planned day" in str(moved_dates(call, shift_to(call, NEXT_YEAR)))


def test_only_the_newest_form_and_the_rules_in_force_are_copied(call):
    Call.objects.update(form_version=2)
    section = call.sections.create(key="new", titles={"en": "New"}, version=2)
    QuestionFactory(section=section, key="only")
    RuleFactory(call=call, superseded_at=NOW)
    call.refresh_from_db()
    new = cloned(call)
    assert list(new.sections.values_list("version", "questions__key")) == [(1, "only")]
    assert EligibilityRule.every.filter(call=new).count() == 1


def test_a_time_that_the_clock_skips_becomes_the_next_one_and_is_said(call):
    # 28 March 2027 and 26 March 2028 are the Sundays of the change; 02:30 exists a week before
    Call.objects.update(opens_at=datetime(2027, 3, 21, 1, 30, tzinfo=UTC), questions_until=None)
    call.refresh_from_db()
    shift = shift_to(call, date(2027, 3, 28))
    assert shift.weeks == 1
    moved, gave_way = shift.moment(call.opens_at, call.zone)
    assert (moved.astimezone(STOCKHOLM).strftime("%H:%M"), gave_way) == ("03:00", True)
    assert "next time that exists" in moved_dates(call, shift)[0].note


@given(st.datetimes(FIRST, LAST), st.integers(-60, 120))
def test_the_wall_clock_stays_or_gives_way_by_an_hour_at_most(wall, weeks):
    moment = wall.replace(tzinfo=STOCKHOLM).astimezone(UTC)
    local = moment.astimezone(STOCKHOLM).replace(tzinfo=None)
    moved, gave_way = Shift(weeks, date.min, date.min).moment(moment, "Europe/Stockholm")
    after = moved.astimezone(STOCKHOLM).replace(tzinfo=None)
    late = after - local - timedelta(weeks=weeks)
    assert timedelta(0) <= late <= timedelta(hours=1)
    assert bool(late) == gave_way
    assert after.weekday() == local.weekday()


def test_the_words_of_the_shift(call):
    assert (
        shift_to(call, date(2028, 1, 31)).words == "Every date moves by 52 weeks, so that its weekday stays."
    )
    assert "31 January 2028, the day nearest to 2 February 2028" in shift_to(call, NEXT_YEAR).words


@pytest.mark.parametrize(
    ("opens_on", "slug", "words"),
    [
        (date(2026, 1, 5), "waste-2028", "opened already"),
        (NEXT_YEAR, "waste-2027", "address of another call"),
        (date(9999, 1, 1), "waste-2028", "Choose a year"),
        (date(1, 1, 1), "waste-2028", "Choose a year"),
    ],
)
def test_what_is_refused(call, opens_on, slug, words):
    with pytest.raises(NotPossible, match=words):
        cloned(call, opens_on, slug)
    assert Call.objects.count() == 1


def test_staff_who_only_read_clone_nothing(call):
    with pytest.raises(NotAllowed):
        clone_call(call=call, slug="x", opens_on=NEXT_YEAR, by=staff_person("reader@example.org"), at=NOW)
    assert Call.objects.count() == 1


def test_the_page_shows_the_dates_and_then_creates_the_draft(call, client: Client):
    client.force_login(setter())
    page = reverse("admin:calls_call_clone", args=[call.pk])
    shown = client.get(page, {"opens_on": "2028-02-02", "slug": "waste-2028"}).content.decode()
    assert "Monday, 10 April 2028, 23:59 Stockholm" in shown
    assert Call.objects.count() == 1
    response = client.post(page, {"opens_on": "2028-02-02", "slug": "waste-2028"})
    new = Call.objects.get(slug="waste-2028")
    assert response["Location"] == reverse("admin:calls_call_setup", args=[new.pk])
    again = client.post(page, {"opens_on": "2028-02-02", "slug": "waste-2028"})
    assert (again.status_code, Call.objects.count()) == (422, 2)
    reader = staff_person("reader@example.org")
    client.force_login(reader)
    assert client.post(page, {"opens_on": "2028-02-02", "slug": "waste-2029"}).status_code == 403


@pytest.mark.parametrize(
    "fields",
    [
        {"opens_on": "never", "slug": "a"},
        {"opens_on": "0001-01-01", "slug": "a"},
        {"opens_on": "9999-12-31", "slug": "a"},
        {"opens_on": "2028-02-02", "slug": "a b"},
        {"opens_on": "2028-02-02", "slug": "\x00"},
        {"opens_on": "\x00", "slug": "x" * 500},
        {},
    ],
)
def test_bad_input_is_refused_in_words(call, client: Client, fields):
    client.force_login(setter())
    page = reverse("admin:calls_call_clone", args=[call.pk])
    for response in (client.post(page, fields), client.get(page, fields)):
        assert response.status_code in ({400, 422} if fields else {422, 200})
    assert Call.objects.count() == 1


@pytest.mark.parametrize("count", [1, 3, 20])
def test_the_preview_takes_no_more_queries_for_a_longer_call(
    call, client: Client, count, django_assert_max_num_queries
):
    client.force_login(setter())
    for number in range(count):
        call.milestones.create(key=f"m{number}", labels={"en": "M"}, planned_on=date(2027, 7, 1))
        QuestionFactory(section=call.sections.get(), settings={"due_on": "2027-05-01"}, type="file")
        RuleFactory(call=call)
    ApplicationFactory(call=call)
    with django_assert_max_num_queries(21):
        assert client.get(reverse("admin:calls_call_clone", args=[call.pk])).status_code == 200
