"""A packed file opened with care: what it claims to hold is counted before anything is unpacked."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from cooperation.documents.markup import is_markup
from cooperation.documents.verdict import Code, Limits, Refused

ENCRYPTED = 0x1
DIRECTORY_END = b"PK\x05\x06"
DIRECTORY_END_SIZE = 22
# Text packs to a twentieth of its size, long tables to a hundredth; beyond that bombs begin.
MOST_RATIO = 200
RATIO_FROM = 1024**2
SYMBOLIC_LINK = 0o120000


@contextmanager
def opened(data: bytes, limits: Limits) -> Iterator[ZipFile]:
    """The archive, all of its parts counted and named soundly. Raises Refused."""
    _check_frame(data)
    try:
        archive = ZipFile(BytesIO(data))
    except (BadZipFile, NotImplementedError, struct.error) as error:
        raise Refused(Code.DAMAGED) from error
    with archive:
        parts = archive.infolist()
        if len(parts) > limits.parts or sum(part.file_size for part in parts) > limits.unpacked:
            raise Refused(Code.UNPACKS_TOO_LARGE, limit=limits.unpacked)
        if sum(part.file_size for part in parts if is_markup(part.filename)) > limits.text:
            raise Refused(Code.UNPACKS_TOO_LARGE, limit=limits.text)
        if len({part.filename.lower() for part in parts}) != len(parts):
            raise Refused(Code.UNSAFE_NAMES)
        for part in parts:
            _check_part(part, limits)
        yield archive


def _check_frame(data: bytes) -> None:
    """Packed from the first byte to the last: nothing in front, nothing behind, no remarks at the end."""
    if not data.startswith(b"PK\x03\x04") or DIRECTORY_END not in data:
        raise Refused(Code.DAMAGED)
    end = data[-DIRECTORY_END_SIZE:]
    if not end.startswith(DIRECTORY_END) or end[-2:] != b"\0\0":
        raise Refused(Code.TWO_IN_ONE)
    size, start = struct.unpack("<LL", end[12:20])
    if size + start + DIRECTORY_END_SIZE != len(data):
        raise Refused(Code.TWO_IN_ONE)


def _check_part(part: ZipInfo, limits: Limits) -> None:
    if part.flag_bits & ENCRYPTED:
        raise Refused(Code.PASSWORD)
    if part.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise Refused(Code.DAMAGED)
    if part.file_size > RATIO_FROM and part.file_size > MOST_RATIO * max(part.compress_size, 1):
        raise Refused(Code.UNPACKS_TOO_LARGE, limit=limits.unpacked)
    # orig_filename still has what follows a NUL
    steps = part.orig_filename.split("/")
    if (
        ".." in steps
        or part.orig_filename.startswith("/")
        or any(mark in part.orig_filename for mark in ("\\", ":", "\0"))
        or (part.external_attr >> 16) & 0o170000 == SYMBOLIC_LINK
    ):
        raise Refused(Code.UNSAFE_NAMES)


def read_part(archive: ZipFile, name: str, limits: Limits) -> bytes:
    """One part unpacked; its checksum is compared, and it never grows beyond what it claimed."""
    with archive.open(name) as part:
        return part.read(limits.unpacked)
