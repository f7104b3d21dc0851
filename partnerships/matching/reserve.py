"""Who comes next: the unmatched by what they would cost, and who stands in for a city that leaves."""

from partnerships.matching.outcome import PairingResult, Reserve, StandIn
from partnerships.matching.profiles import PairingInput


def reserve(pairing: PairingInput, result: PairingResult) -> tuple[Reserve, ...]:
    """Every city without a partner, the one that would cost the whole least first, with its best pair.

    Cities for which no pair is possible come last. Empty for a result that was not solved.
    """
    raise NotImplementedError


def stand_in(
    pairing: PairingInput, result: PairingResult, city: str, *, move_others: bool = False
) -> StandIn:
    """What happens when a city of the run drops out: who takes its place.

    All other pairs stay, unless `move_others` lets the free ones be exchanged for a better whole. Raises
    KeyError for a city that is not in the run, ValueError for a result that was not solved.
    """
    raise NotImplementedError
