"""Engines that misbehave, each in place of the true one: `python -m tests.calls.pairing_solvers`.

Which one is in the environment (PAIRING_FAULT). They follow the protocol of partnerships.matching.child.
"""

import json
import os
import signal
import sys
import time

from partnerships.matching.child import end_with_parent, limit, main, tell


def slow(pipe: int) -> int:
    """Says how far it is, and never comes to an end."""
    end_with_parent()
    for step in range(100_000):
        tell(pipe, "total", step % 1000)
        time.sleep(0.05)
    return 0


def mute(_pipe: int) -> int:
    """Says nothing and does nothing."""
    end_with_parent()
    time.sleep(3600)
    return 0


def greedy(megabytes: int, seconds: int) -> int:
    """Takes more memory than it may."""
    limit(megabytes, seconds)
    try:
        return len(bytearray(megabytes * 2**20))
    except MemoryError:
        return 70


def lying(shape: str) -> int:
    """Gives a true result of which a pair is missing, and what the check says to that."""
    from partnerships.matching.child import engine_of
    from partnerships.matching.document import from_json, to_json

    engine = engine_of(shape)
    frozen = from_json(engine.input, sys.stdin.read())
    true = engine.run(frozen)
    worse = type(true)(**{**vars(true), "pairs": true.pairs[:1]})
    faults = [fault.code for fault in engine.verify(frozen, worse)]
    sys.stdout.write(json.dumps({"faults": faults, "result": json.loads(to_json(worse))}))
    return 0


def dying() -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


def slow_while(shape: str, megabytes: int, seconds: int, pipe: int) -> int:
    """Slow as long as a file exists that the test removes."""
    end_with_parent()
    while os.path.exists(os.environ["PAIRING_SLOW_WHILE"]):
        tell(pipe, "total", 500)
        time.sleep(0.05)
    return main(shape, megabytes, seconds, pipe)


if __name__ == "__main__":
    shape, *numbers = sys.argv[1:]
    megabytes, seconds, pipe = map(int, numbers)
    acts = {
        "slow": lambda: slow(pipe),
        "mute": lambda: mute(pipe),
        "greedy": lambda: greedy(megabytes, seconds),
        "lying": lambda: lying(shape),
        "dying": dying,
        "slow_while": lambda: slow_while(shape, megabytes, seconds, pipe),
    }
    sys.exit(acts[os.environ["PAIRING_FAULT"]]())
