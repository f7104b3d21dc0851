"""Alerts without an account: asked for with an address, begun by a press behind the link in its mail."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from calls.models import Alert, AlertAddress, Call
from calls.models.alert import Frequency
from calls.operations.alert_letters import MAILED, post_confirmation
from calls.operations.alerts import MOST_ALERTS, begin, require_forthcoming, require_sensible
from calls.operations.status import NotPossible
from calls.queries.saved_searches import Search
from cooperation.notifications.models import Message

DAY = timedelta(days=1)
MOST_MAILS_A_DAY = 5  # confirmations to one address, whoever asks for them
# Of all addresses: the portal is no machine that writes to strangers.
MOST_MAILS_AN_HOUR = 300
VALID_FOR = timedelta(days=7)
REMEMBERED = timedelta(days=90)  # an ended alert answers its links for that long


@transaction.atomic
def ask_for_alert(
    *,
    email: str,
    language: str,
    time_zone: str,
    search: Search | None = None,
    call: Call | None = None,
    frequency: Frequency = Frequency.WEEKLY,
    at: datetime,
) -> None:
    """Mail an address a link that begins the alert; until somebody presses there, nothing else is sent.

    Nobody learns from here what an address has: whoever asks is told the same. One mail a day for an address
    and a search, and MOST_MAILS_A_DAY for an address. Raises NotPossible.
    """
    if search is not None:
        require_sensible(search)
    if call is not None:
        require_forthcoming(call, at)
    _require_calm(at)
    address = _lock_address(email.strip().lower(), language, time_zone, at)
    about = {"call": call} if call else {"query": search.query if search else "", "call": None}
    alert = address.alerts.current().filter(**about).first()
    if _asked_enough(address, alert, at):
        return
    if alert is None:
        alert = Alert(address=address, frequency=frequency, created_at=at, **about)
    elif alert.confirmed_at is None:
        alert.frequency, alert.created_at = frequency, at
    alert.asked_at = at
    alert.save()
    post_confirmation(alert, at=at)


@transaction.atomic
def confirm_alert(*, secret: str, at: datetime) -> Alert | None:
    """Begin an alert; a second press changes nothing. None: no such secret.

    Raises NotPossible for one that has ended, or waited longer than VALID_FOR.
    """
    rows = Alert.objects.select_for_update(no_key=True, of=("self",)).select_related("address", "call")
    found = rows.filter(secret=secret, address__isnull=False).first()
    if found is None or (found.confirmed_at and not found.ended_at):
        return found
    if found.ended_at or found.created_at + VALID_FOR <= at:
        raise NotPossible(_("This link has ended. Save the search again."))
    found.confirmed_at = at
    found.save(update_fields=["confirmed_at"])
    begin(found, at=at)
    return found


@transaction.atomic
def change_address(*, address: AlertAddress, language: str, time_zone: str) -> None:
    """In which language, and on which clock, this address is told."""
    address.language, address.time_zone = language, time_zone
    address.save(update_fields=["language", "time_zone"])


@transaction.atomic
def forget_address(*, address: AlertAddress) -> None:
    """Delete everything that is kept about an address: its alerts, and the mails they sent."""
    _forget([address.email])


@transaction.atomic
def forget_stale(*, at: datetime) -> int:
    """Delete what nobody confirmed in time and what ended long ago, then addresses without any alert."""
    unconfirmed = Alert.objects.filter(confirmed_at__isnull=True, created_at__lte=at - VALID_FOR)
    number = unconfirmed.delete()[0] + Alert.objects.filter(ended_at__lte=at - REMEMBERED).delete()[0]
    alone = AlertAddress.objects.filter(alerts__isnull=True).values_list("email", flat=True)
    _forget(list(alone))
    return number


def _forget(emails: list[str]) -> None:
    # What is being sent at this moment is not: its sender finds the row gone before the text leaves.
    Message.objects.filter(recipient__in=emails, reader__isnull=True, kind__in=MAILED).delete()
    AlertAddress.objects.filter(email__in=emails).delete()


def _lock_address(email: str, language: str, time_zone: str, at: datetime) -> AlertAddress:
    """The address, locked. Whoever asks chooses language and clock only until somebody has confirmed."""
    wanted = {"language": language, "time_zone": time_zone}
    AlertAddress.objects.get_or_create(email=email, defaults={**wanted, "created_at": at})
    address = AlertAddress.objects.select_for_update(no_key=True).get(email=email)
    if not address.alerts.filter(confirmed_at__isnull=False).exists():
        address.language, address.time_zone = language, time_zone
        address.save(update_fields=["language", "time_zone"])
    return address


def _asked_enough(address: AlertAddress, alert: Alert | None, at: datetime) -> bool:
    if alert and alert.asked_at and alert.asked_at > at - DAY:
        return True
    if alert is None and address.alerts.current().count() >= MOST_ALERTS:
        return True
    return address.alerts.filter(asked_at__gt=at - DAY).count() >= MOST_MAILS_A_DAY


def _require_calm(at: datetime) -> None:
    asked = Alert.objects.filter(asked_at__gt=at - timedelta(hours=1), confirmed_at__isnull=True)
    if asked.count() >= MOST_MAILS_AN_HOUR:
        raise NotPossible(_("Very many people ask at this moment. Nothing was sent: try again in an hour."))
