"""The engine in a process of its own, so that limits on memory and time are real and a stop is a stop.

`python -m partnerships.matching.child SHAPE MEGABYTES SECONDS PIPE`: canonical JSON of an input on standard
input; on standard output {"result": ..., "faults": [...]}, where faults are what the independent check found;
on the file descriptor PIPE a line "stage per-mille" as often as the engine tells. Exit status OUT_OF_MEMORY
when the limit did not suffice. `calls.operations.pairing_child` is the other end.
"""

import json
import os
import resource
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

OUT_OF_MEMORY = 70
PARENT_LOOKED_AT = 1.0  # seconds
READING, CHECKING = "reading", "checking"


@dataclass(frozen=True)
class Engine:
    """How a shape of input is read, solved and checked."""

    input: type
    result: type
    run: Callable[..., Any]
    verify: Callable[[Any, Any], Any]


def engine_of(shape: str) -> Engine:
    """The engine of "sides" or "pool". Imported here: a process that only waits needs no solver."""
    if shape == "pool":
        from partnerships.matching import groups, pool_verification
        from partnerships.matching.pool import PoolInput, PoolResult

        return Engine(PoolInput, PoolResult, groups.run, pool_verification.verify)
    from partnerships.matching import engine, verification
    from partnerships.matching.outcome import PairingResult
    from partnerships.matching.profiles import PairingInput

    return Engine(PairingInput, PairingResult, engine.run, verification.verify)


def main(shape: str, megabytes: int, seconds: int, pipe: int) -> int:
    """Solve what stands on standard input; the exit status."""
    limit(megabytes, seconds)
    end_with_parent()
    try:
        sys.stdout.write(solved(shape, sys.stdin.read(), lambda stage, done: tell(pipe, stage, done)))
        sys.stdout.flush()
    except MemoryError:
        return OUT_OF_MEMORY
    return 0


def solved(shape: str, text: str, progress: Callable[[str, int], None]) -> str:
    """The answer of the engine to an input, with what the independent check has against it, as JSON."""
    from partnerships.matching.document import from_json, to_json

    progress(READING, 0)
    engine = engine_of(shape)
    frozen: Any = from_json(engine.input, text)
    result = engine.run(frozen, progress=progress)
    progress(CHECKING, 950)
    faults = engine.verify(frozen, result)
    return f'{{"faults":{json.dumps([fault.code for fault in faults])},"result":{to_json(result)}}}'


def limit(megabytes: int, seconds: int) -> None:
    """No more address space than that, and in case the parent is gone no more processor time."""
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20, megabytes * 2**20))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds + 5, seconds + 10))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def tell(pipe: int, stage: str, per_mille: int) -> None:
    os.write(pipe, f"{stage} {per_mille}\n".encode())


def end_with_parent() -> None:
    """End when the parent was killed, which leaves nobody to read the answer."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(PARENT_LOOKED_AT)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    shape, *numbers = sys.argv[1:]
    sys.exit(main(shape, *map(int, numbers)))
