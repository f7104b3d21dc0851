"""Saved searches and watched openings of people with an account: keep, change, pause, end."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from calls.access import require
from calls.models import Alert, AlertAddress, AlertNews, Call
from calls.models.alert import Frequency, NewsKind
from calls.models.call import Editorial, Phase
from calls.operations.status import NotPossible
from calls.queries.saved_searches import Search, found_by
from cooperation.accounts.models import User

MOST_ALERTS = 50  # of one person or address
LONGEST_NAME = 120  # characters


@transaction.atomic
def save_search(
    *, search: Search, frequency: Frequency = Frequency.WEEKLY, by: User, at: datetime
) -> tuple[Alert, bool]:
    """Keep a search for a person, who is told from now on; whether it is new.

    A search that the person has already stays as it is. Raises NotAllowed, NotPossible.
    """
    require_sensible(search)
    _lock_owner(by)
    if found := Alert.objects.current().searches().filter(owner=by, query=search.query).first():
        return found, False
    _require_room(Alert.objects.current().filter(owner=by).count())
    alert = Alert.objects.create(
        owner=by, query=search.query, frequency=frequency, created_at=at, confirmed_at=at
    )
    begin(alert, at=at)
    return alert, True


@transaction.atomic
def watch_opening(*, call: Call, by: User, at: datetime) -> tuple[Alert, bool]:
    """Tell a person once when a call opens; whether that is new. Raises NotAllowed, NotPossible."""
    require_forthcoming(call, at)
    _lock_owner(by)
    if found := Alert.objects.current().filter(owner=by, call=call).first():
        return found, False
    _require_room(Alert.objects.current().filter(owner=by).count())
    alert = Alert.objects.create(
        owner=by, call=call, frequency=Frequency.INSTANT, created_at=at, confirmed_at=at
    )
    begin(alert, at=at)
    return alert, True


@transaction.atomic
def change_alert(
    *, alert: Alert, name: str, frequency: Frequency, by: User | AlertAddress, at: datetime
) -> Alert:
    """Rename a saved search and say how often it is told. Raises NotAllowed, NotPossible."""
    current = _lock_own(alert, by)
    if current.call_id:
        raise NotPossible(_("One mail is sent when the call opens. There is nothing to choose."))
    silent = current.frequency == Frequency.NONE
    current.name, current.frequency = " ".join(name.split())[:LONGEST_NAME], frequency
    current.save(update_fields=["name", "frequency"])
    if silent and frequency != Frequency.NONE:
        begin(current, at=at)
    return current


@transaction.atomic
def pause_alert(*, alert: Alert, by: User | AlertAddress, at: datetime) -> Alert:
    """Stop telling until it is resumed; what comes about meanwhile is not news afterwards."""
    current = _lock_own(alert, by)
    current.paused_at = current.paused_at or at
    current.save(update_fields=["paused_at"])
    return current


@transaction.atomic
def resume_alert(*, alert: Alert, by: User | AlertAddress, at: datetime) -> Alert:
    """Tell again, of what comes from now on. Raises NotAllowed, NotPossible."""
    current = _lock_own(alert, by)
    if current.paused_at:
        current.paused_at = None
        current.save(update_fields=["paused_at"])
        begin(current, at=at)
    return current


@transaction.atomic
def delete_alert(*, alert: Alert, by: User | AlertAddress, at: datetime) -> None:
    """End a saved search or a watched opening. Raises NotAllowed, NotPossible."""
    current = _lock_own(alert, by)
    current.ended_at = at
    current.save(update_fields=["ended_at"])


@transaction.atomic
def unsubscribe(*, secret: str, at: datetime) -> Alert | None:
    """End what the secret of a mail belongs to, at once; a second time changes nothing. None: unknown."""
    alert = Alert.objects.select_for_update(no_key=True).filter(secret=secret).first()
    if alert and alert.ended_at is None:
        alert.ended_at = at
        alert.save(update_fields=["ended_at"])
    return alert


def begin(alert: Alert, *, at: datetime) -> None:
    """What is there now is no news: an alert tells of what comes from here on."""
    AlertNews.objects.filter(alert=alert, told_at__isnull=True).update(told_at=at)
    if alert.call:
        calls = [alert.call]
    else:
        search = Search.read(alert.query)
        calls = [row.call for row in found_by(search, at) if search.takes(row.group)]
    AlertNews.objects.bulk_create(
        [
            AlertNews(
                alert=alert,
                call=call,
                kind=NewsKind.NEW,
                happened_at=at,
                told_at=at,
                opens_at=call.opens_at,
                closes_at=call.closes_at,
            )
            for call in calls
        ],
        ignore_conflicts=True,
    )


def require_sensible(search: Search) -> None:
    """Raise NotPossible for a search that can never bring news."""
    if search.hopeless:
        raise NotPossible(_("Closed calls bring no news. Choose another status, or none."))


def require_forthcoming(call: Call, at: datetime) -> None:
    """Raise NotPossible unless the call is published and opens later."""
    if call.editorial != Editorial.PUBLISHED or call.phase(at) is not Phase.FORTHCOMING:
        raise NotPossible(_("This call does not open later any more. See its page for what it takes now."))


def _lock_owner(by: User) -> None:
    """One after the other: a person has a search once, and a limited number."""
    current = User.objects.select_for_update(no_key=True).get(pk=by.pk)
    require(current.is_active, _("This account is closed."))


def _lock_own(alert: Alert, by: User | AlertAddress) -> Alert:
    current = (
        Alert.objects.select_for_update(no_key=True, of=("self",)).select_related("call").get(pk=alert.pk)
    )
    owned = current.owner_id if isinstance(by, User) else current.address_id
    require(owned == by.pk, _("Only whom it tells can change this alert."))
    if current.ended_at:
        raise NotPossible(_("This alert has ended. Save the search again."))
    return current


def _require_room(number: int) -> None:
    if number >= MOST_ALERTS:
        raise NotPossible(_("You have %(most)d alerts. Delete one first.") % {"most": MOST_ALERTS})
