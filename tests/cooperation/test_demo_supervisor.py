"""The supervisor of `make demo`, on a portal with nothing in it: real servers, web, worker, beat and mail."""

import email
import email.policy
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from cooperation.embedded.places import SOCKETS, short_path
from tests.cooperation.families import family, left_after

PROJECT = Path(__file__).resolve().parents[2]
STOP_SECONDS = 20  # a bound for a busy machine; it takes about one
COMMAND = [sys.executable, "-m", "cooperation.demo"]
OURS = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SECRET_KEY", "DJANGO_SETTINGS_MODULE", "DEMO", "DEBUG")


@dataclass
class Running:
    """A demo that answers."""

    process: subprocess.Popen
    port: int

    def get(self, path: str) -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        connection.request("GET", path)
        response = connection.getresponse()
        assert response.status == 200
        return response.read()

    def part(self, words: str) -> int:
        """The process id of the part with these words in its command line."""
        return next(pid for pid in family(self.process.pid) if words in _command(pid))

    def stopped_by(self, number: signal.Signals) -> int:
        """Send a signal, assert that all is gone in time, and return the exit code."""
        members = family(self.process.pid)
        assert len(members) > 6
        self.process.send_signal(number)
        self.process.wait(STOP_SECONDS)
        assert left_after(members, seconds=STOP_SECONDS) == []
        return self.process.returncode


@pytest.fixture
def checkout(tmp_path):
    """Make a folder with the supervisor and an empty portal, under a name with a space."""

    def make(name: str) -> Path:
        folder = tmp_path / name
        shutil.copytree(Path(__file__).parent / "portal", folder)
        for part in ("demo", "embedded"):
            shutil.copytree(PROJECT / "cooperation" / part, folder / "cooperation" / part)
        for module in ("processes.py", "queues.py"):
            shutil.copy(PROJECT / "cooperation" / module, folder / "cooperation")
        return folder

    return make


def hear_hang_up() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture
def demo():
    """Start demos that are killed at the end of the test if they still run."""
    running = []

    def start(folder: Path, port: int, command: list[str] | None = None, **environment: str) -> Running:
        command = command or [*COMMAND, "--port", str(port)]
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=_clean() | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            # whoever started the tests may have made them deaf to a hang-up; the demo must hear it
            preexec_fn=hear_hang_up,
        )
        running.append((process, folder))
        deadline = time.monotonic() + 30
        while b"The portal runs at" not in (line := process.stdout.readline()):
            assert line, "the demo ended before it answered"
            assert time.monotonic() < deadline
        return Running(process, port)

    yield start
    for process, folder in running:
        process.kill()
        process.communicate()
        # A killed supervisor leaves its socket folder to the next start in the same checkout.
        shutil.rmtree(short_path(folder / "var" / "demo", root=SOCKETS), ignore_errors=True)


def refused(folder: Path, port: int, **environment: str) -> str:
    """What the demo says when it cannot begin."""
    ended = subprocess.run(
        [*COMMAND, "--port", str(port)],
        cwd=folder,
        env=_clean() | environment,
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert ended.returncode == 2
    assert len(ended.stderr.strip().splitlines()) == 1
    return ended.stderr


def _clean() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in OURS}


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


@pytest.fixture
def port() -> int:
    return _free_port()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def test_a_demo_from_first_start_to_second(checkout, demo, port):
    folder, other = checkout("a copy"), checkout("another")
    first = demo(folder, port)
    assert json.loads(first.get("/healthz")) == {
        "DEMO": "1",
        "DEBUG": "0",
        "SITE_URL": f"http://localhost:{port}",
    }
    first.get("/mail")
    (kept,) = (folder / "var/demo/mail").glob("*.eml")
    message = email.message_from_bytes(kept.read_bytes(), policy=email.policy.default)
    assert message["Subject"] == "Receipt for Göteborg"
    secret = (folder / "var/demo/secret-key").read_text()

    # Another copy has its own servers; the same copy, or the same port, is said in one sentence.
    beside = demo(other, _free_port())
    assert f"port {port} is in use: choose another with `make demo PORT={port + 1}`" in refused(other, port)
    assert "a demo of this folder runs already" in refused(folder, _free_port())
    # Killed, it takes everything of its own along, and nothing of the other copy.
    assert beside.stopped_by(signal.SIGKILL) == -signal.SIGKILL
    first.get("/healthz")
    assert first.stopped_by(signal.SIGINT) == 0

    began = time.monotonic()
    second = demo(folder, port, through_make(folder, port))
    assert time.monotonic() - began < 10
    assert (folder / "var/demo/secret-key").read_text() == secret
    # Make hears the hang-up alone, and passes nothing on.
    assert second.stopped_by(signal.SIGHUP) == -signal.SIGHUP


def through_make(folder: Path, port: int) -> list[str]:
    """The command that starts the demo as the Makefile does, without installing anything."""
    command = " ".join([*COMMAND, "--port", str(port), "--with-parent"])
    (folder / "Makefile").write_text(f"demo:\n\t@exec {command}\n")
    return ["make", "demo"]


def test_a_part_that_dies_is_named_and_ends_the_rest(checkout, demo, port):
    running = demo(checkout("copy"), port)
    members = family(running.process.pid)
    os.kill(running.part("celery -A cooperation worker"), signal.SIGKILL)
    assert running.process.wait(STOP_SECONDS) == 1
    assert "worker ended with code -9" in running.process.stdout.read().decode()
    assert left_after(members, seconds=1) == []


def test_given_servers_are_used_and_none_is_started(checkout, demo, port):
    given = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL")}
    running = demo(checkout("copy"), port, **given)
    commands = " ".join(_command(pid) for pid in family(running.process.pid))
    assert "gunicorn" in commands
    assert "postgres -D" not in commands
    assert "valkey" not in commands
    assert running.stopped_by(signal.SIGTERM) == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgres://portal:hidden@127.0.0.1:1/portal"),
        ("REDIS_URL", "redis://:hidden@127.0.0.1:1/0"),
    ],
)
def test_an_address_that_leads_nowhere_is_one_sentence_without_its_password(checkout, port, name, value):
    sentence = refused(checkout("copy"), port, **{name: value})
    assert f"{name} leads to no usable" in sentence
    assert "hidden" not in sentence
