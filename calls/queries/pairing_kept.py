"""What a run keeps, read back: its frozen input, who is with whom, and what cities are called."""

from typing import Any

from calls.models import PairingRun
from calls.models.pairing import RunShape
from partnerships.matching.document import from_json
from partnerships.matching.pool import PoolInput
from partnerships.matching.profiles import PairingInput, Profile

LEFT_OUT = {"pairs": ("a", "b", "score", "pinned"), "groups": ("cities", "score", "pinned", "themes")}
"""What `PairingRun.result` keeps of each pair or group; all of it is in the proposal's explanation."""


def input_of(run: PairingRun) -> PairingInput | PoolInput:
    """The frozen input: two sides, or a pool where the run's shape is "pool"."""
    if run.shape == RunShape.POOL:
        return from_json(PoolInput, run.input)
    return from_json(PairingInput, run.input)


def profiles_in(frozen: PairingInput | PoolInput) -> dict[str, Profile]:
    """Reference -> profile of all who took part."""
    rows = frozen.pool if isinstance(frozen, PoolInput) else (*frozen.a.profiles, *frozen.b.profiles)
    return {profile.id: profile for profile in rows}


def groups_of(run: PairingRun) -> list[tuple[str, ...]]:
    """The references of each pair (home side first) or group that the run proposes."""
    result = run.result or {}
    pairs = [(row["a"], row["b"]) for row in result.get("pairs", ())]
    return pairs + [tuple(row["cities"]) for row in result.get("groups", ())]


def versions(result: dict[str, Any]) -> str:
    """What solved it: `PairingRun.engine_version`."""
    return f"{result['engine']}; {result['solver']}"


def kept_form(result: dict[str, Any]) -> dict[str, Any]:
    """An engine's result as `PairingRun.result` holds it: explanations are left to the proposals."""
    return {
        key: [{name: row[name] for name in LEFT_OUT[key]} for row in value] if key in LEFT_OUT else value
        for key, value in result.items()
    }
