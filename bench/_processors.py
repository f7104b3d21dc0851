"""Processor seconds of the servers that this process started: what a busy machine leaves true."""

import os
from collections.abc import Iterator
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def spent() -> tuple[float, float]:
    """Seconds that the web processes and PostgreSQL have worked, ended children of theirs included."""
    web = database = 0.0
    for program, seconds in _below(os.getpid()):
        if program == "postgres":
            database += seconds
        elif not program.startswith("valkey"):
            web += seconds
    return web, database


def _below(parent: int) -> Iterator[tuple[str, float]]:
    """The program and the processor seconds of every process below one."""
    children: dict[int, list[tuple[int, str, float]]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            head, _bracket, tail = (folder / "stat").read_text().rpartition(")")
        except OSError:  # it ended in the meantime
            continue
        fields = tail.split()
        # of proc_pid_stat(5): the parent, and the four times from utime to cstime
        above, times = int(fields[1]), fields[11:15]
        found = (int(folder.name), head.partition("(")[2], sum(map(int, times)) / TICKS)
        children.setdefault(above, []).append(found)
    left = [parent]
    while left:
        for pid, program, seconds in children.get(left.pop(), ()):
            left.append(pid)
            yield program, seconds
