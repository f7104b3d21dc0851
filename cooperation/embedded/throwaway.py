"""Throw-away servers for one test run: in memory, without care for crashes, gone with the process."""

import atexit
import fcntl
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import IO

from cooperation.embedded.places import SOCKETS, short_path
from cooperation.embedded.servers import Servers

PREFIX = "portal-test-"
ROOM_NEEDED = 1 << 30  # bytes; containers often have 64 MB of shared memory, too little for PostgreSQL
SETTLING_SECONDS = 10  # between making a folder and locking it


def start_for_tests() -> None:
    """Start servers for this test run and put DATABASE_URL and REDIS_URL into the environment.

    Parallel test workers inherit the environment, so the first process starts the one pair that all share.
    The servers end with this process; what a killed run left is removed by the next one.
    """
    folder, lock = made_folder()
    servers = Servers.start(folder, durable=False)
    os.environ["DATABASE_URL"], os.environ["REDIS_URL"] = servers.database_url, servers.redis_url
    owner = os.getpid()

    def finish() -> None:
        # A forked child comes here as well, and must leave the servers alone.
        if os.getpid() == owner:
            servers.stop()
            shutil.rmtree(folder, ignore_errors=True)
            if lock:
                lock.close()

    atexit.register(finish)


def made_folder() -> tuple[Path, IO[bytes] | None]:
    """A new folder, and its lock, which tells the next run that this one lives; what dead ones left goes."""
    home = _home()
    for left in home.glob(f"{PREFIX}*"):
        _remove_if_abandoned(left)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=home))
    return folder, _locked(folder)


def _home() -> Path:
    shared = Path("/dev/shm")  # noqa: S108 - the folder inside is made by mkdtemp
    if shared.is_dir() and os.access(shared, os.W_OK) and shutil.disk_usage(shared).free > ROOM_NEEDED:
        return shared
    return Path(tempfile.gettempdir())


def _locked(folder: Path) -> IO[bytes] | None:
    """The folder's lock, held; None when a living process holds it or the folder is not ours."""
    try:
        handle = (folder / "lock").open("ab")
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return None
    return handle


def _remove_if_abandoned(folder: Path) -> None:
    try:
        fresh = time.time() - folder.stat().st_mtime < SETTLING_SECONDS
    except OSError:
        return
    if not fresh and (lock := _locked(folder)):
        shutil.rmtree(short_path(folder, root=SOCKETS), ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)
        lock.close()
