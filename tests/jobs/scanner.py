"""A server that speaks the protocol of clamd on a real socket: it finds a test file, hangs or breaks."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

# The test file of EICAR, in two parts: a scanner of this machine must not find it in this file.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Scanner:
    """What it was asked, and how it behaves: "fine", "hang", "large" or "slam"."""

    def __init__(self, listening: socket.socket) -> None:
        self._listening = listening
        self.behaviour = "fine"
        self.taken: list[bytes] = []
        self._over = threading.Event()

    def serve(self) -> None:
        while not self._over.is_set():
            try:
                connection, _address = self._listening.accept()
            except OSError:
                return
            with connection:
                self._answer(connection)

    def stop(self) -> None:
        self._over.set()
        # a thread that waits in accept() is woken by a call, not by closing what it waits on
        with socket.socket(self._listening.family) as knock:
            knock.connect(self._listening.getsockname())
        self._listening.close()

    def _answer(self, connection: socket.socket) -> None:
        reader = connection.makefile("rb")
        if self._over.is_set() or reader.read(10) != b"zINSTREAM\0":
            return
        data = b""
        while length := struct.unpack(">I", reader.read(4))[0]:
            data += reader.read(length)
        self.taken.append(data)
        if self.behaviour == "hang":
            self._over.wait(5)
        elif self.behaviour == "large":
            connection.sendall(b"INSTREAM size limit exceeded. ERROR\0")
        elif self.behaviour == "fine":
            found = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in data else b"stream: OK\0"
            connection.sendall(found)


@contextmanager
def scanner(listening: socket.socket) -> Iterator[Scanner]:
    """One that serves in a thread until the block ends."""
    found = Scanner(listening)
    thread = threading.Thread(target=found.serve, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        found.stop()
        thread.join(timeout=10)


@contextmanager
def scanner_at_a_port() -> Iterator[tuple[Scanner, str]]:
    """One on a port of its own, and its address."""
    listening = socket.create_server(("127.0.0.1", 0))
    with scanner(listening) as found:
        yield found, f"clamd://127.0.0.1:{listening.getsockname()[1]}"
