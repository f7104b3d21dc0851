"""A whole portal of a test's own, of real processes: PostgreSQL, Valkey, workers, beat, web, a mail server.

It shares nothing with the other tests, so that whatever is killed hurts nobody. The tables come from the
database that the tests made already. Everything listens on Unix sockets or on loopback, and ends with the
process that started it, however that ends.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

from cooperation import processes
from cooperation.embedded import throwaway
from cooperation.embedded.places import SOCKETS, account, short_folder
from tests.faults import gates
from tests.faults.parts import Broker, Database, until
from tests.faults.sink import Sink

ROOT = Path(__file__).resolve().parents[2]
FRESH = "fresh"  # the database that each test's own is copied from
LOAD_SECONDS = 60


class Doing:
    """Something that a process of the portal does; it can be waited for, and killed."""

    def __init__(self, client: socket.socket) -> None:
        self._stream = client.makefile("rw")
        self.pid = int(self._stream.readline())
        self._handle = os.pidfd_open(self.pid)

    def begin(self, request: dict[str, Any]) -> None:
        print(json.dumps(request), file=self._stream, flush=True)

    def value(self) -> Any:
        """What it returned. Fails where it raised, or died before it could say."""
        said = self.said()
        assert said is not None, "the process died"
        assert "error" not in said, said.get("error")
        return said["value"]

    def said(self) -> dict[str, Any] | None:
        """Its value or error once it has ended; None where it died."""
        try:
            line = self._stream.readline()
        except ConnectionResetError:  # it died before it read what it was to do
            return None
        return json.loads(line) if line else None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to this process alone."""
        try:
            signal.pidfd_send_signal(self._handle, number)
        except ProcessLookupError:
            return

    def kill(self) -> None:
        """End it and every process that it started, at once."""
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self.said()

    def end(self) -> None:
        """Ask it to end as an operator would, and wait for it."""
        self.signal(signal.SIGTERM)
        self.said()


