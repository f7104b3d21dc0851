"""An end for whole conversations over the network.

A timeout of a socket bounds one read or write. A server that sends one byte at a time keeps within it for
ever, so a conversation has so many seconds IN ALL: a watchdog shuts its connection down when they are over.
"""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

AGAIN = 0.5  # seconds; for a connection that was opened, or went over to TLS, as time ran out


@contextmanager
def cut_off(ends: float, connection: Callable[[], socket.socket | None]) -> Iterator[threading.Event]:
    """Shut `connection()` down from an instant of time.monotonic() on, whatever is read or written on it.

    The event that it gives is set once the time is over; whoever reads from the connection finds its end.
    """
    over, done = threading.Event(), threading.Event()

    def watch() -> None:
        wait = max(0.0, ends - time.monotonic())
        while not done.wait(wait):
            over.set()
            _shut(connection())
            wait = AGAIN

    threading.Thread(target=watch, name="watchdog", daemon=True).start()
    try:
        yield over
    finally:
        done.set()


def _shut(sock: socket.socket | None) -> None:
    if sock is None:
        return
    try:
        # the bare socket's: that of TLS would touch what the other thread works with
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
    except OSError:
        return  # closed meanwhile
