"""Who would hear nothing before something is due, and reminders that come too early to be sent."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls.models import Call
from calls.models.reminder import Audience
from calls.queries.preflight.material import Material, Point, look


def reminders(material: Material) -> Iterator[Point]:
    """Nobody is stopped: a programme may write to its cities itself."""
    yield from _silent(material)
    yield from _early(material)


def _silent(material: Material) -> Iterator[Point]:
    call, reminded = material.call, {row.audience for row in material.reminders}
    if material.sections and call.closes_at and Audience.DRAFT not in reminded:
        yield look("reminders", _("Whoever has not submitted yet is not reminded of the deadline."))
    if call.consent_required and Audience.CONSENT not in reminded:
        yield look("reminders", _("Whoever waits for the consent of a partner is not reminded."))
    if call.reviews_wanted and material.criteria and Audience.REVIEW not in reminded:
        yield look("reminders", _("Reviewers who are late are not reminded."))


def _early(material: Material) -> Iterator[Point]:
    """What is due before the call opens finds no draft."""
    rows = [row for row in material.reminders if row.audience == Audience.DRAFT]
    if early := [row for row in rows if _before_it_opens(material.call, row.days)]:
        text = ngettext(
            "The reminder %(days)s days before the deadline comes before the call opens: nobody gets it.",
            "The reminders %(days)s days before the deadline come before the call opens: nobody gets them.",
            len(early),
        )
        yield look("reminders", text % {"days": ", ".join(str(row.days) for row in early)})


def _before_it_opens(call: Call, days: int) -> bool:
    """Whether so many days before the deadline the call is not open yet."""
    return call.closes_at is not None and call.closes_at - call.opens_at < timedelta(days=days)
