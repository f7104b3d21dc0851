"""A mail server that takes everything and keeps nothing: `python -m bench._sink` prints its port and serves.

The protocol is aiosmtpd's, which the tests and the demo use too.
"""

import asyncio

from aiosmtpd.smtp import SMTP, Envelope, Session


class Count:
    """Answers and forgets."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take a message."""
        return "250 Taken"


async def serve() -> None:
    """Take mail until the process is stopped."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Count(), hostname="localhost"), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve())
