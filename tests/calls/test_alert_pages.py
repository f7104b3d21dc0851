"""Saving a search in the list, the links of its mails, and the page where it is changed."""

import re
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from calls.models import Alert, AlertAddress, Call
from calls.operations.alert_addresses import (
    MOST_MAILS_A_DAY,
    MOST_MAILS_AN_HOUR,
    VALID_FOR,
    confirm_alert,
    forget_stale,
)
from calls.operations.status import NotPossible
from cooperation.accounts.models import User
from cooperation.notifications.models import Message
from tests.calls.alert_world import DAY, asked, call_of, confirmed, coordinator, saved
from tests.factories import CityFactory, ThemeFactory
from tests.pages import said

pytestmark = pytest.mark.django_db
OLA = "ola@example.org"


@pytest.fixture
def now():
    return timezone.now()


def ask(client: Client, query: str = "", **more: str) -> HttpResponse:
    sent = {"email": OLA, "frequency": "weekly", "language": "pl", "time_zone": "Europe/Warsaw", **more}
    return client.post(f"/alerts/new/?{query}", sent)


def only_mail(kind: str = "alert_confirmation") -> Message:
    return Message.objects.get(kind=kind)


def link_in(mail: Message) -> str:
    found = re.search(r"https?://[^/\s]+(\S*/alerts/confirm/\S+)", mail.body)
    assert found
    return found.group(1)


# --- saving -------------------------------------------------------------------------------------------------


def test_with_an_account_one_press_saves_what_the_list_shows(client):
    ThemeFactory(slug="water", names={"en": "Water"})
    reader = coordinator()
    client.force_login(reader)
    page = client.get("/calls/?theme=water&status=open&sort=newest&page=1")
    assert page.context["kept"] == "status=open&theme=water"
    response = client.post(f"/alerts/new/?{page.context['kept']}")
    alert = Alert.objects.get()
    assert (alert.owner, alert.query, alert.frequency) == (reader, "status=open&theme=water", "weekly")
    assert response.url == f"/my/alerts/#alert-{alert.pk}"
    mine = said(client.get("/my/alerts/"))
    assert "Open calls on Water." in mine
    assert "Every Monday at 7:00 Stockholm time, in English." in mine
    client.post(f"/alerts/new/?{page.context['kept']}")
    assert "You have saved this search before." in said(client.get("/my/alerts/"))


def test_without_an_account_an_address_is_told_nothing_until_it_confirms(client):
    ThemeFactory(slug="water", names={"en": "Water"})
    page = said(client.get("/alerts/new/?theme=water&region=latin-america"))
    assert "Open or forthcoming calls on Water, with partners in Latin America and the Caribbean." in page
    response = ask(client, "theme=water&region=latin-america", language="en")
    assert response.status_code == 200
    assert OLA in said(response)
    mail = only_mail()
    assert (mail.recipient, mail.reader, mail.subject) == (
        OLA, None, "Confirm your alert: Water, Latin America and the Caribbean"
    )  # fmt: skip
    assert "Every Monday at 7:00 Warsaw time, in English." in mail.body
    address = link_in(mail)
    assert "Start the alert" in said(client.get(address))
    assert Alert.objects.get().confirmed_at is None
    landed = client.post(address, follow=True)
    assert Alert.objects.get().confirmed_at
    assert "The alert has started." in said(landed)
    assert "Open or forthcoming calls on Water" in said(landed)
    # a second press changes nothing
    assert client.post(address).status_code == 302
    assert Message.objects.count() == 1


def test_the_page_is_the_same_whatever_an_address_has(client, now):
    confirmed(OLA, now)
    for query in ("", "q=x"):
        pages = [ask(client, query, email=email) for email in (OLA, OLA, "new@example.org")]
        assert {said(page).replace("new@example.org", OLA) for page in pages} == {said(pages[0])}


def test_an_address_is_not_bombed(client, now):
    for _again in range(3):
        ask(client, "q=same")
    assert Message.objects.count() == 1
    for number in range(10):
        ask(client, f"q=other{number}")
    assert Message.objects.count() == MOST_MAILS_A_DAY
    Alert.objects.update(asked_at=now - DAY - timedelta(minutes=1))
    ask(client, "q=same")
    assert Message.objects.count() == MOST_MAILS_A_DAY + 1


def test_the_portal_writes_to_so_many_strangers_an_hour_and_no_more(client, now):
    address = AlertAddress.objects.create(email=OLA, language="en", time_zone="UTC", created_at=now)
    Alert.objects.bulk_create(
        Alert(address=address, query=f"q={n}", created_at=now, asked_at=now)
        for n in range(MOST_MAILS_AN_HOUR)
    )
    response = ask(client, email="new@example.org")
    assert response.status_code == 409
    assert "Nothing was sent: try again in an hour." in said(response)
    assert "new@example.org" in said(response)


