"""Why a pair was not proposed: the rule that blocks it, or exactly what it would cost."""

from partnerships.matching.outcome import PairingResult, WhyNot
from partnerships.matching.profiles import PairingInput


def why_not(pairing: PairingInput, result: PairingResult, a: str, b: str) -> WhyNot:
    """Why `a` (of side A) and `b` (of side B) are not paired in this result of this input.

    Codes of the reason: not_solved; not_in_run {city}; proposed {pinned}; vetoed; below_minimum {score,
    minimum}; no_capacity {side, city}; pinned_elsewhere {side, city, capacity}: pins hold all its places;
    country_pinned {side, city, country, maximum}: pins hold all places for partners of this country;
    quota_pinned {side, quota, maximum}: pins hold all places of the quota; cap_pinned {cap, maximum}; cost.
    """
    raise NotImplementedError
