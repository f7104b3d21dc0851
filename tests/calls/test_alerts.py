"""What saved searches tell, when, and never twice."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from calls.models import Alert, AlertNews, Call, CallText
from calls.models.alert import Frequency
from calls.models.call import Editorial
from calls.operations.alert_looking import look_for_news
from calls.operations.alert_relevance import news_matters
from calls.operations.alert_telling import tell_news
from calls.operations.alerts import (
    change_alert,
    delete_alert,
    pause_alert,
    resume_alert,
    save_search,
    unsubscribe,
)
from calls.operations.status import NotPossible
from calls.queries.saved_searches import Search, calls_of_search
from cooperation.notifications.models import Message
from tests.calls.alert_world import (
    DAY,
    MONDAY_SEVEN,
    TUESDAY,
    call_of,
    coordinator,
    saved,
    subjects,
    sweep,
)
from tests.factories import CityFactory, RuleFactory, ThemeFactory, UserFactory

pytestmark = pytest.mark.django_db
INSTANT, DAILY, WEEKLY, NONE = Frequency.INSTANT, Frequency.DAILY, Frequency.WEEKLY, Frequency.NONE
HOUR = timedelta(hours=1)


def test_what_is_there_at_the_beginning_is_no_news():
    call_of("before")
    saved(coordinator(), INSTANT)
    assert sweep(TUESDAY + HOUR) == 0
    call_of("after", opens=TUESDAY + HOUR, published_at=TUESDAY + HOUR)
    assert sweep(TUESDAY + 2 * HOUR) == 1
    assert sweep(TUESDAY + 3 * HOUR) == 0
    assert subjects() == ["1 new call: all calls"]


def test_a_weekly_digest_leaves_on_monday_at_seven_of_the_readers_clock():
    saved(coordinator(), WEEKLY)
    for day in range(3):
        call_of(f"call-{day}", opens=TUESDAY + day * DAY, published_at=TUESDAY + day * DAY + HOUR)
        assert sweep(TUESDAY + day * DAY + 2 * HOUR) == 0
    assert sweep(MONDAY_SEVEN - timedelta(seconds=1)) == 0
    assert sweep(MONDAY_SEVEN) == 1
    assert sweep(MONDAY_SEVEN + DAY) == 0
    assert subjects() == ["3 new calls: all calls"]


def test_nothing_new_no_mail():
    saved(coordinator(), WEEKLY)
    saved(coordinator(email="b@example.org"), DAILY)
    for day in range(15):
        assert sweep(TUESDAY + day * DAY) == 0
    assert not Message.objects.exists()


def test_after_weeks_without_a_beat_there_is_one_digest():
    saved(coordinator(), DAILY)
    for week in range(1, 4):
        call_of(f"call-{week}", opens=TUESDAY + week * 7 * DAY, published_at=TUESDAY + week * 7 * DAY)
    late = TUESDAY + 30 * DAY
    assert sweep(late) == 1
    assert sweep(late + HOUR) == 0
    assert subjects() == ["3 new calls: all calls"]


def test_what_was_published_on_sunday_is_told_on_monday_although_nobody_looked():
    """The beat was away from Friday until Monday noon: the digest does not wait another week."""
    saved(coordinator(), WEEKLY)
    call_of("sunday", opens=MONDAY_SEVEN - DAY, published_at=MONDAY_SEVEN - DAY)
    assert sweep(MONDAY_SEVEN + 5 * HOUR) == 1


def test_what_is_published_after_the_slot_waits_for_the_next():
    saved(coordinator(), WEEKLY)
    sweep(MONDAY_SEVEN)
    call_of("late", opens=MONDAY_SEVEN + HOUR, published_at=MONDAY_SEVEN + HOUR)
    assert sweep(MONDAY_SEVEN + 2 * HOUR) == 0
    assert sweep(MONDAY_SEVEN + 7 * DAY) == 1


def test_a_forthcoming_call_is_told_when_it_opens_and_a_moved_deadline_to_those_who_know_it():
    reader = coordinator()
    alert = saved(reader, INSTANT)
    call = call_of("later", opens=TUESDAY + 10 * DAY, published_at=TUESDAY + HOUR)
    sweep(TUESDAY + 2 * HOUR)
    assert sweep(TUESDAY + 10 * DAY) == 1
    Call.objects.filter(pk=call.pk).update(closes_at=call.closes_at + DAY)
    assert sweep(TUESDAY + 11 * DAY) == 1
    Call.objects.filter(pk=call.pk).update(closes_at=call.closes_at)
    assert sweep(TUESDAY + 12 * DAY) == 1
    Call.objects.filter(pk=call.pk).update(closes_at=call.closes_at + DAY)
    assert sweep(TUESDAY + 13 * DAY) == 1
    assert subjects() == [
        "1 new call: all calls",
        "1 call opened: all calls",
        *["1 moved deadline: all calls"] * 3,
    ]
    assert AlertNews.objects.filter(alert=alert, told_at=None).count() == 0


def test_a_deadline_that_moved_back_before_the_digest_is_not_told():
    call = call_of("known")
    saved(coordinator(), WEEKLY)
    Call.objects.filter(pk=call.pk).update(closes_at=call.closes_at + DAY)
    look_for_news(at=TUESDAY + HOUR)
    Call.objects.filter(pk=call.pk).update(closes_at=call.closes_at)
    assert sweep(MONDAY_SEVEN) == 0
    assert not AlertNews.objects.filter(told_at=None).exists()


def test_a_call_that_changed_before_it_was_told_is_told_once_as_it_is():
    saved(coordinator(), WEEKLY)
    call = call_of("new", opens=TUESDAY + DAY, published_at=TUESDAY + HOUR)
    look_for_news(at=TUESDAY + 2 * HOUR)
    Call.objects.filter(pk=call.pk).update(closes_at=call.closes_at + DAY)
    look_for_news(at=TUESDAY + 2 * DAY)
    assert sweep(MONDAY_SEVEN) == 1
    assert subjects() == ["1 new call: all calls"]
    assert sweep(MONDAY_SEVEN + 7 * DAY) == 0


def test_closed_and_archived_calls_lapse():
    saved(coordinator(), WEEKLY)
    soon = call_of("soon", opens=TUESDAY, closes=TUESDAY + 2 * DAY, published_at=TUESDAY + HOUR)
    gone = call_of("gone", opens=TUESDAY, published_at=TUESDAY + HOUR)
    look_for_news(at=TUESDAY + 2 * HOUR)
    assert AlertNews.objects.filter(call__in=[soon, gone]).count() == 2
    Call.objects.filter(pk=gone.pk).update(editorial=Editorial.ARCHIVED)
    assert sweep(MONDAY_SEVEN) == 0
    assert not AlertNews.objects.exists()


def test_a_mail_lapses_when_its_calls_close_or_its_alert_ends_before_it_is_sent():
    alert = saved(coordinator(), INSTANT)
    call = call_of("new", opens=TUESDAY + HOUR, closes=TUESDAY + 3 * DAY, published_at=TUESDAY + HOUR)
    sweep(TUESDAY + 2 * HOUR)
    about = Message.objects.get().about
    assert about["calls"] == [call.pk]
    assert news_matters(about, TUESDAY + DAY)
    assert not news_matters(about, TUESDAY + 3 * DAY)
    unsubscribe(secret=alert.secret, at=TUESDAY + 2 * HOUR)
    assert not news_matters(about, TUESDAY + DAY)


def test_a_call_that_comes_to_match_is_news_and_only_for_the_searches_it_matches():
    water, youth = ThemeFactory(slug="water"), ThemeFactory(slug="youth")
    reader = coordinator()
    saved(reader, INSTANT, theme=("water",))
    saved(reader, INSTANT, theme=("youth",))
    call = call_of("changing", published_at=TUESDAY - DAY)
    call.themes.set([youth])
    assert sweep(TUESDAY + HOUR) == 1
    call.themes.add(water)
    assert sweep(TUESDAY + 2 * HOUR) == 1
    assert subjects() == ["1 new call: youth", "1 new call: water"]


def test_a_status_that_comes_with_time_is_news():
    saved(coordinator(), INSTANT, status=("closing",))
    call_of("closing", opens=TUESDAY - 10 * DAY, closes=TUESDAY + 10 * DAY)
    assert sweep(TUESDAY + HOUR) == 0
    assert sweep(TUESDAY + 3 * DAY + HOUR) == 1


def test_only_calls_that_the_city_may_lead_are_news_and_the_mail_says_why():
    CityFactory(name="Ale", slug="ale")
    saved(coordinator(), INSTANT, city="ale")
    for slug, country in (("swedish", "SE"), ("polish", "PL")):
        call = call_of(slug, opens=TUESDAY + HOUR, published_at=TUESDAY + HOUR)
        RuleFactory(call=call, kind="lead_country", parameters={"countries": [country]})
    assert sweep(TUESDAY + 2 * HOUR) == 1
    mail = Message.objects.get()
    assert mail.subject == "1 new call: Ale"
    assert "Call swedish" in mail.body
    assert "Call polish" not in mail.body
    assert "Why it is here: Ale can apply." in mail.body


def test_the_mail_names_three_clocks_the_search_and_its_one_ending():
    alert = saved(coordinator(time_zone="America/Bogota"), INSTANT, q="call")
    call_of(
        "new", opens=TUESDAY, closes=datetime(2027, 1, 15, 22, 59, tzinfo=UTC), published_at=TUESDAY + HOUR
    )
    sweep(TUESDAY + 2 * HOUR)
    mail = Message.objects.get()
    for clock in ("15 January 2027, 23:59 Stockholm", "15 January 2027, 17:59 Bogota", "22:59 UTC"):
        assert clock in mail.body
    assert "Open or forthcoming calls with the words “call”. Within minutes, in English." in mail.body
    assert mail.unsubscribe_path == f"/alerts/stop/{alert.secret}/"
    assert len(alert.secret) >= 43


def test_pausing_deleting_and_a_calendar_alone_send_nothing_and_collect_nothing():
    reader = coordinator()
    paused, silent, ended = (saved(reader, INSTANT, q=word) for word in ("a", "b", "c"))
    pause_alert(alert=paused, by=reader, at=TUESDAY)
    change_alert(alert=silent, name="Quiet", frequency=NONE, by=reader, at=TUESDAY)
    delete_alert(alert=ended, by=reader, at=TUESDAY)
    CallText.objects.filter(call=call_of("abc", published_at=TUESDAY + HOUR)).update(summary="a b c")
    assert sweep(TUESDAY + 2 * HOUR) == 0
    resume_alert(alert=paused, by=reader, at=TUESDAY + 3 * HOUR)
    change_alert(alert=silent, name="", frequency=INSTANT, by=reader, at=TUESDAY + 3 * HOUR)
    assert sweep(TUESDAY + 4 * HOUR) == 0
    with pytest.raises(NotPossible):
        resume_alert(alert=ended, by=reader, at=TUESDAY)


def test_a_suspended_reader_is_told_nothing():
    saved(coordinator(is_active=True), INSTANT)
    Alert.objects.get().owner.__class__.objects.update(is_active=False)
    call_of("new", opens=TUESDAY + HOUR, published_at=TUESDAY + HOUR)
    assert sweep(TUESDAY + 2 * HOUR) == 0


def test_the_same_search_is_the_same_row_however_it_is_written():
    reader = coordinator()
    first = Search.of({"q": " Water  USE", "status": ["open", "later"]}, None)
    again = Search.of({"q": "water use", "status": ["later", "open", "open"]}, None)
    assert first.query == again.query
    assert Search.read(first.query) == first
    _alert, new = save_search(search=first, by=reader, at=TUESDAY)
    _same, newer = save_search(search=again, by=reader, at=TUESDAY)
    assert (new, newer) == (True, False)
    assert Alert.objects.count() == 1


def test_a_search_for_closed_calls_alone_is_refused_and_so_is_the_fifty_first():
    reader = coordinator()
    with pytest.raises(NotPossible, match="Closed calls bring no news"):
        saved(reader, status=("closed",))
    Alert.objects.bulk_create(
        Alert(owner=reader, query=f"q={n}", created_at=TUESDAY, confirmed_at=TUESDAY) for n in range(50)
    )
    with pytest.raises(NotPossible, match="50 alerts"):
        saved(reader)


def test_a_search_finds_what_the_list_shows(client):
    """Two ways to the same calls: the filters of the page, and the kept search."""
    now, theme = timezone.now(), ThemeFactory(slug="water")
    for number, slug in enumerate(("one", "two", "three", "over")):
        kind, closes = ("training" if number == 1 else "funding"), (-DAY if slug == "over" else 30 * DAY)
        call = call_of(slug, kind=kind, opens=now - 9 * DAY, closes=now + closes)
        call.themes.set([theme] if number != 2 else [])
        RuleFactory(call=call, kind="partner_country", parameters={"countries": ["BW", "PE"][number % 2 :]})
    programme = Call.objects.get(slug="one").programme.slug
    for query, number in {
        "": 4,
        "theme=water": 3,
        "kind=training": 1,
        "region=africa&kind=funding": 2,
        "q=call+three": 1,
        "status=closed": 1,
        "status=open&theme=water": 2,
        f"programme={programme}": 1,
    }.items():
        page = client.get(f"/calls/?{query}")
        shown = {row["call"].slug for group in page.context["groups"] for row in group["rows"]}
        found = {call.slug for call in calls_of_search(Alert(query=page.context["kept"]), now)}
        assert found == shown, query
        assert len(found) == number, query


@pytest.mark.parametrize("rows", [1, 3, 20])
def test_looking_costs_the_same_for_any_number_of_readers_and_calls(django_assert_num_queries, rows):
    for reader in range(rows):
        saved(UserFactory(email=f"r{reader}@example.org"), INSTANT, q="call", kind=("funding",))
    for number in range(rows):
        call_of(f"new-{number}", opens=TUESDAY + HOUR, published_at=TUESDAY + HOUR)
    # the state, the stale searches; a savepoint around the alerts, the calls with five parts, what is known,
    # the news, the mark
    with django_assert_num_queries(14):
        assert look_for_news(at=TUESDAY + 2 * HOUR) == rows * rows
    with django_assert_num_queries(2):
        assert look_for_news(at=TUESDAY + 3 * HOUR) == 0


@pytest.mark.parametrize("rows", [1, 3, 20])
def test_telling_costs_the_same_for_any_number_of_calls(django_assert_num_queries, rows):
    saved(coordinator(), INSTANT, kind=("funding",))
    for number in range(rows):
        call_of(f"new-{number}", opens=TUESDAY + HOUR, published_at=TUESDAY + HOUR)
    look_for_news(at=TUESDAY + 2 * HOUR)
    with django_assert_num_queries(15):
        assert tell_news(at=TUESDAY + 2 * HOUR) == 1


def test_one_search_that_cannot_be_done_keeps_no_other_from_being_done():
    reader = coordinator()
    broken = saved(reader, INSTANT, q="x")
    Alert.objects.filter(pk=broken.pk).update(query="q=" + "%00")
    saved(reader, INSTANT)
    call_of("new", opens=TUESDAY + HOUR, published_at=TUESDAY + HOUR)
    assert sweep(TUESDAY + 2 * HOUR) == 1
