"""Files on disk, written whole or not at all under random names that say nothing; and handing them out."""

import errno
import os
import uuid
from pathlib import Path
from typing import Any, Protocol

import structlog
from django.conf import settings
from django.http import FileResponse
from django.utils.translation import gettext as _

logger = structlog.get_logger("portal.documents")
# A file is nobody's page: it may run nothing, load nothing and be framed nowhere.
SEALED = "sandbox; default-src 'none'; frame-ancestors 'none'"
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Named(Protocol):
    """A kept file's record: the name it is handed out under, and its media type."""

    name: Any
    media_type: Any


class NotKept(Exception):
    """The disk did not take the file; `full` when it had no room. `str()` is a sentence for the reader."""

    def __init__(self, *, full: bool) -> None:
        super().__init__(
            _(
                "The portal has no room for this file just now, and nothing of it was kept. The operators "
                "were told. Try again in an hour."
            )
            if full
            else _("The portal could not write the file down, and nothing of it was kept. Try again soon.")
        )
        self.full = full


def file_at(path: str) -> Path:
    """Where a kept file lies, in the folder that no address leads to."""
    return Path(settings.DOCUMENTS_ROOT) / path


def keep(data: bytes) -> str:
    """Write a file durably and return its path below the documents folder. Raises NotKept."""
    name = uuid.uuid4().hex
    path = f"{name[:2]}/{name}"
    target = file_at(path)
    part = target.with_suffix(".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(part, data)
        part.replace(target)
        _settle(target.parent)
    except OSError as error:
        _forget(part)
        raise NotKept(full=error.errno in FULL) from error
    return path


def _write(part: Path, data: bytes) -> None:
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    """The new name, too, must survive a power cut before the upload is acknowledged."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def discard(path: str) -> None:
    """Take a file away; one that is gone already is fine, and one that cannot be removed is left."""
    _forget(file_at(path))


def _forget(place: Path) -> None:
    try:
        place.unlink(missing_ok=True)
    except OSError as error:
        logger.warning("a file could not be removed", exc_info=error)


def sealed_file(file: Any, document: Named) -> FileResponse:
    """A file as an attachment that no browser runs, frames, guesses about or keeps."""
    response = FileResponse(
        file, as_attachment=True, filename=document.name, content_type=document.media_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SEALED
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "no-store, private"
    return response
