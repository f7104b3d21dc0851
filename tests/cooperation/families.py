"""Processes with all their descendants, as /proc shows them."""

import subprocess
import time
from pathlib import Path


def family(pid: int) -> list[int]:
    """The process and every descendant of it."""
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True).stdout.split()
    return [pid, *(member for child in found for member in family(int(child)))]


def left_after(pids: list[int], *, seconds: float) -> list[str]:
    """Command lines of those that still run after at most `seconds`; an empty list as soon as none does."""
    deadline = time.monotonic() + seconds
    while left := [pid for pid in pids if _runs(pid)]:
        if time.monotonic() > deadline:
            return [Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ") for pid in left]
        time.sleep(0.05)
    return []


def _runs(pid: int) -> bool:
    try:
        # The state follows the name, which stands in parentheses.
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
