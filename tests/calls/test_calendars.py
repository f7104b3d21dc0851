"""Calendars read back by a library: instants, zones, revisions, hostile words, who sees what."""

from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from calls.feeds.ics import ics
from calls.models import Alert, Amendment, Application, Assignment, CalendarFeed, Call, CutOff, Milestone
from calls.operations.amending import amend_call
from calls.operations.calendar_feed import make_calendar_feed
from calls.queries.calendar import Entry
from partnerships.models import Commitment, Member, Membership, Partnership
from tests.calls.desk_world import Desk
from tests.calls.worlds import small_world
from tests.factories import ApplicationFactory, CallFactory, UserFactory

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOSTILE = "A\r\nBEGIN:VEVENT\r\nUID:evil\r\nEND:VEVENT\nB,;:\\\"'\x07 🎉 ñ" + "x" * 10_000


def read(path: str, client: Client | None = None) -> Calendar:
    response = (client or Client()).get(path)
    assert response.status_code == 200, path
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert all(len(line) <= 75 for line in response.content.split(b"\r\n"))
    return Calendar.from_ical(response.content)


def events(calendar: Calendar) -> dict[str, object]:
    return {str(event["uid"]).partition("@")[0]: event for event in calendar.walk("VEVENT")}


def one(entry: Entry) -> object:
    (event,) = Calendar.from_ical(ics("Calls", [entry], NOW)).walk("VEVENT")
    return event


# ruff: noqa: DTZ001, S314 - wall clocks are what is tried; the XML is our own
# Either side of every change of clocks of both hemispheres, and zones of odd quarters.
@pytest.mark.parametrize(
    ("zone", "local"),
    [
        ("Europe/Stockholm", datetime(2026, 3, 29, 3, 30)),
        ("Europe/Stockholm", datetime(2026, 10, 25, 1, 59)),
        ("Europe/Stockholm", datetime(2026, 10, 25, 2, 30)),
        ("Europe/Stockholm", datetime(2026, 10, 25, 2, 30, fold=1)),
        ("Europe/Stockholm", datetime(2026, 10, 25, 3, 30)),
        ("America/Santiago", datetime(2026, 4, 4, 23, 59)),
        ("America/Santiago", datetime(2026, 4, 4, 23, 30, fold=1)),
        ("America/Santiago", datetime(2026, 9, 6, 1, 30)),
        ("Australia/Lord_Howe", datetime(2026, 4, 5, 1, 45, fold=1)),
        ("Australia/Sydney", datetime(2026, 10, 4, 3, 10)),
        ("Asia/Kathmandu", datetime(2026, 12, 31, 0, 0)),
        ("UTC", datetime(2026, 6, 1, 17, 0)),
    ],
)
def test_the_instant_is_the_models_whatever_the_clocks_do(zone, local):
    instant = local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    content = ics("Calls", [Entry(key="call-1-closes", title="Closes", at=instant, zone=zone)], NOW)
    calendar = Calendar.from_ical(content)
    (event,) = calendar.walk("VEVENT")
    assert event.decoded("dtend").astimezone(UTC) == instant
    assert event.decoded("dtstart").astimezone(UTC) == instant - timedelta(hours=1)
    named = event["dtend"].params.get("TZID")
    assert named == (zone if zone != "UTC" and not local.fold else None)
    # the zone is in the file, and says for these instants what the world's own table says
    if named:
        (written,) = [row for row in calendar.walk("VTIMEZONE") if row["tzid"] == zone]
        naive = event.decoded("dtend").replace(tzinfo=None)
        assert naive.replace(tzinfo=written.to_tz(lookup_tzid=False)).astimezone(UTC) == instant


def test_a_day_is_a_day_in_every_zone():
    event = one(Entry(key="milestone-1", title="Results", at=date(2026, 12, 24)))
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (date(2026, 12, 24), date(2026, 12, 25))
    assert event["dtstart"].params["VALUE"] == "DATE"


def test_hostile_words_stay_words():
    content = ics(HOSTILE, [Entry(key="a", title=HOSTILE, at=NOW, details=HOSTILE, place=HOSTILE)], NOW)
    calendar = Calendar.from_ical(content)
    (event,) = calendar.walk("VEVENT")
    assert b"\r\nX-WR-CALNAME:A BEGIN:VEVENT UID:evil END:VEVENT B\\,\\;:" in content
    assert str(event["uid"]).startswith("a@")
    assert "BEGIN:VEVENT\nUID:evil\nEND:VEVENT" in str(event["description"])
    assert "🎉" in str(event["description"])
    assert len(str(event["summary"])) == 300
    assert content.count(b"\r\nBEGIN:VEVENT") == 1
    assert b"\x07" not in content
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    content.decode()  # no character was cut in two by a fold


