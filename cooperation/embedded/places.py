"""Where the servers keep their files, who they run as, and what went wrong when they did not start."""

import hashlib
import os
import signal
import subprocess
from pathlib import Path

from cooperation import processes
from cooperation.processes import Account

SOCKETS = Path("/tmp")  # noqa: S108 - what is made there is checked to be ours


class ServerError(RuntimeError):
    """A server could not be started; the text is one sentence for the person at the terminal."""


def account() -> Account:
    """Who PostgreSQL runs as: ourselves, or where we are root, somebody it accepts."""
    if os.geteuid() != 0:
        return Account.OWN
    try:
        processes.start(["true"], on_parent_death=signal.SIGKILL, account=Account.NAMESPACE).wait()
    except (OSError, subprocess.SubprocessError):
        return Account.NOBODY
    return Account.NAMESPACE


def may_use(path: Path, account: Account) -> bool:
    """Whether `account` may enter the folder, or run the program, at `path`."""
    test = ["test", "-x", str(path)]
    return processes.start(test, on_parent_death=signal.SIGKILL, account=account).wait() == 0


def short_path(data_dir: Path, *, root: Path) -> Path:
    """The name of `short_folder`, whether it exists or not."""
    digest = hashlib.sha256(str(data_dir.resolve()).encode()).hexdigest()[:12]
    return root / f"portal-{os.geteuid()}-{digest}"


def short_folder(data_dir: Path, *, root: Path, account: Account) -> Path:
    """A private folder with a short name under `root`, the same for one `data_dir` at each start.

    Short, because a socket path over 107 bytes fails. Raises ServerError when somebody else put it there.
    """
    path = short_path(data_dir, root=root)
    owner = processes.NOBODY if account is Account.NOBODY else os.geteuid()
    path.mkdir(mode=0o700, exist_ok=True)
    if path.is_symlink() or path.stat().st_uid not in (os.geteuid(), owner):
        raise ServerError(f"{path} belongs to another user; remove it and start again.")
    return give(path, account)


def give(path: Path, account: Account) -> Path:
    """Make the folder `path` private to `account`."""
    if account is Account.NOBODY:
        os.chown(path, processes.NOBODY, processes.NOBODY)
    path.chmod(0o700)
    return path


def plain_environment() -> dict[str, str]:
    """An environment in which a caller's PGDATA, PGPORT or locale does not reach the server."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def reason(log: bytes) -> str:
    """The words of a server's log that say best why it ended."""
    lines = [line.strip() for line in log.decode(errors="replace").splitlines() if line.strip()]
    for line in lines:
        for mark in ("FATAL:", "error:"):
            if mark in line:
                return line.partition(mark)[2].strip()
    return (lines or ["it gave no reason"])[-1]
