"""Servers that receive webhooks, each on a port of its own: they answer, fail, hang, drip and flood."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Talk = Callable[[socket.socket], None]


@dataclass
class Received:
    """One request: its first line, headers in lower case, and bytes."""

    line: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """A server that answers each request as `talks` say, the last one again and again."""

    talks: list[Talk]
    received: list[Received] = field(default_factory=list)
    door: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    tls: ssl.SSLContext | None = None

    def __post_init__(self) -> None:
        self.port: int = self.door.getsockname()[1]

    @property
    def url(self) -> str:
        return f"http{'s' if self.tls else ''}://127.0.0.1:{self.port}/hooks?from=portal"

    def serve(self) -> None:
        with suppress(OSError):
            while True:
                self._one(self.door.accept()[0])

    def _one(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            self.received.append(_read(connection))
            talk = self.talks[min(len(self.received), len(self.talks)) - 1]
            talk(connection)


@contextmanager
def receiving(*talks: Talk, tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    receiver = Receiver(list(talks), tls=tls)
    thread = threading.Thread(target=receiver.serve, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        with suppress(OSError):
            receiver.door.shutdown(socket.SHUT_RDWR)
        receiver.door.close()
        thread.join(timeout=5)


def _read(connection: socket.socket) -> Received:
    file = connection.makefile("rb")
    line = file.readline().decode().strip()
    headers: dict[str, str] = {}
    while row := file.readline().decode().strip():
        name, _, value = row.partition(": ")
        headers[name.lower()] = value
    return Received(line, headers, file.read(int(headers.get("content-length", 0))))


def says(status: int, body: bytes = b"ok", **headers: str) -> Talk:
    lines = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    whole = "\r\n".join(lines).encode() + b"\r\n\r\n" + body

    def talk(connection: socket.socket) -> None:
        connection.sendall(whole)

    return talk


def hangs(connection: socket.socket) -> None:
    """Says nothing until the other side gives up."""
    connection.settimeout(20)
    connection.recv(1)


def drips(connection: socket.socket) -> None:
    """One byte of a header at a time, each soon enough to reset any pause that a client allows."""
    for byte in b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 2000:
        connection.sendall(bytes([byte]))
        time.sleep(0.05)


def drips_its_body(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n")
    for _byte in range(2000):
        connection.sendall(b"a")
        time.sleep(0.05)


def floods(connection: socket.socket) -> None:
    """A body without an end."""
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(b"a" * 65536)


def no_http(connection: socket.socket) -> None:
    connection.sendall(b"\x00\x01\x02 220 not HTTP\r\n\r\n")
