"""The servers of a stack as parts that are killed, stopped, let go on and started again."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol, TypeVar

import psycopg2

from cooperation.embedded.postgres import Postgres
from cooperation.embedded.valkey import Valkey
from cooperation.processes import Account, Child, kill_group

Answer = TypeVar("Answer")


class Server(Protocol):
    """What a part has running."""

    name: str
    stop_signal: signal.Signals
    url: str
    process: Child

    def ready(self) -> bool: ...


def until(condition: Callable[[], Answer], seconds: float = 20, what: str = "it") -> Answer:
    """Ask fifty times a second until the answer is true, and give it; fail after a while."""
    end = time.monotonic() + seconds
    while not (answer := condition()):
        assert time.monotonic() < end, f"{what} did not happen within {seconds} s"
        time.sleep(0.02)
    return answer


class Part:
    """One server process of a stack, at the same address after each start."""

    server: Server

    @property
    def url(self) -> str:
        return self.server.url

    def start(self) -> None:
        self._begin()
        until(self.server.ready, 30, f"the start of {self.server.name}")

    def _begin(self) -> None:
        raise NotImplementedError

    def kill(self) -> None:
        """End it with all its processes at once, as a loss of power would."""
        below = descendants(self.server.process.pid)
        kill_group(self.server.process)
        for pid in below:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.server.process.wait()

    def restart(self, *, immediate: bool = True) -> None:
        """End it and start it again: at once, or after it wrote everything down."""
        if immediate:
            self.kill()
        elif self.server.process.poll() is None:
            self.server.process.send_signal(self.server.stop_signal)
            self.server.process.wait(timeout=20)
        self.start()

    def running(self) -> bool:
        return self.server.process.poll() is None

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Hung: it takes connections and says nothing, until the block ends."""
        processes = [self.server.process.pid, *descendants(self.server.process.pid)]
        for pid in processes:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in processes:
                os.kill(pid, signal.SIGCONT)

    @contextmanager
    def gone(self) -> Iterator[None]:
        """Killed until the block ends: connections are refused."""
        self.kill()
        try:
            yield
        finally:
            self.start()


class Database(Part):
    """PostgreSQL. A commit is in the files before it is answered, so a kill of it loses nothing."""

    server: Postgres

    def __init__(self, folder: Path, *, sockets: Path, account: Account) -> None:
        self._where: dict[str, Any] = {"sockets": sockets, "account": account}
        self._folder = folder

    def _begin(self) -> None:
        self.server = Postgres(self._folder, durable=True, **self._where)

    def spare_the_disk(self) -> None:
        """The machine itself will not stop: the files need not reach its disk."""
        for name in ("fsync", "full_page_writes", "autovacuum"):
            self.sql(f"ALTER SYSTEM SET {name} = off", database="postgres")
        self.sql("SELECT pg_reload_conf()", database="postgres")

    def sql(self, query: str, *parameters: Any, database: str = "") -> list[tuple[Any, ...]]:
        """Run a statement by itself, on a connection of its own; give its rows."""
        with self.connected(database) as connection, connection.cursor() as cursor:
            cursor.execute(query, parameters or None)
            return cursor.fetchall() if cursor.description else []

    @contextmanager
    def connected(self, database: str = "") -> Iterator[Any]:
        """A connection in which each statement commits."""
        address = self.url.replace("/portal?", f"/{database}?") if database else self.url
        connection = psycopg2.connect(address)
        connection.autocommit = True
        try:
            yield connection
        finally:
            connection.close()


class _Ended(Valkey):
    """Ends with its owner also while it is stopped."""

    stop_signal = signal.SIGKILL


class Broker(Part):
    """Valkey, without a file: what it held is lost when it ends."""

    server: Valkey

    def __init__(self, folder: Path, *, sockets: Path) -> None:
        self._folder, self._sockets = folder, sockets

    def _begin(self) -> None:
        self.server = _Ended(self._folder, sockets=self._sockets, durable=False)

    def flush(self) -> None:
        """Empty it."""
        self.client().flushall()

    def client(self) -> Any:
        import redis

        return redis.Redis.from_url(self.url, socket_timeout=2)


def descendants(pid: int) -> list[int]:
    """The processes below a process, as they are now."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [below for child in map(int, children) for below in (child, *descendants(child))]
