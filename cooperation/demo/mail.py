"""The demo's mail server: takes every message and keeps it as a file that a mail program opens.

`python -m cooperation.demo.mail SOCKET FOLDER`, where SOCKET is the number of a listening socket to inherit.
"""

import asyncio
import itertools
import socket
import sys
from datetime import UTC, datetime
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session


class Keep:
    """Writes each message into a folder, under the instant of its arrival."""

    def __init__(self, folder: Path) -> None:
        """`folder` exists."""
        self._folder = folder
        self._numbers = itertools.count(1)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the message; a half-written one is never visible. The name can stand in an address."""
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S-%f}-{next(self._numbers):04d}.eml"
        draft = self._folder / f".{name}"
        draft.write_bytes(envelope.original_content or b"")
        draft.rename(self._folder / name)
        return "250 Kept"


async def serve(listening: socket.socket, folder: Path) -> None:
    """Take mail until the process is stopped."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(Keep(folder), hostname="localhost", enable_SMTPUTF8=True), sock=listening
    )
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(socket.socket(fileno=int(sys.argv[1])), Path(sys.argv[2])))
