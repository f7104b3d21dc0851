"""Checks the proof of a run whose limits cross, without any solver."""

from partnerships.matching.choice_proof import proof_faults
from partnerships.matching.crossing import lay_crossing
from partnerships.matching.ground import Ground
from partnerships.matching.outcome import Message, PairingResult


def cap_faults(ground: Ground, result: PairingResult) -> tuple[Message, ...]:
    """Caps that hold more pairs than they allow."""
    country_a = {profile.id: profile.country for profile in ground.pairing.a.profiles}
    country_b = {profile.id: profile.country for profile in ground.pairing.b.profiles}
    pairs = [(country_a[pair.a], country_b[pair.b]) for pair in result.pairs]
    return tuple(
        Message("cap_broken", {"cap": cap.label})
        for cap in ground.pairing.caps
        if sum(a in cap.a and b in cap.b for a, b in pairs) > cap.maximum
    )


def crossing_faults(ground: Ground, result: PairingResult) -> tuple[Message, ...]:
    """The stages whose proof does not show that nothing is better."""
    if result.proof.stages is None:
        return (Message("proof_unreadable", {}),)
    crossing, table = lay_crossing(ground), ground.table
    free = [(table.ids_a[pair.a], table.ids_b[pair.b]) for pair in result.pairs if not pair.pinned]
    raised = ground.pairing.settings.raise_floor
    return proof_faults(crossing.choice, crossing.taken(free), result.proof.stages, raise_floor=raised)