def test_who_asks_again_does_not_change_what_an_address_chose(client, now):
    confirmed(OLA, now)
    Alert.objects.update(asked_at=now - 2 * DAY)
    ask(client, "", frequency="instant")
    alert = Alert.objects.get()
    assert (alert.frequency, alert.address.language, alert.address.time_zone) == (
        "weekly", "en", "Europe/Warsaw"
    )  # fmt: skip
    assert Message.objects.latest("pk").subject == "You have this alert already: all calls"


def test_a_link_ends_after_a_week_and_its_address_is_forgotten(client, now):
    asked(OLA, now - VALID_FOR)
    secret = Alert.objects.get().secret
    with pytest.raises(NotPossible):
        confirm_alert(secret=secret, at=now)
    assert client.post(f"/alerts/confirm/{secret}/").status_code == 410
    assert forget_stale(at=now) == 1
    assert not AlertAddress.objects.exists()
    assert not Message.objects.exists()
    assert client.get(f"/alerts/confirm/{secret}/").status_code == 404


def test_a_city_begins_with_its_own_clock_and_an_unclear_one_is_asked_for(client):
    CityFactory(name="Rosario", slug="rosario-ar", country="AR", time_zone="America/Argentina/Cordoba")
    page = client.get("/alerts/new/?city=rosario-ar")
    assert page.context["form"]["time_zone"].initial == "America/Argentina/Cordoba"
    assert "that Rosario can apply to" in said(page)
    CityFactory(name="Rosario", slug="rosario-uy", country="UY")
    assert client.get("/calls/?city=Rosario").context["kept"] is None
    assert ask(client, "city=Rosario").status_code == 422
    assert ask(client, "city=Atlantis").status_code == 422
    assert not Alert.objects.exists()


def test_in_polish_the_page_begins_with_polish_and_its_clock(client):
    form = client.get("/pl/alerts/new/").context["form"]
    assert (form.initial["language"], form.initial["time_zone"]) == ("pl", "Europe/Warsaw")


# --- ending -------------------------------------------------------------------------------------------------


def test_one_press_ends_it_without_a_cookie_and_a_second_is_friendly(now):
    alert = saved(coordinator(), at=now)
    stop, strict = f"/alerts/stop/{alert.secret}/", Client(enforce_csrf_checks=True)
    page = strict.get(stop)
    assert page.status_code == 200
    assert Alert.objects.get().ended_at is None
    response = strict.post(stop, {"List-Unsubscribe": "One-Click"})
    assert response.status_code == 200
    assert not response.cookies
    ended = Alert.objects.get().ended_at
    assert ended
    assert "This alert has ended" in said(strict.post(stop, {"List-Unsubscribe": "One-Click"}))
    assert "This alert has ended" in said(strict.get(stop))
    assert Alert.objects.get().ended_at == ended


def test_secrets_open_their_own_page_and_no_other(client, now):
    alert = confirmed(OLA, now)
    for secret in (alert.feed_secret, alert.address.secret, "unknown"):
        for path in (f"/alerts/stop/{secret}/", f"/alerts/confirm/{secret}/"):
            assert client.get(path).status_code == client.post(path).status_code == 404
    for secret in (alert.feed_secret, alert.secret, "unknown"):
        assert client.get(f"/alerts/address/{secret}/").status_code == 404
    other = saved(coordinator(), at=now)
    assert client.get(f"/alerts/confirm/{other.secret}/").status_code == 200
    assert client.post(f"/alerts/confirm/{other.secret}/").status_code == 404


def test_an_unconfirmed_address_has_no_page(client, now):
    asked(OLA, now)
    assert client.get(f"/alerts/address/{AlertAddress.objects.get().secret}/").status_code == 404


# --- changing -----------------------------------------------------------------------------------------------


def press(client: Client, address: str, alert: Alert, do: str, **more: str) -> HttpResponse:
    return client.post(address, {"alert": alert.pk, "do": do, **more}, follow=True)


@pytest.mark.parametrize("account", [True, False])
def test_an_alert_is_renamed_paused_resumed_and_deleted(client, now, account):
    alert = saved(coordinator(), at=now) if account else confirmed(OLA, now)
    client.force_login(User.objects.first()) if account else None
    page = "/my/alerts/" if account else f"/alerts/address/{alert.address.secret}/"
    assert "Saved." in said(press(client, page, alert, "save", name="For the board", frequency="daily"))
    assert "For the board" in said(client.get(page))
    assert "Every day at 7:00" in said(client.get(page))
    assert "Paused" in said(press(client, page, alert, "pause"))
    assert "Resumed" in said(press(client, page, alert, "resume"))
    assert "nothing more is sent" in said(press(client, page, alert, "delete"))
    assert "No alerts yet" in said(client.get(page))
    # in another window it is still there
    response = press(client, page, alert, "save", name="", frequency="daily")
    assert response.status_code == 409
    assert "This alert has ended." in said(response)


