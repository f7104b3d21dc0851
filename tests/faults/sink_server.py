"""The process of the mail server: keeps what it takes in a file, and fails, waits or drips where it is told.

Its orders and its answers to them are lines of JSON on a socket. What it has taken is in the file before it
says so, and outlives it.
"""

import json
import os
import socket
import sys
import threading
from dataclasses import dataclass, field
from itertools import count
from typing import Any

LONGEST_HOLD = 60.0
LAST_LINE = b"\r\n.\r\n"


class HungUp(Exception):
    """The conversation ends here."""


@dataclass
class Trouble:
    """What happens at a point: a wait until `go`, a reply instead of the usual one, a hang-up.

    With `drip` the wait is a reply without an end, one byte every so many seconds.
    """

    reply: str = ""
    drop: bool = False
    hold: bool = False
    drip: float = 0.0
    times: int | None = None  # None: always
    recipient: str = ""  # only for this one; from RCPT on
    reached: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)


class Server:
    """What all conversations share, and the orders that change it."""

    def __init__(self, record: str) -> None:
        self._record = os.open(record, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._troubles: dict[str, Trouble] = {}
        self._numbers = count()
        self._numbered: dict[int, Trouble] = {}
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()

    def listen(self, listener: socket.socket) -> None:
        while True:
            client, _address = listener.accept()
            threading.Thread(target=self._serve, args=[client], daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with self._lock:
            self._open.add(client)
        try:
            with client.makefile("rb") as lines:
                _Conversation(self, client, lines).run()
        except (HungUp, OSError, ValueError):
            pass
        finally:
            with self._lock:
                self._open.discard(client)
                client.close()

    def keep(self, recipient: str, text: bytes) -> None:
        line = json.dumps([recipient, text.decode("latin-1")]) + "\n"
        with self._lock:
            os.write(self._record, line.encode())

    def trouble_at(self, point: str, recipient: str) -> Trouble | None:
        with self._lock:
            trouble = self._troubles.get(point)
            if trouble is None or trouble.times == 0 or trouble.recipient not in ("", recipient):
                return None
            if trouble.times is not None:
                trouble.times -= 1
            return trouble

    # --- orders --------------------------------------------------------------------------------------------
    def ready(self) -> bool:
        return True

    def trouble(self, point: str, **what: Any) -> int:
        """Put a trouble at a point of every conversation from now on; give its number."""
        number = next(self._numbers)
        with self._lock:
            self._troubles[point] = self._numbered[number] = Trouble(**what)
        return number

    def wait(self, number: int, seconds: float) -> bool:
        """Whether somebody came to the point of a trouble within so many seconds."""
        return self._numbered[number].reached.wait(seconds)

    def calm(self) -> bool:
        """End all troubles, and let those who wait go on."""
        with self._lock:
            troubles, self._troubles = self._troubles, {}
        for trouble in troubles.values():
            trouble.go.set()
        return True

    def forget(self) -> bool:
        """End every conversation, and have nothing in the record."""
        with self._lock:
            for client in self._open:
                client.shutdown(socket.SHUT_RDWR)
            os.ftruncate(self._record, 0)
        return True


class _Conversation:
    """One connection: the few words of SMTP that our senders speak."""

    def __init__(self, server: Server, client: socket.socket, lines: Any) -> None:
        self._server, self._client, self._lines = server, client, lines
        self._recipient = ""

    def run(self) -> None:
        self._answer("connect", "220 sink")
        while line := self._lines.readline():
            word, rest = line[:4].upper().strip(), line.strip().decode()
            if word == b"QUIT":
                self._say("221 bye")
                return
            if word == b"RCPT":
                self._recipient = rest.partition("<")[2].partition(">")[0]
            if word == b"DATA":
                self._take_text()
            else:
                point = {b"EHLO": "ehlo", b"MAIL": "mail", b"RCPT": "rcpt"}.get(word, "")
                self._answer(point, "250 OK")

    def _take_text(self) -> None:
        if not self._answer("data", "354 go on"):
            return
        text = self._lines.read1(200)
        self._trouble("text")
        while not text.endswith(LAST_LINE):
            if not (more := self._lines.read1()):
                raise HungUp
            text += more
        if self._trouble("received"):
            return
        self._server.keep(self._recipient, text.removesuffix(LAST_LINE))
        self._answer("recorded", "250 taken")

    def _answer(self, point: str, usual: str) -> bool:
        """Say the usual; False where trouble said something else."""
        if point and self._trouble(point, usual[:3]):
            return False
        self._say(usual)
        return True

    def _trouble(self, point: str, code: str = "250") -> bool:
        """Whether trouble has answered already. Raises HungUp."""
        trouble = self._server.trouble_at(point, self._recipient)
        if trouble is None:
            return False
        trouble.reached.set()
        if trouble.drip:
            self._drip(trouble, code)
        elif trouble.hold:
            trouble.go.wait(LONGEST_HOLD)
        if trouble.reply:
            self._say(trouble.reply)
        if trouble.drop:
            raise HungUp
        return bool(trouble.reply)

    def _drip(self, trouble: Trouble, code: str) -> None:
        """A line that is never the last one, byte by byte until it may go on."""
        self._client.sendall(f"{code}-".encode())
        while not trouble.go.wait(trouble.drip):
            self._client.sendall(b".")
        self._say("")

    def _say(self, line: str) -> None:
        self._client.sendall(line.encode() + b"\r\n")


def obey(server: Server, orders: socket.socket) -> None:
    """Do what each line asks, and answer it, until there is nobody to ask."""
    with orders.makefile("rw") as stream:
        for line in stream:
            order = json.loads(line)
            said = getattr(server, order["order"])(**order["with"])
            print(json.dumps(said), file=stream, flush=True)


if __name__ == "__main__":
    port, record, given = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    server = Server(record)
    listener = socket.create_server(("127.0.0.1", port), backlog=50)
    threading.Thread(target=server.listen, args=[listener], daemon=True).start()
    obey(server, socket.socket(fileno=given))
