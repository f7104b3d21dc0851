"""Signals as something to wait for: a request to stop, or a child that ended."""

import os
import select
import signal
from types import FrameType

from cooperation.processes import Child

STOP_REQUESTS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(Exception):  # noqa: N818 - not an error: somebody asked
    """Somebody asked the demo to stop."""


class Events:
    """Every signal leaves a byte in a pipe, so that none is lost between two waits and nothing polls."""

    def __init__(self) -> None:
        """Take over the signals of this process. Call it once, in the main thread."""
        self._pipe, write = os.pipe()
        os.set_blocking(self._pipe, False)
        os.set_blocking(write, False)
        signal.set_wakeup_fd(write, warn_on_full_buffer=False)
        for number in (*STOP_REQUESTS, signal.SIGCHLD):
            # Under nohup a hang-up is ignored on purpose, and stays so.
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, _noticed)

    def wait(self, seconds: float | None) -> None:
        """Sleep until something happens, at most `seconds`. Raises Stopped on a request to stop."""
        if select.select([self._pipe], [], [], seconds)[0]:
            arrived = os.read(self._pipe, 1024)
            if set(STOP_REQUESTS).intersection(arrived):
                raise Stopped

    def wait_for(self, child: Child) -> int:
        """Wait for a child to end, and return its exit code. Raises Stopped on a request to stop."""
        while (code := child.poll()) is None:
            self.wait(None)
        return code


def _noticed(number: int, frame: FrameType | None) -> None:
    """Only the byte in the pipe counts; a handler must exist for it to be written."""
