"""Exports of a list: small ones at once, large ones by a worker while their owner watches.

What is exported are the applications as they were listed when it was asked for; each is put down in the
access log. A file is its owner's alone, and is deleted after a week.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO

import structlog
from celery import current_app
from django.db import OperationalError, transaction
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from calls.access import NotAllowed, require_reader
from calls.models import Application, Call, Export
from calls.operations.reading import record_exports
from calls.operations.status import NotPossible
from calls.queries.application_lines import CHUNK, Reader
from calls.queries.clock import database_now
from calls.queries.export_columns import export_columns, needs_of
from calls.spreadsheets import Row, csv_chunks, write_xlsx
from cooperation.accounts.models import User
from cooperation.jobs import claiming
from cooperation.jobs.claiming import Stopped, ours
from cooperation.jobs.models import UNFINISHED, JobState
from cooperation.web.files import discard, keep

AT_ONCE = 500  # applications; more are written by a worker
KEPT_FOR = timedelta(days=7)
MOST_WAITING = 3  # exports of one person that are not done
IN_MEMORY = 8 * 1024 * 1024  # bytes of a file before it goes to disk

logger = structlog.get_logger("portal.exports")
Seen = Callable[[Iterable[list[Row]]], Iterator[list[Row]]]


@dataclass(frozen=True)
class Wanted:
    """What an export holds: which applications in which order, which columns (none: all), whose eyes."""

    ids: Sequence[int]
    columns: Sequence[str]
    call: Call | None
    owner: User
    language: str


def export_at_once(*, wanted: Wanted, format: str, at: datetime) -> Iterator[bytes]:
    """The file in pieces. Raises NotAllowed. What is asked for is logged before the first piece."""
    require_reader(wanted.owner)
    _log(wanted.ids, wanted.owner, at)
    return _pieces(wanted, format)


def _pieces(wanted: Wanted, format: str) -> Iterator[bytes]:
    if format == "csv":
        head, chunks = _table(wanted)
        yield from csv_chunks(head, chunks)
        return
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as file:
        _write(file, format, wanted, chunks_seen=iter)
        file.seek(0)
        yield from iter(lambda: file.read(64 * 1024), b"")


def _table(wanted: Wanted) -> tuple[Row, Iterator[list[Row]]]:
    """The head, and the rows chunk by chunk, each in a constant number of queries."""
    with override(wanted.language):
        columns = export_columns(wanted.ids, wanted.columns, wanted.call)
        head = [str(column.label) for column in columns]
        reader = Reader(wanted.owner, needs_of(columns))

    def chunks() -> Iterator[list[Row]]:
        for start in range(0, len(wanted.ids), CHUNK):
            with override(wanted.language):
                lines = reader.by_ids(wanted.ids[start : start + CHUNK])
                rows: list[Row] = [[column.value(line) for column in columns] for line in lines]
            yield rows

    return head, chunks()


def _write(file: IO[bytes], format: str, wanted: Wanted, *, chunks_seen: Seen) -> None:
    """The whole file; `chunks_seen` wraps the chunks, to count them as they go."""
    head, chunks = _table(wanted)
    if format == "csv":
        for piece in csv_chunks(head, chunks_seen(chunks)):
            file.write(piece)
        return
    with override(wanted.language):
        cut = _(" … The cell ends here: a worksheet holds no longer text. The CSV file has all of it.")
    write_xlsx(file, head, chunks_seen(chunks), cut=cut)


def _log(ids: Sequence[int], by: User, at: datetime) -> None:
    record_exports(applications=Application.objects.filter(pk__in=ids), by=by, at=at)


@transaction.atomic
def request_export(*, wanted: Wanted, format: str, query: str, at: datetime) -> Export:
    """Have a worker write a large list. Raises NotAllowed, NotPossible for the fourth that is not done."""
    require_reader(wanted.owner)
    User.objects.select_for_update().get(pk=wanted.owner.pk)
    waiting = Export.objects.filter(owner=wanted.owner, state__in=UNFINISHED)
    if waiting.count() >= MOST_WAITING:
        raise NotPossible(_("Three of your exports are not done yet. Wait for one, or cancel it."))
    export = Export.objects.create(
        owner=wanted.owner,
        call=wanted.call,
        format=format,
        query=query,
        columns=list(wanted.columns),
        chosen=list(wanted.ids),
        language=wanted.language or get_language() or "en",
        rows_total=len(wanted.ids),
        requested_at=at,
    )
    transaction.on_commit(lambda: _enqueue(export.pk), robust=True)
    return export


def _enqueue(export_id: int) -> None:
    # by name: the task stands above the operations
    current_app.send_task("calls.make_export", kwargs={"export_id": export_id}, retry=False)


def make_export(*, export_id: int, at: datetime) -> bool:
    """Claim and write one waiting export; False when another worker has it, it was cancelled or it failed.

    What keeps the database from answering is raised: `rescue_exports` takes the export up.
    """
    export = claiming.claim(Export.objects.select_related("owner", "call"), pk=export_id, at=at)
    if export is None:
        return False
    try:
        require_reader(export.owner)
        return _finish(export, _made(export))
    except Stopped:
        return False
    except OperationalError:
        raise
    except NotAllowed as refusal:
        return claiming.fail(export, error=str(refusal), at=database_now())
    except Exception as error:
        # for whoever runs the portal: the page says a sentence, and this export's number
        logger.exception("export not written", export=export.pk)
        return claiming.fail(export, error=f"{type(error).__name__}: {error}", at=database_now())


def _made(export: Export) -> str:
    """Write the file, and keep it. Raises Stopped, NotKept."""
    wanted = Wanted(export.chosen, export.columns, export.call, export.owner, export.language)

    def counted(chunks: Iterable[list[Row]]) -> Iterator[list[Row]]:
        done = 0
        for chunk in chunks:
            yield chunk
            done += len(chunk)
            claiming.beat(export, done=done, at=database_now())

    with tempfile.SpooledTemporaryFile(IN_MEMORY) as file:
        _write(file, export.format, wanted, chunks_seen=counted)
        file.seek(0)
        return keep(file.read())


def _finish(export: Export, path: str) -> bool:
    """Done and logged together; a file that nobody waits for any more goes."""
    at = database_now()
    with transaction.atomic():
        done = ours(export).update(
            state=JobState.DONE, path=path, finished_at=at, rows_done=export.rows_total
        )
        if done:
            _log(export.chosen, export.owner, at)
    if not done:
        discard(path)
    return bool(done)


@transaction.atomic
def cancel_export(*, export: Export, by: User, at: datetime) -> None:
    """Stop an export that is not done. Raises NotPossible for one that is; only its owner comes here."""
    if not claiming.cancel(Export.objects.filter(owner=by), pk=export.pk, at=at):
        raise NotPossible(_("This export is not running any more."))


def rescue_exports(*, at: datetime) -> int:
    """Take up exports that no worker finished, delete files that were kept for a week; how many were made."""
    waiting = claiming.waiting_again(Export.objects.all(), at=at)
    sweep_exports(at=at)
    return sum(make_export(export_id=pk, at=at) for pk in waiting)


def sweep_exports(*, at: datetime) -> int:
    """Delete exports and their files a week after they were asked for."""
    old = list(Export.objects.filter(requested_at__lt=at - KEPT_FOR).exclude(state__in=UNFINISHED))
    for export in old:
        if export.path:
            discard(export.path)
        export.delete()
    return len(old)