def test_a_calls_calendar_has_its_dates_and_nothing_of_drafts():
    call = CallFactory(slug="icp", text__title="Cities; together, now", questions_until=NOW)
    cut_off = CutOff.objects.create(call=call, at=NOW, labels={"en": "Spring"})
    results = Milestone.objects.create(
        call=call, key="results", labels={"en": "Results"}, planned_on=date(2027, 1, 7)
    )
    calendar = read("/calls/icp.ics")
    found = events(calendar)
    keys = {f"call-{call.pk}-{what}" for what in ("opens", "closes", "questions", f"cut-off-{cut_off.pk}")}
    assert set(found) == {*keys, f"call-milestone-{results.pk}"}
    closes = found[f"call-{call.pk}-closes"]
    assert closes.decoded("dtend").astimezone(UTC) == call.closes_at.replace(microsecond=0)
    assert str(closes["summary"]) == "Closes: Cities; together, now"
    assert "Stockholm" in str(closes["description"])
    assert "UTC" in str(closes["description"])
    assert str(closes["url"]).endswith("/calls/icp/")
    assert closes["status"] == "CONFIRMED"
    assert closes.walk("VALARM") == []
    assert (calendar["method"], calendar["version"]) == ("PUBLISH", "2.0")
    assert "Cities" in str(calendar["x-wr-calname"])
    assert Client().get(f"/calls/{CallFactory(editorial='draft').slug}.ics").status_code == 404
    assert Client().get("/calls/none.ics").status_code == 404


def test_an_amendment_keeps_the_uid_and_raises_the_sequence_of_what_it_moves():
    world = small_world(slug="moving")
    staff = UserFactory(is_staff=True, is_superuser=True)
    before = events(read("/calls/moving.ics"))
    key = f"call-{world.call.pk}-closes"
    later = world.call.closes_at + timedelta(days=7)
    amend_call(call=world.call, reasons={"en": "More time."}, closes_to=later, by=staff, at=NOW)
    after = events(read("/calls/moving.ics"))
    assert before[key]["uid"] == after[key]["uid"]
    assert (before[key]["sequence"], after[key]["sequence"]) == (0, 1)
    assert after[key].decoded("dtend") - before[key].decoded("dtend") == timedelta(days=7)
    assert after[f"call-{world.call.pk}-opens"]["sequence"] == 0
    assert after[key].decoded("last-modified") >= before[key].decoded("last-modified")


def test_an_archived_calls_future_dates_are_cancelled_until_they_pass():
    call = CallFactory(editorial="archived", slug="gone")
    found = events(read("/calls/gone.ics"))
    assert {(key, str(event["status"])) for key, event in found.items()} == {
        (f"call-{call.pk}-closes", "CANCELLED")
    }
    assert found[f"call-{call.pk}-closes"]["sequence"] == 1


def test_the_catalogues_calendar_takes_the_catalogues_filters_and_language():
    CallFactory(slug="one", kind="training", text__title="One")
    CallFactory(slug="two", text__title="Two")
    CallFactory(slug="three", editorial="draft", text__title="Three")
    assert {str(event["summary"]) for event in events(read("/calls/deadlines.ics")).values()} == {
        "Opens: One", "Closes: One", "Opens: Two", "Closes: Two",
    }  # fmt: skip
    filtered = events(read("/calls/deadlines.ics?kind=training&sort=newest&city=Nowhere"))
    assert {str(event["summary"]) for event in filtered.values()} == {"Opens: One", "Closes: One"}
    swedish = read("/sv/calls/deadlines.ics")
    assert "/sv/calls/" in str(next(iter(events(swedish).values()))["url"])
    assert Client().get("/calls/deadlines.ics", {"q": "x" * 10_000}).status_code == 400


def test_a_saved_search_has_a_calendar_until_it_is_ended():
    CallFactory(kind="training", text__title="One")
    CallFactory(text__title="Two")
    reader = UserFactory(time_zone="Africa/Gaborone", language="es")
    alert = Alert.objects.create(owner=reader, query="kind=training", created_at=NOW, confirmed_at=NOW)
    path = reverse("calls:search_feed", args=[alert.feed_secret])
    found = [event for key, event in events(read(path)).items() if key.endswith("closes")]
    assert len(found) == 1
    assert "One" in str(found[0]["summary"])
    assert "Gaborone" in str(found[0]["description"])
    assert Client().get(path)["Cache-Control"] == "private, no-cache"
    for gone in ({"confirmed_at": None}, {"confirmed_at": NOW, "ended_at": NOW}):
        Alert.objects.update(**gone)
        assert Client().get(path).status_code == 404
    Alert.objects.update(ended_at=None)
    assert Client().get(path).status_code == 200
    reader.is_active = False
    reader.save()
    assert Client().get(path).status_code == 404


