"""The engine's process from outside: started, listened to, stopped at its limits or when nobody wants it."""

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from partnerships.matching.child import OUT_OF_MEMORY

A_BEAT = 0.5  # seconds between two looks at whether the run is still wanted
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
"""Each thread reserves address space, and none of them makes a run faster here."""


class SolverStopped(Exception):
    """The process ended without an answer; `code` is a cause of `pairing_failure.FAILURES`."""

    def __init__(self, code: str, detail: object) -> None:
        super().__init__(code, detail)
        self.code, self.detail = code, detail


@dataclass(frozen=True)
class Answer:
    """An engine's result as plain data, and what the independent check has against it (codes)."""

    result: dict[str, Any]
    faults: list[str]


def solve_apart(shape: str, frozen: str, *, beat: Callable[[str, int], None]) -> Answer:
    """Solve canonical JSON in a process of its own, under the limits of the settings.

    `beat` hears stage and progress per mille about twice a second; whatever it raises ends the process and
    is passed on. Raises SolverStopped.
    """
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as answered:
        given.write(frozen.encode())
        given.seek(0)
        process, pipe = _start(shape, given, answered)
        try:
            _listen(process, pipe, beat)
        finally:
            os.close(pipe)
            process.kill()
            process.wait()
        answered.seek(0)
        return Answer(**json.loads(answered.read()))


def _start(shape: str, given: Any, answered: Any) -> tuple[subprocess.Popen[bytes], int]:
    """The process, and the end of the pipe on which it tells its stages."""
    ours, theirs = os.pipe()
    limits = [str(settings.PAIRING_MEGABYTES), str(settings.PAIRING_SECONDS), str(theirs)]
    try:
        process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", settings.PAIRING_SOLVER, shape, *limits],
            stdin=given,
            stdout=answered,
            cwd=settings.BASE_DIR,
            env=os.environ | ONE_THREAD,
            pass_fds=(theirs,),
        )
    except BaseException:
        os.close(ours)
        raise
    finally:
        os.close(theirs)
    return process, ours


def _listen(process: subprocess.Popen[bytes], pipe: int, beat: Callable[[str, int], None]) -> None:
    """Until the process has ended well. Raises SolverStopped, and what `beat` raises."""
    end = time.monotonic() + settings.PAIRING_SECONDS
    stage, done, heard = "", 0, b""
    while True:
        ready, _, _ = select.select([pipe], [], [], A_BEAT)
        said = os.read(pipe, 65_536) if ready else None
        if said == b"":  # closed: the process has ended
            return _require_good_end(process)
        heard += said or b""
        *lines, heard = heard.split(b"\n")
        if lines:
            stage, number = lines[-1].decode().rsplit(" ", 1)
            done = int(number)
        beat(stage, done)
        if time.monotonic() > end:
            raise SolverStopped("time", settings.PAIRING_SECONDS)


def _require_good_end(process: subprocess.Popen[bytes]) -> None:
    status = process.wait()
    if status == OUT_OF_MEMORY:
        raise SolverStopped("memory", settings.PAIRING_MEGABYTES)
    if status == -signal.SIGXCPU:
        raise SolverStopped("time", settings.PAIRING_SECONDS)
    if status:
        raise SolverStopped("stopped", signal.Signals(-status).name if status < 0 else status)
