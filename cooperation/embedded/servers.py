"""The pair of servers, and how other commands of the same checkout find it."""

import json
import shutil
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from cooperation import processes
from cooperation.embedded.places import SOCKETS, ServerError, account, reason, short_folder
from cooperation.embedded.postgres import Postgres
from cooperation.embedded.valkey import Valkey, answers

RUNNING = Path(__file__).resolve().parents[2] / "var" / "run" / "servers.json"
START_SECONDS = 30
STOP_SECONDS = 1.5


class Servers:
    """A running PostgreSQL and Valkey, owned by this process."""

    def __init__(self, sockets: Path) -> None:
        """Hold nothing yet; `start` is the way in."""
        self._sockets = sockets
        self._running: list[Postgres | Valkey] = []
        self._announced: Path | None = None
        self.database_url = self.redis_url = ""

    @classmethod
    def start(cls, data_dir: Path, *, durable: bool, postgres: bool = True, valkey: bool = True) -> "Servers":
        """Start the wanted servers on the data kept under `data_dir`, which is made when missing.

        `durable` keeps the data through a crash of the machine; without it the servers write faster. The URL
        of a server that is not wanted stays empty. Raises ServerError with one sentence. The caller makes
        sure that nothing else uses `data_dir`, and calls this from the main thread.
        """
        try:
            data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
            user = account()
            servers = cls(short_folder(data_dir, root=SOCKETS, account=user))
            try:
                if valkey:
                    servers._start_valkey(data_dir, durable)
                if postgres:
                    servers._start_postgres(data_dir, user, durable)
                for server in servers._running:
                    _wait_for(server)
            except BaseException:
                servers.stop()
                raise
        except PermissionError as error:
            raise ServerError(
                f"{error.filename} belongs to another user: run as that user or remove it."
            ) from error
        return servers

    def _start_valkey(self, data_dir: Path, durable: bool) -> None:
        server = Valkey(data_dir, sockets=self._sockets, durable=durable)
        self._running.append(server)
        self.redis_url = server.url

    def _start_postgres(self, data_dir: Path, user: processes.Account, durable: bool) -> None:
        server = Postgres(data_dir, sockets=self._sockets, account=user, durable=durable)
        self._running.append(server)
        self.database_url = server.url

    def announce(self) -> None:
        """Leave the addresses of both where other commands of this checkout look for them."""
        RUNNING.parent.mkdir(parents=True, exist_ok=True)
        draft = RUNNING.with_suffix(".new")
        draft.write_text(json.dumps({"database_url": self.database_url, "redis_url": self.redis_url}))
        draft.replace(RUNNING)
        self._announced = RUNNING

    def children(self) -> dict[str, processes.Child]:
        """The two processes by name, for a supervisor that watches them."""
        return {server.name: server.process for server in self._running}

    def stop(self) -> None:
        """Stop both servers within about 1.5 s. Calling it twice does no harm."""
        processes.stop(
            {server.process: server.stop_signal for server in self._running}, patience=STOP_SECONDS
        )
        if self._announced:
            self._announced.unlink(missing_ok=True)
        shutil.rmtree(self._sockets, ignore_errors=True)


def running_urls() -> tuple[str, str] | None:
    """Database and Redis URL of the demo that runs in this checkout, or None when none does."""
    try:
        urls = json.loads(RUNNING.read_text())
        database_url, redis_url = urls["database_url"], urls["redis_url"]
    except (OSError, ValueError, KeyError):
        return None
    folder = parse_qs(urlsplit(database_url).query)["host"][0]
    alive = answers(Path(folder, ".s.PGSQL.5432")) and answers(Path(urlsplit(redis_url).path))
    return (database_url, redis_url) if alive else None


def _wait_for(server: Postgres | Valkey) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not server.ready():
        if server.process.poll() is not None or time.monotonic() > deadline:
            why = reason(server.log.read_bytes())
            raise ServerError(f"{server.name} did not start: {why} (more in {server.log}).")
        time.sleep(0.02)
