"""The web server of a stack, in a fork of the loaded portal: it starts in a tenth of a second."""

import socket
from collections.abc import Sequence

from tests.faults.parts import until
from tests.faults.stack import Doing, Stack


def serve(stack: Stack, **environment: str) -> int:
    """Start it, wait until it takes connections, and give its port."""
    return begin(stack, **environment)[1]


def begin(stack: Stack, words: Sequence[str] = (), **environment: str) -> tuple[Doing, int]:
    """The server's process, for who wants to send it signals, and its port."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    log = stack.folder / f"web-{port}.log"
    doing = stack.do(
        "tests.faults.web_doings:gunicorn", environment, port=port, log=str(log), words=list(words)
    )
    until(lambda: _listens(port), 20, "a listening web server")
    return doing, port


def _listens(port: int) -> bool:
    with socket.socket() as client:
        client.settimeout(1)
        return client.connect_ex(("127.0.0.1", port)) == 0
