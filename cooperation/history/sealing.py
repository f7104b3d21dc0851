"""The chain of seals: made of what has ended, so that no writer waits and nothing slips in; and verified.

1. Every entry carries the number of its transaction. PostgreSQL knows the lowest number still at work
   (pg_snapshot_xmin); everything below has ended, and no entry below can appear any more.
2. A seal takes all entries below that have no seal yet. It names their ids, hashes them in order of id,
   and hashes that with its own fields and the hash of the seal before.
3. Numbers of transactions begin again on another server, as after a backup is restored there. The first
   seal on a new server waits for writers once, and takes everything that has no seal.
"""

import hashlib
import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import structlog
from django.db import connection, transaction

from cooperation.history.models import HistorySeal

# Any number that nothing else in the portal locks.
LOCK = 5_207_311
BEFORE_THE_FIRST = "0" * 64
COLUMNS = 'id, txid, at, actor, "table", row, change, application, before::text, after::text'
SEALED = ("number", "at", "entries", "ids", "horizon", "server", "floor", "entries_sha256", "previous")
logger = structlog.get_logger("portal.history")
Entry = tuple[Any, ...]


class Broken(Exception):
    """The history was changed; `str()` says where."""


@dataclass(frozen=True)
class Verified:
    """What was found in order: seals, sealed entries, entries that wait for a seal, the newest seal."""

    seals: int
    entries: int
    waiting: int
    newest: HistorySeal | None


