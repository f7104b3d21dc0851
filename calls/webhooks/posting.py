"""One POST to a server that nobody vouches for.

The standard library's client is enough, and leaves nothing to be switched off: no redirects, no proxies, no
second try, no connection that opens itself again. A request has so many seconds IN ALL, also against a
server that sends one byte at a time.
"""

import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse

from calls.webhooks.addresses import Reach, Target, addresses_of, target_of
from cooperation.watchdog import cut_off

LONGEST_ANSWER = 4096  # bytes that are read of what the server says


@dataclass(frozen=True)
class Answer:
    """What a server said: its status, and the beginning of its words."""

    status: int
    text: str


class TooSlow(Exception):
    """No whole answer within the seconds of a request."""


def post(url: str, body: bytes, headers: Mapping[str, str], *, reach: Reach, seconds: float) -> Answer:
    """Send once, in so many seconds in all. Raises NotReachable, TooSlow, OSError or HTTPException."""
    target = target_of(url, reach)
    numbers = addresses_of(target, reach)
    ends = time.monotonic() + seconds
    with _connected(target, numbers, ends) as sock, _watched(sock, ends):
        if isinstance(sock, ssl.SSLSocket):
            sock.do_handshake()
        return _exchange(target, sock, body, headers)


@contextmanager
def _connected(target: Target, numbers: list[str], ends: float) -> Iterator[socket.socket]:
    """A connection to the first address that answers; its TLS handshake is still to come."""
    sock = _first(numbers, target.port, ends)
    if target.tls:
        context = ssl.create_default_context()
        sock = context.wrap_socket(sock, server_hostname=target.host, do_handshake_on_connect=False)
    try:
        yield sock
    finally:
        sock.close()


def _first(numbers: list[str], port: int, ends: float) -> socket.socket:
    problem: OSError | None = None
    for number in numbers:
        left = ends - time.monotonic()
        if left <= 0:
            raise TooSlow
        try:
            return socket.create_connection((number, port), timeout=left)
        except OSError as error:
            problem = error
    if isinstance(problem, TimeoutError):
        raise TooSlow from problem
    raise problem or OSError("no address")


@contextmanager
def _watched(sock: socket.socket, ends: float) -> Iterator[None]:
    """Cut the connection off at an instant, and call that what it is."""
    with cut_off(ends, lambda: sock) as over:
        try:
            yield
        except (OSError, HTTPException) as error:
            if over.is_set() or isinstance(error, TimeoutError):
                raise TooSlow from error
            raise


def _exchange(target: Target, sock: socket.socket, body: bytes, headers: Mapping[str, str]) -> Answer:
    connection = HTTPConnection(target.host, target.port)
    connection.auto_open = 0
    connection.sock = sock
    connection.request("POST", target.path, body, {"Host": target.host_header, **headers})
    answer = connection.getresponse()
    return Answer(answer.status, _beginning(answer))


def _beginning(answer: HTTPResponse) -> str:
    """What it says, as far as it comes in time: the status alone decides."""
    found = b""
    try:
        while len(found) < LONGEST_ANSWER and (piece := answer.read1(LONGEST_ANSWER - len(found))):
            found += piece
    except (OSError, HTTPException):
        pass
    return found.decode("utf-8", "replace").replace("\x00", "")
