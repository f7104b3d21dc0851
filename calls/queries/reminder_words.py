"""Reminders in words: when one is due, and of what."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls.models import ReminderRule
from calls.models.reminder import Audience
from calls.queries.eligibility_terms import listed


def in_order(rules: Iterable[ReminderRule]) -> list[ReminderRule]:
    """As a round goes: drafts first, late reviews last, of each audience the earliest first."""
    places = {audience.value: place for place, audience in enumerate(Audience)}
    return sorted(rules, key=lambda rule: (places[rule.audience], rule.days if rule.late else -rule.days))


def days_in_words(rule: ReminderRule) -> str:
    """When a rule is due: "7 days before", "when it is due, then every 7 days"."""
    first = offset_in_words(-rule.days if rule.late else rule.days)
    if not rule.repeat_days:
        return first
    again = ngettext("then every day", "then every %(count)s days", rule.repeat_days)
    return f"{first}, {again % {'count': rule.repeat_days}}"


def offset_in_words(days: int) -> str:
    """An offset as keys hold it, below zero after the due instant."""
    if days == 0:
        return _("when it is due")
    if days < 0:
        return ngettext("%(count)s day after", "%(count)s days after", -days) % {"count": -days}
    return ngettext("%(count)s day before", "%(count)s days before", days) % {"count": days}


def audiences_in_words(audiences: Iterable[str]) -> str:
    """What a message reminds of: one audience, or several that share it."""
    first, *others = (str(Audience(name).label) for name in audiences)
    return listed([first, *(label[:1].lower() + label[1:] for label in others)])
