"""Asking ClamAV's daemon about a file, by its INSTREAM command (clamd(8)): the bytes go over the socket.

Pure: no settings. An address is `clamd://host:3310` or `clamd:///run/clamd.sock`.
"""

import socket
import struct
import time
from urllib.parse import urlsplit

PORT = 3310
CHUNK = 64 * 1024  # bytes
SECONDS = 20.0  # for the whole of one file
LONGEST_ANSWER = 4096  # bytes


class ScannerAway(Exception):
    """The scanner did not answer, or not in a way that says whether the file is clean."""


def is_address(address: str) -> bool:
    """Whether an address names a scanner."""
    try:
        parts = urlsplit(address)
        return parts.scheme == "clamd" and bool(parts.hostname or parts.path.strip("/")) and parts.port != 0
    except ValueError:
        return False


def finding(address: str, data: bytes, *, seconds: float = SECONDS) -> str:
    """What the scanner found in a file, by its name; empty when the file is clean. Raises ScannerAway."""
    ends = time.monotonic() + seconds
    try:
        with _connected(address, seconds) as asked:
            _send(asked, data, ends)
            return _read(_answer(asked, ends))
    except OSError as error:
        raise ScannerAway(f"{type(error).__name__}: {error}") from error


def _connected(address: str, seconds: float) -> socket.socket:
    parts = urlsplit(address)
    if parts.hostname:
        return socket.create_connection((parts.hostname, parts.port or PORT), timeout=min(seconds, 5.0))
    found = socket.socket(socket.AF_UNIX)
    found.settimeout(min(seconds, 5.0))
    try:
        found.connect(parts.path)
    except OSError:
        found.close()
        raise
    return found


def _send(asked: socket.socket, data: bytes, ends: float) -> None:
    """The command, the file in chunks with their lengths, and a length of nothing."""
    _within(asked, ends)
    asked.sendall(b"zINSTREAM\0")
    for start in range(0, len(data), CHUNK):
        _within(asked, ends)
        chunk = data[start : start + CHUNK]
        asked.sendall(struct.pack(">I", len(chunk)) + chunk)
    asked.sendall(struct.pack(">I", 0))


def _answer(asked: socket.socket, ends: float) -> str:
    found = b""
    while not found.endswith((b"\0", b"\n")) and len(found) < LONGEST_ANSWER:
        _within(asked, ends)
        piece = asked.recv(LONGEST_ANSWER)
        if not piece:
            break
        found += piece
    return found.rstrip(b"\0\n").decode("utf-8", "replace").replace("\0", "\ufffd")


def _read(answer: str) -> str:
    """`stream: OK`, or `stream: Name FOUND`; anything else says nothing about the file."""
    said = answer.removeprefix("stream:").strip()
    if said == "OK":
        return ""
    if said.endswith(" FOUND"):
        return said.removesuffix(" FOUND")
    raise ScannerAway(said[:200] or "no answer")


def _within(asked: socket.socket, ends: float) -> None:
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError("the scanner took too long")
    asked.settimeout(left)
