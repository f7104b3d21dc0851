"""Start the parts of the demo in order, watch them, and stop them together."""

import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from cooperation import processes
from cooperation.demo.checkout import LOOPBACK, PROJECT, STATE, claim, kept_secret, only_one, shown
from cooperation.demo.events import Events, Stopped
from cooperation.embedded import Servers
from cooperation.processes import Child
from cooperation.queues import JOBS, MAIL, WEBHOOKS, queue_name

LOGS = STATE / "log"
PEOPLE = STATE / "people.txt"
# Together with the servers' own 1.5 s and make's half second, all ends within five.
STOP_SECONDS = 2.0
WEB_SECONDS = 60
LINES_SHOWN = 8


class Failed(RuntimeError):
    """A part of the demo ended on its own; the text says which and why."""


def run(port: int, *, with_parent: bool = False) -> int:
    """Run the demo until somebody stops it: 0 then, 1 when a part failed, 2 when an address leads nowhere.

    Raises Refused or ServerError, each with one sentence, when it cannot begin. Nothing is left running.
    """
    claim(port).close()
    with only_one(port):
        demo = Demo(port, Events(with_parent=with_parent))
        try:
            return demo.run()
        except Stopped:
            say("Stopping")
            return 0
        except Failed as sentence:
            print(f"make demo: {sentence}", file=sys.stderr)  # noqa: T201
            return 1
        finally:
            demo.stop()


