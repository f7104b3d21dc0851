"""The reminders that a new call begins with: those of its programme's newest call, else the portal's own."""

from calls.models import Call, ReminderRule
from calls.models.reminder import Audience

# Audience, days before it is due (for late reviews: after), again every so many days.
USUAL: tuple[tuple[Audience, int, int | None], ...] = (
    (Audience.DRAFT, 7, None),
    (Audience.DRAFT, 3, None),
    (Audience.DRAFT, 1, None),
    (Audience.CONSENT, 10, None),
    (Audience.CONSENT, 5, None),
    (Audience.DOCUMENT, 5, None),
    (Audience.CORRECTION, 2, None),
    (Audience.PROPOSAL, 7, None),
    (Audience.PROPOSAL, 2, None),
    (Audience.PLACE, 3, None),
    (Audience.REVIEW, 0, 7),
)


def give_reminders(call: Call) -> None:
    """Write the reminders of a call that has none yet."""
    others = Call.objects.filter(programme=call.programme, reminders__isnull=False).exclude(pk=call.pk)
    newest = others.order_by("-opens_at", "-pk").first()
    if newest is None:
        rows = [
            ReminderRule(call=call, audience=audience, days=days, repeat_days=again)
            for audience, days, again in USUAL
        ]
    else:
        rows = [
            ReminderRule(
                call=call,
                audience=row.audience,
                days=row.days,
                repeat_days=row.repeat_days,
                active=row.active,
            )
            for row in newest.reminders.all()
        ]
    ReminderRule.objects.bulk_create(rows)