def test_what_has_not_changed_is_not_sent_again():
    CallFactory(slug="same")
    for path in ("/calls/same.ics", "/calls/deadlines.ics", "/calls/feed.atom"):
        first = Client().get(path)
        again = Client().get(path, headers={"if-none-match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert Client().head(path).status_code == 200


@pytest.mark.parametrize("number", [1, 3, 20])
def test_calendars_cost_the_same_queries_however_many_calls(number):
    for _number in range(number):
        call = CallFactory()
        CutOff.objects.create(call=call, at=NOW)
        Amendment.objects.create(call=call, number=1, published_on=NOW.date(), reasons={"en": "Why."})
    client = Client()
    for path, queries in (("/calls/deadlines.ics", 8), ("/calls/feed.atom", 4)):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(path).status_code == 200
        assert len(seen) == queries, [row["sql"][:90] for row in seen]


@pytest.fixture
def world():
    return small_world(slug="mine")


def mine(feed: CalendarFeed) -> dict[str, object]:
    return events(read(reverse("calls:my_feed", args=[feed.secret])))


def test_a_persons_calendar_shows_what_the_person_may_see_now(world):
    draft = world.complete()
    ApplicationFactory(call=world.call)  # another city's
    feed = make_calendar_feed(by=world.officer, at=NOW)
    assert set(mine(feed)) == {f"application-{draft.pk}-closes"}
    entry = mine(feed)[f"application-{draft.pk}-closes"]
    assert str(entry["summary"]) == "To be submitted: Youth in local decisions"
    assert entry.decoded("dtend").astimezone(UTC) == world.call.closes_at.replace(microsecond=0)
    Membership.objects.filter(user=world.officer).update(verified_at=None, verified_by=None)
    assert mine(feed) == {}


def test_an_extension_of_ones_own_moves_the_date_and_raises_its_sequence(world):
    draft = world.complete()
    feed = make_calendar_feed(by=world.officer, at=NOW)
    later = world.call.closes_at + timedelta(days=2)
    draft.extensions.create(
        closes_from=world.call.closes_at, closes_to=later, reason="Storm.", at=NOW, by=world.officer
    )
    Call.objects.update(editorial="published")
    draft.extended_to = later
    draft.save(update_fields=["extended_to"])
    (event,) = mine(feed).values()
    assert event["sequence"] == 1
    assert event.decoded("dtend").astimezone(UTC) == later.replace(microsecond=0)


def test_an_unknown_secret_an_old_one_and_one_of_somebody_gone_are_the_same_404(world):
    first = make_calendar_feed(by=world.officer, at=NOW)
    paths = [reverse("calls:my_feed", args=[secret]) for secret in (first.secret, "none", "x" * 400)]
    second = make_calendar_feed(by=world.officer, at=NOW)
    assert second.secret != first.secret
    assert CalendarFeed.objects.count() == 1
    gone = make_calendar_feed(by=world.viewer, at=NOW)
    world.viewer.is_active = False
    world.viewer.save()
    answers = [Client().get(path) for path in [*paths, reverse("calls:my_feed", args=[gone.secret])]]
    assert {answer.status_code for answer in answers} == {404}
    response = Client().get(reverse("calls:my_feed", args=[second.secret]))
    assert (response.status_code, response["Cache-Control"]) == (200, "private, no-cache")


def test_the_page_makes_an_address_shows_it_and_ends_the_one_before(world):
    client = Client()
    client.force_login(world.officer)
    page = "/my/calendar/"
    assert "Make the address" in client.get(page).content.decode()
    client.post(page, {"do": "make"})
    first = CalendarFeed.objects.get().secret
    assert f"/calendar/mine/{first}.ics" in client.get(page).content.decode()
    client.post(page, {"do": "make"})
    assert CalendarFeed.objects.get().secret != first
    assert client.post(page, {"do": "\x00"}).status_code == 422
    client.post(page, {"do": "end"})
    assert not CalendarFeed.objects.exists()


def test_the_history_knows_that_an_address_was_made_and_not_the_secret(world):
    feed = make_calendar_feed(by=world.officer, at=NOW)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM history_historyentry WHERE history_historyentry::text LIKE %s",
            [f"%{feed.secret}%"],
        )
        assert cursor.fetchone() == (0,)
        cursor.execute(
            "SELECT count(*) FROM history_historyentry WHERE history_historyentry::text LIKE %s",
            ["%calls_calendarfeed%"],
        )
        assert cursor.fetchone() == (1,)


def test_the_news_are_an_atom_feed_with_ids_that_stay():
    call = CallFactory(slug="news", text__title="News\x0b & <b>more</b>")
    Amendment.objects.create(call=call, number=1, published_on=NOW.date(), reasons={"en": "Why."})
    CallFactory(editorial="draft")
    content = Client().get("/calls/feed.atom").content
    feed = ElementTree.fromstring(content)
    entries = feed.findall(f"{ATOM}entry")
    said = {
        entry.findtext(f"{ATOM}id").partition(":call-")[2]: (
            entry.findtext(f"{ATOM}title"),
            datetime.fromisoformat(entry.findtext(f"{ATOM}updated")),
        )
        for entry in entries
    }
    assert said[f"{call.pk}"] == ("News & <b>more</b>", call.published_at)
    assert set(said) == {f"{call.pk}", f"{call.pk}-amendment-1"}
    newest = max(at for _title, at in said.values())
    assert datetime.fromisoformat(feed.findtext(f"{ATOM}updated")) == newest
    assert feed.findtext(f"{ATOM}author/{ATOM}name")


def test_what_a_partnership_plans_and_owes_and_what_a_city_promised_is_in_the_calendar(world):
    partnership = Partnership.objects.create(
        slug="two", titles={"en": "Ale and Gaborone"}, kind="pairing", stage="active"
    )
    for city in (world.lead.city, world.gaborone):
        Member.objects.create(partnership=partnership, city=city, role="partner")
    soon = (timezone.now() + timedelta(days=30)).date()
    visit = partnership.milestones.create(labels={"en": "Visit"}, planned_on=soon, place="Ale; town hall")
    dropped = partnership.milestones.create(
        labels={"en": "Fair"}, planned_on=soon, dropped_reason="No money."
    )
    report = partnership.due_reports.create(kind="progress", due_on=soon)
    promise = Commitment.objects.create(
        city=world.lead.city, name="Climate", joined_on=soon.replace(year=soon.year - 2), cycle_years=2
    )
    feed = make_calendar_feed(by=world.officer, at=NOW)
    found = mine(feed)
    assert set(found) == {
        f"milestone-{visit.pk}",
        f"milestone-{dropped.pk}",
        f"report-{report.pk}",
        f"commitment-{promise.pk}-{soon.year}",
    }
    assert found[f"milestone-{visit.pk}"].decoded("dtstart") == soon
    assert str(found[f"milestone-{visit.pk}"]["location"]) == "Ale; town hall"
    assert str(found[f"milestone-{dropped.pk}"]["status"]) == "CANCELLED"
    before = found[f"milestone-{visit.pk}"]["sequence"]
    visit.version += 1
    visit.save()
    assert mine(feed)[f"milestone-{visit.pk}"]["sequence"] == before + 1
    # the viewer of the city reads the partnership, and does not keep the city's page
    of_viewer = set(mine(make_calendar_feed(by=world.viewer, at=NOW)))
    assert of_viewer == set(found) - {f"commitment-{promise.pk}-{soon.year}"}
    Membership.objects.filter(user=world.officer).delete()
    assert mine(feed) == {}


def test_reviews_are_one_date_a_call_and_name_no_applicant():
    desk = Desk()
    due = desk.call.closes_at + timedelta(days=9)
    Call.objects.update(review_due_at=due)
    for name in ("Ale", "Gdynia"):
        desk.assign(desk.eligible(name), desk.marta)
    (event,) = mine(make_calendar_feed(by=desk.marta, at=NOW)).values()
    assert str(event["summary"]) == "Reviews due: Municipal Partnership"
    assert event.decoded("dtend").astimezone(UTC) == due.replace(microsecond=0)
    assert "Gdynia" not in str(event.to_ical())
    desk.assign(Application.objects.first(), desk.helena)
    Assignment.objects.update(ended_at=timezone.now(), end="unassigned", ended_by=desk.helena)
    assert mine(make_calendar_feed(by=desk.marta, at=NOW)) == {}


@pytest.mark.parametrize("number", [1, 3, 20])
def test_a_persons_calendar_costs_the_same_queries_however_much_is_in_it(world, number):
    for _number in range(number):
        ApplicationFactory(lead=world.lead)
        partnership = Partnership.objects.create(
            slug=f"p-{_number}", titles={"en": "Two"}, kind="pairing", stage="active"
        )
        Member.objects.create(partnership=partnership, city=world.lead.city, role="partner")
        partnership.milestones.create(labels={"en": "Visit"}, planned_on=date(2099, 1, 1))
    path = reverse("calls:my_feed", args=[make_calendar_feed(by=world.officer, at=NOW).secret])
    with CaptureQueriesContext(connection) as seen:
        assert len(events(read(path))) == 2 * number
    assert len(seen) == 17, [row["sql"][:70] for row in seen]