class Demo:
    """The parts of one running demo."""

    def __init__(self, port: int, events: Events) -> None:
        """Start nothing yet."""
        self._port, self._events = port, events
        self._parts: dict[str, Child] = {}
        self._servers: Servers | None = None
        self._env = {
            "SECRET_KEY": kept_secret(),
            "MEDIA_ROOT": str(STATE / "media"),
            "STATIC_ROOT": str(STATE / "static"),
            **{name: value for name, value in os.environ.items() if value},
            "ALLOWED_HOSTS": f"localhost,{LOOPBACK}",
            "SITE_URL": f"http://localhost:{port}",
            "DEMO": "1",
            "DEBUG": "0",
            "DJANGO_SETTINGS_MODULE": "cooperation.settings",
        }

    def run(self) -> int:
        """Start everything, say where it is, and watch; return only what the preparation refused."""
        self._start_servers()
        self._start_mail()
        if code := self._prepare():
            return code
        self._start_portal()
        self._wait_for_web()
        self._introduce()
        while True:
            self._raise_if_one_ended()
            self._events.wait(None)

    def stop(self) -> None:
        """Stop what was started, the servers after the parts that use them."""
        processes.stop(dict.fromkeys(self._parts.values(), signal.SIGTERM), patience=STOP_SECONDS)
        if self._servers:
            self._servers.stop()

    def _start_servers(self) -> None:
        """Start PostgreSQL and Valkey where the environment names none."""
        database, broker = "DATABASE_URL" not in self._env, "REDIS_URL" not in self._env
        if not (database or broker):
            return
        self._servers = servers = Servers.start(STATE, durable=True, postgres=database, valkey=broker)
        say(f"{' and '.join(servers.children())} started, with data kept in {shown(STATE)}")
        if database:
            self._env["DATABASE_URL"] = servers.database_url
        if broker:
            self._env["REDIS_URL"] = servers.redis_url
        if database and broker:
            servers.announce()

    def _start_mail(self) -> None:
        if "EMAIL_URL" in self._env:
            return
        folder = STATE / "mail"
        folder.mkdir(exist_ok=True)
        with socket.create_server((LOOPBACK, 0)) as listening:
            words = ["cooperation.demo.mail", str(listening.fileno()), str(folder)]
            self._start("mail", words, sockets=[listening])
            self._env["EMAIL_URL"] = f"smtp://{LOOPBACK}:{listening.getsockname()[1]}"
        self._env["DEMO_MAIL_DIR"] = str(folder)

    def _prepare(self) -> int:
        """Migrate and load; its progress goes straight to the terminal. Return 2 when it refused."""
        child = self._parts["preparation"] = processes.start(
            [sys.executable, "-m", "cooperation.demo.prepare", str(PEOPLE)],
            on_parent_death=signal.SIGKILL,
            env=self._env,
            cwd=PROJECT,
        )
        code = self._events.wait_for(child)
        del self._parts["preparation"]
        if code not in (0, 2):
            raise Failed("the database could not be prepared; the lines above say why.")
        return code

    def _start_portal(self) -> None:
        with claim(self._port) as listening:
            web = "gunicorn cooperation.wsgi --preload --workers 2 --worker-class gthread --threads 4"
            web += f" --bind fd://{listening.fileno()} --graceful-timeout 1 --no-control-socket"
            self._start("web", [*web.split(), "--log-level", "warning"], sockets=[listening])
        for name, queues in (("worker", ("", MAIL)), ("jobs", (JOBS, WEBHOOKS))):
            self._start_worker(name, queues)
        beat = "celery -A cooperation beat --pidfile= --schedule"
        self._start("beat", [*beat.split(), str(STATE / "beat-schedule")])

    def _start_worker(self, name: str, lanes: Iterable[str]) -> None:
        """A worker of some queues: mail shares none with what may take long.

        Threads in one process: a pool of processes would outlive a worker that is killed. An orphan is
        killed at once, since it would wait for its tasks; the broker keeps what was not acknowledged.
        """
        prefix = self._env.get("CELERY_QUEUE", "portal")
        queues = ",".join(queue_name(prefix, lane) for lane in lanes)
        words = f"celery -A cooperation worker --hostname {name}@%h --queues {queues} --pool threads"
        words += " --concurrency 3 --without-gossip --without-mingle --loglevel INFO"
        self._start(name, words.split(), on_parent_death=signal.SIGKILL)

    def _start(
        self,
        name: str,
        words: list[str],
        *,
        sockets: Iterable[socket.socket] = (),
        on_parent_death: signal.Signals = signal.SIGTERM,
    ) -> None:
        """Run a Python module, with its arguments, as the part `name`, which has a log of its own."""
        LOGS.mkdir(exist_ok=True)
        with _log_of(name).open("wb") as output:
            self._parts[name] = processes.start(
                [sys.executable, "-m", *words],
                on_parent_death=on_parent_death,
                env=self._env,
                cwd=PROJECT,
                output=output,
                pass_fds=[listening.fileno() for listening in sockets],
            )

    def _wait_for_web(self) -> None:
        deadline = time.monotonic() + WEB_SECONDS
        while (answer := _healthz(self._port)) != http.client.OK:
            self._raise_if_one_ended()
            if time.monotonic() > deadline:
                raise Failed(f"/healthz gave {answer or 'no answer'} for {WEB_SECONDS} s; see {shown(LOGS)}.")
            self._events.wait(0.2)

    def _introduce(self) -> None:
        say(f"\nThe portal runs at http://localhost:{self._port}/ (Ctrl-C stops it)\n")
        if people := PEOPLE.read_text(encoding="utf-8").rstrip():
            say(f"{people}\n")
        if folder := self._env.get("DEMO_MAIL_DIR"):
            page = f"http://localhost:{self._port}/demo/mail/"
            say(f"Mail arrives at {page} and as files in {shown(Path(folder))}")

    def _raise_if_one_ended(self) -> None:
        servers = self._servers.children() if self._servers else {}
        for name, child in (self._parts | servers).items():
            if (code := child.poll()) is not None:
                log = _log_of(name)
                lines = log.read_text(errors="replace").splitlines()[-LINES_SHOWN:] if log.exists() else []
                raise Failed(
                    "\n  ".join([f"{name} ended with code {code}, so all of the demo stops.", *lines])
                )


def _log_of(name: str) -> Path:
    return LOGS / f"{name}.log"


def _healthz(port: int) -> int | None:
    """The status code of the health page, or None without an answer."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=1)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def say(text: str) -> None:
    """One line of progress for the person at the terminal."""
    print(text, flush=True)  # noqa: T201
