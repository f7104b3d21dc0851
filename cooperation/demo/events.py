"""Signals as something to wait for: a request to stop, or a child that ended."""

import os
import select
import signal
import time
from pathlib import Path
from types import FrameType

from cooperation.processes import Child

STOP_REQUESTS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LOOK_AT_PARENT_SECONDS = 0.5


class Stopped(Exception):
    """Somebody asked the demo to stop."""


class Events:
    """Every signal leaves a byte in a pipe, so that none is lost between two waits."""

    def __init__(self, *, with_parent: bool) -> None:
        """Take over the signals of this process. Call it once, in the main thread.

        `with_parent` also stops when the calling program, such as make, was asked to.
        """
        self._pipe, write = os.pipe()
        os.set_blocking(self._pipe, False)
        os.set_blocking(write, False)
        signal.set_wakeup_fd(write, warn_on_full_buffer=False)
        for number in (*STOP_REQUESTS, signal.SIGCHLD):
            # Under nohup a hang-up is ignored on purpose, and stays so.
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, _noticed)
        self._parent = os.getppid() if with_parent else None
        self._handled_by_parent = _handled_by(self._parent)

    def wait(self, seconds: float | None) -> None:
        """Sleep until something happens, at most `seconds`. Raises Stopped on a request to stop."""
        deadline = None if seconds is None else time.monotonic() + seconds
        while True:
            left = None if deadline is None else max(0.0, deadline - time.monotonic())
            turns = [turn for turn in (left, self._parent and LOOK_AT_PARENT_SECONDS) if turn is not None]
            if select.select([self._pipe], [], [], min(turns, default=None))[0]:
                if set(STOP_REQUESTS).intersection(os.read(self._pipe, 1024)):
                    raise Stopped
                return
            self._raise_if_parent_stops()
            if deadline is not None and time.monotonic() >= deadline:
                return

    def wait_for(self, child: Child) -> int:
        """Wait for a child to end, and return its exit code. Raises Stopped on a request to stop."""
        while (code := child.poll()) is None:
            self.wait(None)
        return code

    def _raise_if_parent_stops(self) -> None:
        """Make passes SIGTERM on; at SIGINT and SIGHUP it drops its handler and waits for its children."""
        if self._handled_by_parent & ~_handled_by(self._parent):
            raise Stopped


def _handled_by(pid: int | None) -> int:
    """The stop requests that a process handles itself, as the kernel's bit mask; 0 when that is not known."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    caught = next(int(line.split()[1], 16) for line in status.splitlines() if line.startswith("SigCgt:"))
    return caught & sum(1 << (number - 1) for number in STOP_REQUESTS)


def _noticed(number: int, frame: FrameType | None) -> None:
    """Only the byte in the pipe counts; a handler must exist for it to be written."""
