"""What one checkout's demo holds for itself: its folder, its lock, its key, its port."""

import contextlib
import fcntl
import os
import secrets
import socket
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
STATE = PROJECT / "var" / "demo"
LOOPBACK = "127.0.0.1"


class Refused(RuntimeError):
    """The demo cannot begin; the text is one sentence."""


def claim(port: int) -> socket.socket:
    """The web server's listening socket. Raises Refused with one sentence when the port is taken."""
    try:
        return socket.create_server((LOOPBACK, port), backlog=128)
    except PermissionError as error:
        raise Refused(f"port {port} needs more rights: choose another with `make demo PORT=8001`.") from error
    except OSError as error:
        other = port + 1 if 1024 <= port < 65_535 else 8001
        raise Refused(f"port {port} is in use: choose another with `make demo PORT={other}`.") from error


@contextlib.contextmanager
def only_one(port: int) -> Iterator[None]:
    """Hold this checkout's data for one demo. Raises Refused when another one holds it."""
    try:
        STATE.mkdir(parents=True, exist_ok=True)
        lock = (STATE / "lock").open("a+")
    except PermissionError as error:
        raise Refused(f"{error.filename} belongs to another user: run as that user or remove it.") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            where = f"http://localhost:{lock.read().strip()}/"
            raise Refused(f"a demo of this folder runs already, at {where}; stop it first.") from error
        lock.truncate(0)
        lock.write(str(port))
        lock.flush()
        yield


def kept_secret() -> str:
    """The secret key of this checkout's demo, made at its first start."""
    path = STATE / "secret-key"
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text()


def shown(path: Path) -> Path:
    """A path as a person in the checkout would type it."""
    return path.relative_to(PROJECT) if path.is_relative_to(PROJECT) else path