def test_what_cannot_be_read_is_said_and_kept(client, now):
    reader = coordinator()
    alert = saved(reader, at=now)
    client.force_login(reader)
    response = press(client, "/my/alerts/", alert, "save", name="x" * 121, frequency="hourly")
    assert response.status_code == 422
    assert "x" * 121 in said(response)
    assert "Shorten the name to 120 characters." in said(response)
    assert "Choose how often from the list." in said(response)
    assert press(client, "/my/alerts/", alert, "explode").status_code == 422
    assert client.post("/my/alerts/").status_code == 422


def test_somebody_elses_alert_is_as_if_there_were_none(client, now):
    other, mine = saved(coordinator(email="b@example.org"), at=now), confirmed(OLA, now)
    page = f"/alerts/address/{mine.address.secret}/"
    for number in (other.pk, "9" * 30, "-1", "x", ""):
        assert client.post(page, {"alert": number, "do": "delete"}).status_code == 404
    assert Alert.objects.filter(ended_at=None).count() == 2


def test_language_and_clock_of_an_address_and_everything_forgotten(client, now):
    alert = confirmed(OLA, now)
    Alert.objects.update(asked_at=None)
    ask(client, "q=x")
    page = f"/alerts/address/{alert.address.secret}/"
    client.post(page, {"do": "reader", "language": "pl", "time_zone": "Europe/Warsaw"})
    assert AlertAddress.objects.get().language == "pl"
    bad = client.post(page, {"do": "reader", "language": "xx", "time_zone": "Mars/Olympus"})
    assert bad.status_code == 422
    assert "Choose a time zone from the list." in said(bad)
    client.post(page, {"do": "forget"})
    assert not AlertAddress.objects.exists()
    assert not Alert.objects.exists()
    assert not Message.objects.exists()
    assert client.get(page).status_code == 404


def test_with_a_person_go_the_alerts(now):
    reader = coordinator()
    saved(reader, at=now)
    reader.delete()
    assert not Alert.objects.exists()


@pytest.mark.parametrize("rows", [1, 3, 20])
def test_the_page_costs_the_same_for_any_number_of_alerts(client, django_assert_num_queries, now, rows):
    reader, theme = coordinator(), ThemeFactory(slug="water")
    Alert.objects.bulk_create(
        [
            *(
                Alert(owner=reader, query=f"theme={theme.slug}&q={n}", created_at=now, confirmed_at=now)
                for n in range(rows)
            ),
            *(
                Alert(owner=reader, call=call_of(f"c{n}"), created_at=now, confirmed_at=now)
                for n in range(rows)
            ),
        ]
    )
    client.force_login(reader)
    with django_assert_num_queries(6):
        client.get("/my/alerts/")


# --- strange input ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("email", "", "Write your e-mail address."),
        ("email", "nobody", "Write a whole e-mail address"),
        ("email", "a@b\x00.example", "a character that cannot be kept"),
        ("email", f"{'x' * 300}@example.org", "No e-mail address is that long"),
        ("email", "a@example.org\nBcc: b@example.org", "Write a whole e-mail address"),
        ("frequency", "hourly", "Choose how often from the list."),
        ("frequency", "9" * 5_000, "Choose how often from the list."),
        ("language", "xx", "Choose a language from the list."),
        ("time_zone", "Mars/Olympus", "Choose a time zone from the list."),
        ("time_zone", "", "Choose a time zone."),
    ],
)
def test_what_no_honest_form_sends_is_refused_in_a_sentence(client, field, value, sentence):
    response = ask(client, "q=x", **{field: value})
    assert response.status_code == 422
    assert sentence in said(response)
    assert not Alert.objects.exists()


@pytest.mark.parametrize("words", ["%00", "%ED%A0%80", "x" * 201, "%28%5B%2A", "9" * 5_000])
def test_a_search_that_cannot_be_done_is_not_saved(client, words):
    for name in ("q", "status", "theme", "city", "programme"):
        response = client.get(f"/alerts/new/?{name}={words}")
        assert response.status_code in (200, 302, 400), (name, response.status_code)
        assert ask(client, f"{name}={words}").status_code in (200, 302, 400, 422)
    assert not any("\x00" in alert.query for alert in Alert.objects.all())


def test_closed_calls_alone_are_refused_with_the_reason(client):
    response = ask(client, "status=closed")
    assert response.status_code == 409
    assert "Closed calls bring no news." in said(response)
    assert Call.objects.count() == Alert.objects.count() == 0