class Stack:
    """The parts of one portal. `start` it once, `reset` it before each test, `stop` it at the end."""

    def __init__(self) -> None:
        self.folder, self._lock = throwaway.made_folder()
        user = account()
        self._sockets = short_folder(self.folder, root=SOCKETS, account=user)
        self.postgres = Database(self.folder, sockets=self._sockets, account=user)
        self.valkey = Broker(self.folder, sockets=self._sockets)
        self.sink = Sink(self.folder)
        self._doings: list[Doing] = []
        self._children: list[processes.Child] = []

    def start(self, tables_of: str) -> None:
        """Start the servers, with the tables of the database at this address."""
        self.sink.start()
        self.valkey.start()
        self.postgres.start()
        self.postgres.spare_the_disk()
        self.postgres.sql(f"CREATE DATABASE {FRESH}", database="postgres")
        self._copy_tables(tables_of)
        with self.postgres.connected(FRESH) as connection, connection.cursor() as cursor:
            gates.install(cursor)
        self._load_portal()

    def _copy_tables(self, address: str) -> None:
        programs = Path(str(self.postgres.server.process.args[0])).parent  # type: ignore[index]
        wanted = ["--no-owner", "--no-acl", f"--file={self.folder / 'tables.sql'}", address]
        subprocess.run([programs / "pg_dump", *wanted], check=True)
        words = ["--quiet", "--set=ON_ERROR_STOP=1", f"--file={self.folder / 'tables.sql'}"]
        fresh = self.postgres.url.replace("/portal?", f"/{FRESH}?")
        subprocess.run([programs / "psql", *words, fresh], check=True, stdout=subprocess.DEVNULL)

    def _load_portal(self) -> None:
        address = self._sockets / "portal.sock"
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(address))
            listener.listen()
            with (self.folder / "portal.log").open("wb") as log:
                self._children.append(
                    processes.start(
                        [sys.executable, "-m", "tests.faults.portal", str(listener.fileno())],
                        on_parent_death=signal.SIGKILL,
                        env=self.environment,
                        cwd=ROOT,
                        pass_fds=[listener.fileno()],
                        output=log,
                    )
                )
        self._portal = address

    @property
    def environment(self) -> dict[str, str]:
        """The environment of every process of this portal: the settings of a real one."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
        return inherited | {
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": self.valkey.url,
            "EMAIL_URL": self.sink.url,
            "CELERY_QUEUE": "faults",
            "SECRET_KEY": "only-for-this-test",
            "MEDIA_ROOT": str(self.folder / "media"),
            "STATIC_ROOT": str(self.folder / "static"),
            "LOG_LEVEL": "WARNING",
        }

    def reset(self) -> None:
        """End all that a test left running, and begin again with empty tables, queues and mailboxes."""
        self.end_doings()
        for part in (self.postgres, self.valkey):
            if not part.running():
                part.start()
        self.valkey.flush()
        self.sink.reset()
        self.postgres.sql("DROP DATABASE IF EXISTS portal WITH (FORCE)", database="postgres")
        self.postgres.sql(f"CREATE DATABASE portal TEMPLATE {FRESH} STRATEGY FILE_COPY", database="postgres")

    def end_doings(self) -> None:
        for doing in self._doings:
            doing.kill()
        self._doings.clear()

    @staticmethod
    def kill(pid: int) -> None:
        """End one process of the portal, such as a child of a worker, at once."""
        os.kill(pid, signal.SIGKILL)

    def stop(self) -> None:
        self.end_doings()
        for child in self._children:
            processes.kill_group(child)
            child.wait()
        for part in (self.postgres, self.valkey, self.sink):
            if part.running():
                part.kill()
        shutil.rmtree(self._sockets, ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    # --- what is done --------------------------------------------------------------------------------------
    def do(self, what: str, environment: dict[str, str] | None = None, **arguments: Any) -> Doing:
        """Begin a function of `tests.faults.doings`, or of another module: "module:function"."""
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(LOAD_SECONDS)
        try:
            client.connect(str(self._portal))
            doing = Doing(client)
        except (ConnectionError, ValueError):
            raise AssertionError((self.folder / "portal.log").read_text()) from None
        finally:
            client.close()
        if ":" not in what:
            what = f"tests.faults.doings:{what}"
        doing.begin({"what": what, "with": arguments, "environment": environment or {}})
        self._doings.append(doing)
        return doing

    def done(self, what: str, **arguments: Any) -> Any:
        """The value of a function of the portal once it has ended."""
        return self.do(what, **arguments).value()

    def manage(self, *words: str) -> str:
        """What a management command wrote."""
        return self.done("manage", words=words)

    def sql(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        return self.postgres.sql(query, *parameters)

    def until_sent(self, count: int, seconds: float = 20) -> None:
        """Wait until so many messages are known to be sent."""
        query = "SELECT count(*) FROM notifications_message WHERE state = 'sent'"
        until(lambda: self.sql(query) == [(count,)], seconds, f"the sending of {count} messages")

    def worker(self, concurrency: int = 1, **arguments: Any) -> Doing:
        """A Celery worker with a pool of processes, waited for until it takes tasks."""
        log = self.folder / f"worker-{len(self._doings)}.log"
        return self.do("worker", concurrency=concurrency, log=str(log), **arguments)

    def beat(self, every: float | None = None) -> Doing:
        """A scheduler; with `every` it wakes the mail alone, every so many seconds."""
        number = len(self._doings)
        return self.do(
            "beat",
            schedule=str(self.folder / f"schedule-{number}"),
            every=every,
            log=str(self.folder / f"beat-{number}.log"),
        )

    def web(self, **environment: str) -> str:
        """The portal behind gunicorn on a port of this machine: its address."""
        with socket.create_server(("127.0.0.1", 0)) as listening:
            words = "gunicorn cooperation.wsgi --preload --workers 2 --worker-class gthread --threads 4"
            words += f" --bind fd://{listening.fileno()} --graceful-timeout 1 --no-control-socket"
            with (self.folder / "web.log").open("ab") as log:
                self._children.append(
                    processes.start(
                        [sys.executable, "-m", *words.split(), "--log-level", "warning"],
                        on_parent_death=signal.SIGKILL,
                        env=self.environment | environment,
                        cwd=ROOT,
                        pass_fds=[listening.fileno()],
                        output=log,
                    )
                )
            return f"http://127.0.0.1:{listening.getsockname()[1]}"
