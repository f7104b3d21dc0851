"""Tell me when it opens: one mail, or two where the opening moves, and none once it is pointless."""

from datetime import timedelta

import pytest
from django.utils import timezone

from calls.models import Alert, Call
from calls.models.call import Editorial
from calls.operations.alert_addresses import ask_for_alert, confirm_alert
from calls.operations.alert_openings import tell_openings
from calls.operations.alert_relevance import opening_matters
from calls.operations.alerts import unsubscribe, watch_opening
from calls.operations.status import NotPossible
from cooperation.notifications.models import Message
from tests.calls.alert_world import DAY, TUESDAY, call_of, coordinator, subjects
from tests.factories import UserFactory
from tests.pages import said

pytestmark = pytest.mark.django_db
OPENS = TUESDAY + 10 * DAY


@pytest.fixture
def call() -> Call:
    return call_of("later", opens=OPENS, published_at=TUESDAY - DAY)


def test_one_mail_when_it_opens(call):
    watch_opening(call=call, by=coordinator(), at=TUESDAY)
    assert tell_openings(at=OPENS - timedelta(seconds=1)) == 0
    assert tell_openings(at=OPENS) == 1
    assert tell_openings(at=OPENS + DAY) == 0
    mail = Message.objects.get()
    assert mail.subject == "Open now: Call later"
    assert opening_matters(mail.about, OPENS + DAY)
    assert not opening_matters(mail.about, OPENS + 61 * DAY)
    tell_openings(at=OPENS + 3 * DAY)
    assert Alert.objects.get().ended_at == OPENS + 3 * DAY


def test_an_opening_that_moves_by_more_than_a_day_is_told_and_then_the_opening(call):
    watch_opening(call=call, by=coordinator(), at=TUESDAY)
    for moved in (DAY, 5 * DAY):
        Call.objects.filter(pk=call.pk).update(opens_at=OPENS + moved)
        tell_openings(at=TUESDAY + DAY)
        tell_openings(at=TUESDAY + DAY)
    assert subjects("call_opens") == ["Opens 9 December 2026, 12:00 Stockholm: Call later"]
    assert tell_openings(at=OPENS) == 0
    assert tell_openings(at=OPENS + 5 * DAY) == 1
    assert not opening_matters(Message.objects.first().about | {"opens_at": OPENS.isoformat()}, OPENS)


def test_silenced_by_one_press_and_by_the_archive(call):
    ended, _new = watch_opening(call=call, by=coordinator(), at=TUESDAY)
    unsubscribe(secret=ended.secret, at=TUESDAY)
    archived = call_of("archived", opens=OPENS, published_at=TUESDAY - DAY)
    watch_opening(call=archived, by=UserFactory(), at=TUESDAY)
    Call.objects.filter(pk=archived.pk).update(editorial=Editorial.ARCHIVED)
    assert tell_openings(at=OPENS) == 0
    assert not Alert.objects.filter(ended_at=None).exists()


def test_nobody_is_told_of_an_opening_after_the_call_closed(call):
    watch_opening(call=call, by=coordinator(), at=TUESDAY)
    assert tell_openings(at=OPENS + 61 * DAY) == 0


def test_without_an_account_it_is_confirmed_first(call):
    about = {"email": "ola@example.org", "language": "en", "time_zone": "Europe/Warsaw", "call": call}
    ask_for_alert(**about, at=TUESDAY)
    assert subjects("alert_confirmation") == ["Confirm that you want to know when Call later opens"]
    confirm_alert(secret=Alert.objects.get().secret, at=TUESDAY)
    assert tell_openings(at=OPENS) == 1
    mail = Message.objects.get(kind="call_opens")
    assert (mail.recipient, mail.reader) == ("ola@example.org", None)
    with pytest.raises(NotPossible, match="does not open later"):
        ask_for_alert(**about, at=OPENS)


@pytest.mark.parametrize("rows", [1, 3, 20])
def test_telling_costs_the_same_for_any_number_of_readers(call, django_assert_num_queries, rows):
    Alert.objects.bulk_create(
        Alert(owner=UserFactory(), call=call, frequency="instant", created_at=TUESDAY, confirmed_at=TUESDAY)
        for _row in range(rows)
    )
    with django_assert_num_queries(11):
        assert tell_openings(at=OPENS) == rows


def test_the_page_of_a_forthcoming_call_offers_it(client):
    now = timezone.now()
    call_of("soon", opens=now + 5 * DAY, published_at=now - DAY)
    call_of("open", opens=now - DAY)
    assert "/calls/soon/opening/" in said(client.get("/calls/soon/"))
    assert "/calls/open/opening/" not in said(client.get("/calls/open/"))
    sent = {"email": "ola@example.org", "language": "en", "time_zone": "Europe/Warsaw"}
    assert "ola@example.org" in said(client.post("/calls/soon/opening/", sent))
    assert client.post("/calls/soon/opening/", {**sent, "email": "x"}).status_code == 422
    assert client.post("/calls/open/opening/", sent).status_code == 409
    client.force_login(coordinator())
    first, again = (client.post("/calls/soon/opening/", follow=True) for _press in range(2))
    assert "You get one mail when this call opens." in said(first)
    assert "You asked before" in said(again)
    assert client.post("/calls/open/opening/").status_code == 409
