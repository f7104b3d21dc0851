"""Child processes that end when the process that started them ends, however it ends.

On Linux the kernel delivers a signal of our choice to a child whose parent died (PR_SET_PDEATHSIG). It fires
on the death of the *thread* that forked, so children are started from the main thread only. Knows no Django.
"""

import ctypes
import enum
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER = 0x10000000
NOBODY = 65534

_libc = ctypes.CDLL(None, use_errno=True)

Child = subprocess.Popen[bytes]


class Account(enum.Enum):
    """Under whose user id a program runs. PostgreSQL refuses to run as root."""

    OWN = "own"
    # Root outside, an ordinary user inside: reads what root reads, changes no permission.
    NAMESPACE = "namespace"
    # Where user namespaces are blocked, as in most containers.
    NOBODY = "nobody"


def start(
    command: Sequence[str | Path],
    *,
    on_parent_death: signal.Signals,
    account: Account = Account.OWN,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stdin: IO[bytes] | int = subprocess.DEVNULL,
    output: IO[bytes] | int | None = None,
    pass_fds: Iterable[int] = (),
) -> Child:
    """Start a program in a session of its own, so that a terminal's Ctrl-C reaches only the supervisor.

    `output` takes both stdout and stderr. Raises OSError or subprocess.SubprocessError when it cannot start.
    """
    nobody = NOBODY if account is Account.NOBODY else None
    return subprocess.Popen(  # noqa: S603 - commands are our own, never a user's text
        [str(part) for part in command],
        stdin=stdin,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        env=None if env is None else dict(env),
        cwd=cwd,
        user=nobody,
        group=nobody,
        extra_groups=[] if nobody else None,
        start_new_session=True,
        preexec_fn=_before_exec(account, on_parent_death),
        pass_fds=tuple(pass_fds),
    )


def _before_exec(account: Account, on_parent_death: signal.Signals) -> Callable[[], None]:
    parent = os.getpid()

    def prepare() -> None:
        if account is Account.NAMESPACE:
            _enter_user_namespace()
        # After every change of credentials, because each of them clears the death signal.
        if hasattr(_libc, "prctl"):
            _libc.prctl(PR_SET_PDEATHSIG, int(on_parent_death))
            if os.getppid() != parent:
                os._exit(1)

    return prepare


def end_with_parent(ask: signal.Signals) -> None:
    """Let this process receive `ask` when the process that started it dies."""
    if hasattr(_libc, "prctl"):
        _libc.prctl(PR_SET_PDEATHSIG, int(ask))


def _enter_user_namespace() -> None:
    if _libc.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "user namespaces are blocked")
    own = Path("/proc/self")
    (own / "uid_map").write_text(f"{NOBODY} 0 1")
    # The kernel lets a process map its group only after it gave up changing groups.
    (own / "setgroups").write_text("deny")
    (own / "gid_map").write_text(f"{NOBODY} 0 1")


def stop(children: Mapping[Child, signal.Signals], *, patience: float) -> None:
    """Ask each child to end with its signal, wait `patience` seconds in all, then kill its whole group."""
    for child, ask in children.items():
        if child.poll() is None:
            child.send_signal(ask)
    deadline = time.monotonic() + patience
    for child in children:
        try:
            child.wait(max(0.01, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
    for child in children:
        kill_group(child)
        child.wait()


def kill_group(child: Child) -> None:
    """End whatever is left of a child's process group, such as pool processes of a worker that died."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
