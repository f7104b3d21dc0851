"""The secret address of one's own calendar: made, made anew, ended. Each person decides for themselves."""

from datetime import datetime

from django.db import transaction

from calls.models import CalendarFeed
from calls.secret_links import new_token
from cooperation.accounts.models import User


@transaction.atomic
def make_calendar_feed(*, by: User, at: datetime) -> CalendarFeed:
    """A new address; the one before, if there was one, opens nothing from now on."""
    feed, _made = CalendarFeed.objects.update_or_create(
        person=by, defaults={"secret": new_token(), "made_at": at}
    )
    return feed


@transaction.atomic
def end_calendar_feed(*, by: User) -> bool:
    """The address opens nothing any more; False where there was none."""
    return CalendarFeed.objects.filter(person=by).delete()[0] > 0
