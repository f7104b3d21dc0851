"""What came of it: indicators and measurements, people exchanged, results and stories."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from cooperation.accounts.models import User
from partnerships.access import require_seat
from partnerships.models import Exchange, Indicator, Measurement, Partnership, Story
from partnerships.operations.editing import save_changes
from partnerships.operations.refusals import NotPossible
from partnerships.operations.stages import lock
from partnerships.queries.portfolio import city_of

MOST_ROWS = 100  # indicators, exchanges or stories of one partnership


def _locked(partnership: Partnership, by: User) -> Partnership:
    current = lock(partnership)
    require_seat(by, current)
    return current


def _require_room(count: int) -> None:
    if count >= MOST_ROWS:
        raise NotPossible(_("A partnership holds at most %(count)s of these.") % {"count": MOST_ROWS})


@transaction.atomic
def add_indicator(
    *, partnership: Partnership, facts: Mapping[str, object], by: User, at: datetime
) -> Indicator:
    """Begin to count something, given as model fields. Raises NotAllowed, NotPossible."""
    current = _locked(partnership, by)
    _require_room(current.indicators.count())
    return Indicator.objects.create(partnership=current, **facts)


@transaction.atomic
def change_indicator(
    *, indicator: Indicator, facts: Mapping[str, object], version: int, by: User, at: datetime
) -> Indicator:
    """Correct an indicator; its measurements stay. Raises NotAllowed, ChangedMeanwhile."""
    current = _locked(indicator.partnership, by)
    return save_changes(current.indicators.get(pk=indicator.pk), facts, version)


@transaction.atomic
def measure(*, indicator: Indicator, value: Decimal, on: date, by: User, at: datetime) -> Measurement:
    """Write down a value of a day; another of the same day replaces it. Raises NotAllowed, NotPossible."""
    current = _locked(indicator.partnership, by)
    if on > at.date():
        raise NotPossible(_("Give the day it was measured, today or before."))
    row, _created = Measurement.objects.update_or_create(
        indicator=current.indicators.get(pk=indicator.pk),
        on=on,
        defaults={"value": value, "by": by, "at": at},
    )
    return row


@transaction.atomic
def add_exchange(
    *, partnership: Partnership, facts: Mapping[str, object], by: User, at: datetime
) -> Exchange:
    """Write down people who went from one member city to another. Raises NotAllowed, NotPossible.

    `facts` are model fields; `city` is the city whose portfolio shows them.
    """
    current = _locked(partnership, by)
    _require_room(current.exchanges.count())
    cities = {
        city.pk
        for row in current.members.select_related("city", "organisation__city")
        if (city := city_of(row))
    }
    if facts["city"].pk not in cities:  # type: ignore[attr-defined]
        raise NotPossible(_("Choose a city that takes part."))
    return Exchange.objects.create(
        partnership=current, programme=current.programme or current.title[:200], **facts
    )


@transaction.atomic
def remove_exchange(*, exchange: Exchange, by: User, at: datetime) -> None:
    """Take people out who were entered by mistake; the history keeps them. Raises NotAllowed."""
    current = _locked(exchange.partnership, by)  # type: ignore[arg-type]
    current.exchanges.filter(pk=exchange.pk).delete()


@transaction.atomic
def write_story(*, partnership: Partnership, facts: Mapping[str, object], by: User, at: datetime) -> Story:
    """Begin a story; only members read it before it is published. Raises NotAllowed, NotPossible."""
    current = _locked(partnership, by)
    _require_room(current.stories.count())
    return Story.objects.create(partnership=current, changed_at=at, changed_by=by, **facts)


@transaction.atomic
def change_story(*, story: Story, facts: Mapping[str, object], version: int, by: User, at: datetime) -> Story:
    """Rewrite a story; a published one changes for everybody. Raises NotAllowed, ChangedMeanwhile."""
    current = _locked(story.partnership, by)
    row = current.stories.select_related("changed_by").get(pk=story.pk)
    return save_changes(row, {**facts, "changed_at": at, "changed_by": by}, version)


@transaction.atomic
def show_story(*, story: Story, public: bool, by: User, at: datetime) -> Story:
    """Publish a story, or take it back. Raises NotAllowed."""
    current = _locked(story.partnership, by)
    row = current.stories.get(pk=story.pk)
    if public != (row.published_at is not None):
        row.published_at = at if public else None
        row.save(update_fields=["published_at"])
    return row
