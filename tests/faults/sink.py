"""A mail server of our own that keeps what it takes, and fails, waits or hangs up where a test says."""

import socket
import threading
from collections import Counter
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message as Mail

# Where a conversation can be troubled, in its order. "text" lies in the middle of the text, "received" after
# it; "recorded": it is kept, and the sender does not know yet.
POINTS = ("connect", "ehlo", "mail", "rcpt", "data", "text", "received", "recorded")
LONGEST_HOLD = 60.0
LAST_LINE = b"\r\n.\r\n"


class HungUp(Exception):
    """The conversation ends here."""


@dataclass
class Trouble:
    """What happens at a point: a reply instead of the usual one, a hang-up, or a wait until `go`."""

    reply: str = ""
    drop: bool = False
    hold: bool = False
    times: int | None = None  # None: always
    recipient: str = ""  # only for this one; from RCPT on
    reached: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)

    def wait(self, seconds: float = 20) -> None:
        assert self.reached.wait(seconds), "nobody came to this point"


class Sink:
    """Listens on a port of this machine, which stays the same."""

    def __init__(self) -> None:
        self._kept: list[tuple[str, Mail]] = []
        self._troubles: dict[str, Trouble] = {}
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listener: socket.socket | None = None
        self.port = 0
        self.conversations = 0
        self.accept()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def mails(self) -> list[Mail]:
        with self._lock:
            return [mail for _recipient, mail in self._kept]

    def counts(self) -> Counter[str]:
        """How many mails were taken, by Message-ID."""
        return Counter(str(mail["Message-ID"]) for mail in self.mails)

    def trouble(self, point: str, **what: object) -> Trouble:
        """Put a trouble at a point of every conversation from now on."""
        assert point in POINTS
        self._troubles[point] = made = Trouble(**what)  # type: ignore[arg-type]
        return made

    def calm(self) -> None:
        """End all troubles, and let those who wait go on."""
        troubles, self._troubles = self._troubles, {}
        for trouble in troubles.values():
            trouble.go.set()

    def reset(self) -> None:
        """Begin again: nothing kept, no trouble, nobody refused."""
        if not self.listening:
            self.accept()
        self.calm()
        self.hang_up()
        with self._lock:
            self._kept.clear()

    def hang_up(self) -> None:
        """End every conversation that is going on."""
        with self._lock:
            for client in self._open:
                client.shutdown(socket.SHUT_RDWR)

    @property
    def listening(self) -> bool:
        return self._listener is not None

    def refuse(self) -> None:
        """Listen no more: whoever connects is refused."""
        if self._listener:
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None

    def accept(self) -> None:
        """Listen, again after `refuse`."""
        self._listener = socket.create_server(("127.0.0.1", self.port), backlog=50)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._listen, args=[self._listener], daemon=True).start()

    def _listen(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _address = listener.accept()
            except OSError:
                return
            self.conversations += 1
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
        with self._lock:
            self._kept.append((recipient, message_from_bytes(text)))

    def trouble_at(self, point: str, recipient: str) -> Trouble | None:
        with self._lock:
            trouble = self._troubles.get(point)
            if trouble is None or trouble.times == 0 or trouble.recipient not in ("", recipient):
                return None
            if trouble.times is not None:
                trouble.times -= 1
            return trouble


class _Conversation:
    """One connection: the few words of SMTP that our senders speak."""

    def __init__(self, sink: Sink, client: socket.socket, lines) -> None:
        self._sink, self._client, self._lines = sink, client, lines
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
        self._sink.keep(self._recipient, text.removesuffix(LAST_LINE))
        self._answer("recorded", "250 taken")

    def _answer(self, point: str, usual: str) -> bool:
        """Say the usual; False where trouble said something else."""
        if point and self._trouble(point):
            return False
        self._say(usual)
        return True

    def _trouble(self, point: str) -> bool:
        """Whether trouble has answered already. Raises HungUp."""
        trouble = self._sink.trouble_at(point, self._recipient)
        if trouble is None:
            return False
        trouble.reached.set()
        if trouble.hold:
            trouble.go.wait(LONGEST_HOLD)
        if trouble.reply:
            self._say(trouble.reply)
        if trouble.drop:
            raise HungUp
        return bool(trouble.reply)

    def _say(self, line: str) -> None:
        self._client.sendall(line.encode() + b"\r\n")
