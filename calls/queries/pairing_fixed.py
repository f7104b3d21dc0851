"""What is settled before a run: pins, vetoes, proposals that stand, and the pairs of the run before.

Applications by reference; a pair or a group is a set of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from calls.models import Call, PairingRun, Proposal
from calls.models.pairing import DirectiveKind, DirectiveSource, RunCause, RunState
from calls.queries.pairing_kept import groups_of

Group = frozenset[str]


class PinOutsideError(Exception):
    """A pin names an application that does not take part; `str()` is a sentence for staff."""


@dataclass(frozen=True)
class Fixed:
    """`pins` hold what belongs together, `vetoes` pairs that stay apart, `previous` the run before."""

    pins: frozenset[Group]
    vetoes: frozenset[Group]
    previous: frozenset[Group]


def fixed(call: Call, taking_part: set[str]) -> Fixed:
    """What is settled among the applications that take part. Raises PinOutsideError.

    Pinned are directives in force and proposals that are published and stand, so that no city is moved
    while it answers. Kept apart are directives in force and those that are partners already.
    """
    pins = _directed(call, DirectiveKind.PIN, taking_part) | _standing(call)
    vetoes = _directed(call, DirectiveKind.VETO, taking_part) | _founded(call)
    last = last_run(call)
    return Fixed(
        pins=_among(pins, taking_part),
        vetoes=_among(vetoes, taking_part),
        previous=_among(map(frozenset, groups_of(last)) if last else (), taking_part),
    )


def last_run(call: Call) -> PairingRun | None:
    """The run that the next one stays close to: the last published, else the last done; no what-if."""
    done = call.pairing_runs.filter(state=RunState.DONE).exclude(cause=RunCause.WHAT_IF)
    published = done.filter(published_at__isnull=False).order_by("-published_at")
    return published.first() or done.order_by("-number").first()


def standing(call: Call) -> Iterable[Proposal]:
    """Published proposals that can still be accepted by all, with their places."""
    rows = Proposal.objects.filter(
        run__call=call,
        run__published_at__isnull=False,
        repeats__isnull=True,
        lapsed_at__isnull=True,
        partnership__isnull=True,
    )
    return rows.exclude(places__answer="declined").prefetch_related("places__application")


def _standing(call: Call) -> set[Group]:
    return {_references(row) for row in standing(call)}


def _founded(call: Call) -> set[Group]:
    rows = Proposal.objects.filter(run__call=call, partnership__isnull=False)
    groups = [_references(row) for row in rows.prefetch_related("places__application")]
    return {frozenset((one, other)) for group in groups for one in group for other in group if one < other}


def _references(proposal: Proposal) -> Group:
    return frozenset(place.application.reference for place in proposal.places.all())


def _directed(call: Call, kind: DirectiveKind, taking_part: set[str]) -> set[Group]:
    rows = call.directives.filter(kind=kind, ended_at__isnull=True)
    found = set()
    for row in rows.select_related("one__lead__city", "other__lead__city"):
        pair = frozenset((row.one.reference, row.other.reference))
        outside = [side for side in (row.one, row.other) if side.reference not in taking_part]
        if outside and kind == DirectiveKind.PIN and row.source == DirectiveSource.STAFF:
            about = {"city": outside[0].lead, "pin": f"{row.one.lead} – {row.other.lead}"}
            raise PinOutsideError(
                _("%(city)s does not take part, but “%(pin)s” is pinned. End that pin first.") % about
            )
        found.add(pair)
    return found


def _among(groups: Iterable[Group], taking_part: set[str]) -> frozenset[Group]:
    return frozenset(group for group in groups if group <= taking_part)
