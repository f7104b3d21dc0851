"""Cities without a partner: why, and the reserve list, the city that would cost the whole least first."""

from collections.abc import Sequence
from dataclasses import dataclass

from calls.queries import pairing_causes as causes
from calls.queries import pairing_why_not as why
from calls.queries import pairing_wording as wording
from calls.queries.eligibility_terms import country
from calls.queries.pairing_runs import OpenRun
from partnerships.matching.outcome import Reserve
from partnerships.matching.pool import PoolInput
from partnerships.matching.reserve import reserve


@dataclass(frozen=True)
class WithoutPartner:
    """A city left over; `partner` and `cost` of the pair in which it would cost least, if one is possible."""

    reference: str
    name: str
    country: str
    reason: str
    partner: str = ""
    partner_reference: str = ""
    cost: str = ""
    free: bool = False
    steps: Sequence[why.StepLine] = ()
    effects: Sequence[str] = ()


def without_partner(opened: OpenRun) -> list[WithoutPartner]:
    """Every city of the run without a partner, by opportunity cost; of a pool in the engine's order."""
    kept = opened.result["ungrouped" if opened.grouped else "unmatched"]
    reasons = {row["id"]: causes.unmatched(row["reason"], opened.words) for row in kept}
    if isinstance(opened.frozen, PoolInput) or not opened.solved:
        return [_left(opened, reference, reasons) for reference in reasons]
    return [_waiting(opened, row, reasons) for row in reserve(opened.frozen, opened.outcome)]


def _left(opened: OpenRun, reference: str, reasons: dict[str, str]) -> WithoutPartner:
    profile = opened.profiles[reference]
    return WithoutPartner(reference, profile.name, country(profile.country), reasons.get(reference, ""))


def _waiting(opened: OpenRun, row: Reserve, reasons: dict[str, str]) -> WithoutPartner:
    left, entry = _left(opened, row.id, reasons), row.entry
    if entry is None or entry.before is None or entry.after is None:
        return left
    partner = entry.b if entry.a == row.id else entry.a
    return WithoutPartner(
        left.reference,
        left.name,
        left.country,
        left.reason,
        partner=opened.words.city(partner),
        partner_reference=partner,
        cost=wording.signed(-entry.cost),
        free=entry.cost <= 0,
        steps=why.steps_of(entry.steps, opened.words),
        effects=why.effects(entry.before, entry.after, entry.alone, opened.words),
    )
