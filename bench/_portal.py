"""A whole portal for a benchmark: throw-away servers, migrations, gunicorn with two workers."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cooperation.embedded import Servers

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 300  # on a machine with other work


@contextmanager
def database(*, durable: bool = False) -> Iterator[None]:
    """Throw-away PostgreSQL and Valkey with the portal's tables; Django is set up on them.

    `durable` keeps them on disk, where PostgreSQL waits for the disk at each commit (fsync on).
    """
    home = None if durable else _home()
    with tempfile.TemporaryDirectory(prefix="portal-bench-", dir=home) as folder:
        servers = Servers.start(Path(folder), durable=durable)
        os.environ |= {
            "DATABASE_URL": servers.database_url,
            "REDIS_URL": servers.redis_url,
            "SECRET_KEY": "only-for-the-benchmark",
            "LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "bench._settings",
            "STATIC_ROOT": str(Path(folder) / "static"),
        }
        try:
            _manage("migrate", "--verbosity=0")
            _manage("collectstatic", "--noinput", "--verbosity=0")
            import django

            django.setup()
            yield
        finally:
            servers.stop()


def _home() -> str | None:
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - a private folder is made inside


def _manage(*words: str) -> None:
    subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, check=True)


@contextmanager
def web(**environment: str) -> Iterator[str]:
    """The portal behind gunicorn, two workers of four threads; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["-m", "gunicorn", "cooperation.wsgi", "--bind", f"127.0.0.1:{port}", "--log-level", "error"]
    command += ["--workers", "2", "--worker-class", "gthread", "--threads", "4"]
    process = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=os.environ | environment)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/healthz")
        yield address
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait_for(url: str) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=30):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"{url} does not answer")
