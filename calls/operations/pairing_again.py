"""A run computed again from what it froze, and its kept result checked without the solver."""

import json
from typing import Any

from calls.models import PairingRun
from calls.operations.pairing_child import solve_apart
from calls.queries.pairing_kept import LEFT_OUT, input_of, versions
from partnerships.matching.child import engine_of
from partnerships.matching.document import digest, from_json, to_json


def differences(run: PairingRun) -> list[str]:
    """What is not as it was kept: nothing, or words for an operator. Raises SolverStopped.

    The frozen input must have its hash; the kept result must pass the independent check; solved again with
    the same versions it must be the same to the bit, explanations of the proposals included.
    """
    frozen = input_of(run)
    found = []
    if digest(frozen) != run.input_sha256 or to_json(frozen) != run.input:
        found.append("the frozen input is not what was hashed")
    engine = engine_of(run.shape)
    try:
        kept = whole_result(run)
        faults = engine.verify(frozen, from_json(engine.result, json.dumps(kept)))
    except (KeyError, TypeError, ValueError) as fault:
        return [*found, f"the kept result cannot be read ({fault})"]
    found += [f"the kept result: {fault.code}" for fault in faults]
    again = solve_apart(run.shape, run.input, beat=lambda _stage, _done: None).result
    if versions(again) == run.engine_version and to_json(again) != to_json(kept):
        found.append("computed again, the result is another")
    return found


def whole_result(run: PairingRun) -> dict[str, Any]:
    """The engine's result as it was: what the run keeps, with the explanations that its proposals keep."""
    result = dict(run.result or {})
    told = list(run.proposals.order_by("pk").values_list("explanation", flat=True))
    for key in LEFT_OUT.keys() & result.keys():
        result[key] = told
    return result