@dataclass
class Digest:
    """The hash of entries as they pass, and the runs of their ids."""

    hash: Any = field(default_factory=hashlib.sha256)
    count: int = 0
    ids: list[list[int]] = field(default_factory=list)

    def add(self, entry: Entry) -> None:
        number = entry[0]
        self.hash.update(_canonical([_plain(value) for value in entry]) + b"\n")
        self.count += 1
        if self.ids and self.ids[-1][1] == number - 1:
            self.ids[-1][1] = number
        else:
            self.ids.append([number, number])


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def _canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@transaction.atomic
def seal_entries(*, at: datetime, server: str = "") -> HistorySeal | None:
    """Seal what has ended and has no seal; None when there is nothing, or while another process seals.

    `server` stands for this database server's own number where a test plays another one.
    """
    if not _one("SELECT pg_try_advisory_xact_lock(%s)", LOCK):
        return None
    newest = HistorySeal.objects.order_by("-number").first()
    server = server or this_server()
    moved = newest is not None and newest.server != server
    if moved:
        # Those at work end first: what they wrote is told apart from the other server's by being here.
        _run("LOCK TABLE history_historyentry IN EXCLUSIVE MODE")
    horizon = _one("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
    digest = Digest()
    for entry in _left_behind() if moved else _ended(newest, horizon):
        digest.add(entry)
    if not digest.count:
        return None
    floor = digest.ids[-1][1] if moved else newest.floor if newest else 0
    seal = _sealed(newest, digest, at=at, horizon=horizon, server=server, floor=floor)
    seal.save(force_insert=True)
    # The log leaves the database: a copy of the hash where an intruder in the database does not reach.
    logger.info("history sealed", seal=seal.number, entries=seal.entries, sha256=seal.sha256)
    return seal


def _sealed(newest: HistorySeal | None, digest: Digest, **fields: Any) -> HistorySeal:
    seal = HistorySeal(
        number=newest.number + 1 if newest else 1,
        entries=digest.count,
        ids=digest.ids,
        entries_sha256=digest.hash.hexdigest(),
        previous=newest.sha256 if newest else BEFORE_THE_FIRST,
        **fields,
    )
    seal.sha256 = _hash_of(seal)
    return seal


def _hash_of(seal: HistorySeal) -> str:
    told = {name: _plain(getattr(seal, name)) for name in SEALED}
    return hashlib.sha256(_canonical(told)).hexdigest()


def verify_chain() -> Verified:
    """Compute every seal again from the entries. Raises Broken, naming the first that does not agree."""
    seals = list(HistorySeal.objects.order_by("number"))
    _check_links(seals)
    runs = _Runs(seals)
    digests = {seal.number: Digest() for seal in seals}
    waiting = []
    for entry in _all():
        number = runs.seal_of(entry[0])
        if number:
            digests[number].add(entry)
        else:
            waiting.append(entry[:3])
    for seal in seals:
        _check_entries(seal, digests[seal.number])
    newest = seals[-1] if seals else None
    if newest:
        _check_waiting(newest, waiting)
    return Verified(len(seals), sum(seal.entries for seal in seals), len(waiting), newest)


def _check_links(seals: list[HistorySeal]) -> None:
    """Every number from 1 on is there, agrees with its own hash, and names the hash before."""
    before = BEFORE_THE_FIRST
    for number, seal in enumerate(seals, start=1):
        if seal.number != number:
            raise Broken(f"Seal {number} is missing.")
        if _hash_of(seal) != seal.sha256:
            raise Broken(f"Seal {number} was changed: it does not agree with its own hash.")
        if seal.previous != before:
            raise Broken(f"Seal {number} does not follow seal {number - 1}: one of them was made anew.")
        before = seal.sha256


def _check_entries(seal: HistorySeal, found: Digest) -> None:
    if found.ids != seal.ids:
        gone = next(_missing(seal.ids, found.ids))
        raise Broken(f"Entry {gone} was deleted: seal {seal.number} of {seal.at:%Y-%m-%d %H:%M} names it.")
    if found.hash.hexdigest() != seal.entries_sha256:
        raise Broken(
            f"An entry of seal {seal.number} of {seal.at:%Y-%m-%d %H:%M} was changed: "
            f"entries {_in_words(seal.ids)} do not agree with its hash."
        )


def _check_waiting(newest: HistorySeal, waiting: list[Entry]) -> None:
    """Without a seal are only entries of transactions that had not ended when the newest seal was made."""
    if newest.server != this_server():
        return
    for number, txid, at in waiting:
        if txid < newest.horizon or number <= newest.floor:
            raise Broken(f"Entry {number} of {at:%Y-%m-%d %H:%M} was slipped in after seal {newest.number}.")


def _missing(named: list[list[int]], found: list[list[int]]) -> Iterator[int]:
    there = _members(found)
    return (number for number in _members(named) if number != next(there, None))


def _members(ids: Iterable[list[int]]) -> Iterator[int]:
    for first, last in ids:
        yield from range(first, last + 1)


def _in_words(ids: list[list[int]]) -> str:
    shown = ", ".join(f"{first}-{last}" if last > first else str(first) for first, last in ids[:5])
    return f"{shown} ..." if len(ids) > 5 else shown


class _Runs:
    """Which seal names an entry: all runs of ids of all seals, in order."""

    def __init__(self, seals: Iterable[HistorySeal]) -> None:
        self.runs = sorted((first, last, seal.number) for seal in seals for first, last in seal.ids)
        self.starts = [run[0] for run in self.runs]

    def seal_of(self, number: int) -> int:
        place = bisect_right(self.starts, number) - 1
        return self.runs[place][2] if place >= 0 and number <= self.runs[place][1] else 0


def entries_waiting(newest: HistorySeal | None) -> int:
    """How many entries have no seal yet, those at work in this moment left out."""
    floor, horizon = (newest.floor, newest.horizon) if newest else (0, 0)
    where = "txid >= %s AND id > %s"
    return int(_one(f"SELECT count(*) FROM history_historyentry WHERE {where}", horizon, floor))  # noqa: S608


def this_server() -> str:
    """The number that PostgreSQL gave itself when it was set up; a copied data directory keeps it."""
    return str(_one("SELECT system_identifier FROM pg_control_system()"))


def _ended(newest: HistorySeal | None, horizon: int) -> Iterator[Entry]:
    floor, begin = (newest.floor, newest.horizon) if newest else (0, 0)
    return _entries("txid >= %s AND txid < %s AND id > %s", begin, horizon, floor)


def _left_behind() -> Iterator[Entry]:
    runs = _Runs(HistorySeal.objects.all())
    return (entry for entry in _all() if not runs.seal_of(entry[0]))


def _all() -> Iterator[Entry]:
    return _entries("true")


def _entries(where: str, *parameters: int) -> Iterator[Entry]:
    """Entries in order of id, read a few at a time however many there are."""
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(
            f"SELECT {COLUMNS} FROM history_historyentry WHERE {where} ORDER BY id",  # noqa: S608 own words
            parameters,
        )
        yield from cursor


def _one(sql: str, *parameters: int) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchone()[0]


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
