"""A mail server of our own: a process that is killed, stopped and told where to trouble a conversation."""

import json
import signal
import socket
import sys
from collections import Counter
from email import message_from_bytes
from email.message import Message as Mail
from pathlib import Path
from typing import Any

from cooperation import processes
from tests.faults.parts import Part

ROOT = Path(__file__).resolve().parents[2]
# Where a conversation can be troubled, in its order. "text" lies in the middle of the text, "received" after
# it; "recorded": it is kept, and the sender does not know yet.
POINTS = ("connect", "ehlo", "mail", "rcpt", "data", "text", "received", "recorded")
TIMEOUT, LONGEST = 1, 2  # seconds that the portal of a stack gives it for a step, and for a message
IN_DOUBT = POINTS[POINTS.index("data") :]  # from here on a sender cannot know


class _Server:
    """The process, and the socket for its orders."""

    name = "the mail server"
    stop_signal = signal.SIGKILL

    def __init__(self, port: int, record: Path) -> None:
        self.url = f"smtp://127.0.0.1:{port}"
        ours, given = socket.socketpair()
        ours.settimeout(30)
        with ours, given:
            words = ["-m", "tests.faults.sink_server", str(port), record, str(given.fileno())]
            self.process = processes.start(
                [sys.executable, *words],
                on_parent_death=self.stop_signal,
                cwd=ROOT,
                pass_fds=[given.fileno()],
            )
            self._stream = ours.makefile("rw")

    def ready(self) -> bool:
        return bool(self.ask("ready"))

    def ask(self, order: str, **how: Any) -> Any:
        """Give an order; its answer."""
        print(json.dumps({"order": order, "with": how}), file=self._stream, flush=True)
        line = self._stream.readline()
        assert line, "the mail server is gone"
        return json.loads(line)


class Trouble:
    """A trouble that was put at a point."""

    def __init__(self, server: _Server, number: int) -> None:
        self._server, self._number = server, number

    def wait(self, seconds: float = 20) -> None:
        """Until somebody comes to this point."""
        came = self._server.ask("wait", number=self._number, seconds=seconds)
        assert came, "nobody came to this point"


class Sink(Part):
    """The mail server on a port of this machine, which stays the same; its record outlives its process."""

    server: _Server

    def __init__(self, folder: Path) -> None:
        self._record = folder / "mails.jsonl"
        self._read: list[Mail] = []
        self._read_to = 0
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self._port = probe.getsockname()[1]

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self._port}"

    def _begin(self) -> None:
        self.server = _Server(self._port, self._record)

    @property
    def mails(self) -> list[Mail]:
        """What was taken, in its order; also while the server is gone."""
        with self._record.open("rb") as record:
            record.seek(self._read_to)
            for line in record:
                if not line.endswith(b"\n"):
                    break
                self._read.append(message_from_bytes(json.loads(line)[1].encode("latin-1")))
                self._read_to += len(line)
        return list(self._read)

    def counts(self) -> Counter[str]:
        """How many mails were taken, by Message-ID."""
        return Counter(str(mail["Message-ID"]) for mail in self.mails)

    def trouble(self, point: str, **what: Any) -> Trouble:
        """Put a trouble at a point of every conversation from now on, until `calm` or the server's end."""
        assert point in POINTS
        return Trouble(self.server, self.server.ask("trouble", point=point, **what))

    def calm(self) -> None:
        """End all troubles, and let those who wait go on."""
        self.server.ask("calm")

    def reset(self) -> None:
        """Begin again: nothing kept, no trouble, nobody refused."""
        if not self.running():
            self.start()
        self.calm()
        self.server.ask("forget")
        self._read, self._read_to = [], 0
