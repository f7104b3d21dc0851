"""The panel of a call: who reviews in it, with what load, and what is not known of them."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from calls.models import Call, PanelMember, Reviewer
from calls.queries.assignments import counts_in, loads_of
from calls.queries.ties import Ties, ties_of
from cooperation.accounts.models import User

NOTHING = (0, 0)  # assignments that stand, and finished ones


@dataclass(frozen=True)
class Seat:
    """One person who reviews in a call. `member` is None for who has assignments without being on the panel.

    `load` counts what stands in the call, `finished` of it; `left` what is left to do in all calls.
    """

    user: User
    member: PanelMember | None
    reviewer: Reviewer | None
    load: int
    finished: int
    left: int
    gaps: tuple[str, ...]

    @property
    def minimum(self) -> int:
        return self.member.minimum if self.member else 0

    @property
    def maximum(self) -> int:
        """The most that can stand in the call: the panel's limit, and the person's over all calls."""
        limit = self.member.maximum if self.member else self.load
        if self.reviewer:
            limit = min(limit, self.load + max(0, self.reviewer.maximum_load - self.left))
        return limit

    @property
    def full(self) -> bool:
        return self.load >= self.maximum

    @property
    def waits(self) -> str:
        """Why nothing can be assigned to this person yet, as a sentence; empty when it can."""
        return why_waiting(self.user, self.reviewer)


def why_waiting(user: User, reviewer: Reviewer | None) -> str:
    """Why nothing can be assigned to a person, whatever the application; empty when it can."""
    about = {"person": user}
    if not user.is_active:
        return _("%(person)s cannot log in any more.") % about
    if reviewer is None:
        return ""
    if reviewer.retired_at:
        return _("%(person)s reviews no more.") % about
    if reviewer.declined_at:
        return _("%(person)s declined the invitation.") % about
    if reviewer.accepted_at is None:
        return _("%(person)s has not accepted the invitation yet.") % about
    return ""


def panel_of(call: Call) -> list[Seat]:
    """Everybody who reviews in the call, by name. A constant number of queries."""
    standing = counts_in(call.pk)
    members = {row.user_id: row for row in call.panel.select_related("user")}
    outside = standing.keys() - members.keys()
    people = {pk: row.user for pk, row in members.items()}
    people |= {row.pk: row for row in User.objects.filter(pk__in=outside)}
    records = Reviewer.objects.filter(user__in=people).prefetch_related("areas")
    reviewers = {row.user_id: row for row in records}
    left = loads_of(people)
    ties = ties_of(list(people.values()))
    seats = [
        Seat(
            user=user,
            member=members.get(pk),
            reviewer=reviewers.get(pk),
            load=standing.get(pk, NOTHING)[0],
            finished=standing.get(pk, NOTHING)[1],
            left=left.get(pk, 0),
            gaps=gaps_in(ties[pk], reviewers.get(pk)),
        )
        for pk, user in people.items()
    ]
    return sorted(seats, key=lambda seat: (str(seat.user).casefold(), seat.user.pk))


def gaps_in(ties: Ties, reviewer: Reviewer | None) -> tuple[str, ...]:
    """What is not recorded of a person, and what therefore cannot be found or weighed."""
    languages = reviewer.languages if reviewer else []
    areas = reviewer.areas.all() if reviewer else []
    missing = (
        (ties.cities, _("city unknown: no conflict by city is found")),
        (ties.countries, _("country unknown")),
        (languages, _("languages unknown")),
        (areas, _("areas unknown")),
    )
    return tuple(words for known, words in missing if not known)
