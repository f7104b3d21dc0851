"""What becomes of mails, and what people want to be told: Karin's choices, her alerts, an address in Polish.

Everything is posted as in real life and laid aside in the end. Where a mail failed, what the mail server
said is told: none is asked.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any

from calls.demo.files import read_toml
from calls.demo.people import RECOMMENDS, People
from calls.models import Alert, Call
from calls.models.alert import Frequency
from calls.operations.alert_addresses import ask_for_alert, confirm_alert
from calls.operations.alerts import save_search, watch_opening
from calls.operations.calendar_feed import make_calendar_feed
from calls.operations.enquiries import answer, ask, decline
from calls.queries.saved_searches import Search
from cooperation.accounts.models import User
from cooperation.notifications.claiming import (
    begin,
    claim,
    give_back,
    hand_over,
    record,
    settle_expired_leases,
)
from cooperation.notifications.kinds import Topic
from cooperation.notifications.lapsing import lay_aside
from cooperation.notifications.models import Message, MessageState, Mode
from cooperation.notifications.preferring import choose_topics
from partnerships.operations.report_reminding import remind_of_reports

ALE = "ale"
WITHOUT_ACCOUNT = "marek.nowicki@example.org"
FULL = (550, b"5.2.2 Demonstration: the mailbox is full")
DAY = timedelta(days=1)


def load_messages(people: People, *, at: datetime) -> int:
    """Nothing waits to be mailed before or afterwards; return how many alerts and questions there are."""
    karin = people.officer_of(ALE)
    choose_topics(reader=karin, modes={Topic.CALLS: Mode.DAILY})
    make_calendar_feed(by=karin, at=at - 5 * DAY)
    alerts = _want_alerts(karin, at)
    rows = read_toml("messages.toml")["enquiry"]
    for row in rows:
        _answer(row, people, at)
    remind_of_reports(at=at)
    _hand_over(karin, at)
    lay_aside(posted_before=at + timedelta(seconds=1), read_before=at - 14 * DAY)
    return alerts + len(rows)


def _want_alerts(karin: User, at: datetime) -> int:
    """Two of a person, one of an address without an account, which reads Polish and confirmed it."""
    since = at - 2 * DAY
    save_search(search=Search(region=("africa",)), frequency=Frequency.WEEKLY, by=karin, at=since)
    watch_opening(call=Call.objects.get(slug="icp-cities"), by=karin, at=since)
    ask_for_alert(
        email=WITHOUT_ACCOUNT,
        language="pl",
        time_zone="Europe/Warsaw",
        search=Search(theme=("participation",)),
        frequency=Frequency.DAILY,
        at=since,
    )
    asked = Alert.objects.get(address__email=WITHOUT_ACCOUNT)
    confirm_alert(secret=asked.secret, at=since + timedelta(minutes=20))
    return 3


def _answer(row: Mapping[str, Any], people: People, at: datetime) -> None:
    enquiry = ask(
        call=Call.objects.get(slug=row["call"]),
        text=row["asked"],
        language=row["language"],
        by=people.officer_of(row["by"]),
        at=at - row["days_ago"] * DAY,
    )
    by, when = people[RECOMMENDS], at - row["answered_days_ago"] * DAY
    if "declined" in row:
        decline(enquiry=enquiry, reason=row["declined"], by=by, at=when)
    else:
        answer(enquiry=enquiry, texts=row["text"], answers=row["answer"], by=by, at=when)


def _hand_over(karin: User, at: datetime) -> None:
    """One is refused, one breaks off in the middle, one arrives; the rest waits again."""
    moment = at - timedelta(hours=1)
    claimed = claim(at=moment, most=100)
    fates = {
        ("enquiry_declined", karin.email): _refused,
        ("enquiry_answered", karin.email): _broken_off,
        ("alert_confirmation", WITHOUT_ACCOUNT): _taken,
    }
    for message in claimed:
        if fate := fates.get((message.kind, message.recipient)):
            begin(message, at=moment)
            fate(message, moment)
    give_back([row for row in claimed if (row.kind, row.recipient) not in fates])
    settle_expired_leases(at=at)


def _refused(message: Message, at: datetime) -> None:
    error = SMTPRecipientsRefused({message.recipient: FULL})
    record(message, state=MessageState.DEAD, last_error=f"{type(error).__name__}: {error}")


def _broken_off(message: Message, at: datetime) -> None:
    """The sender stops after the text: its lease is left behind."""
    hand_over(message, at=at)


def _taken(message: Message, at: datetime) -> None:
    hand_over(message, at=at)
    record(message, state=MessageState.SENT, sent_at=at)
