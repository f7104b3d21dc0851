"""The one door for a file: its sort is read from its bytes, then the reader of that sort looks inside."""

import hashlib
from collections.abc import Callable, Collection

from cooperation.documents.names import safe_name
from cooperation.documents.office import read_office
from cooperation.documents.pdf import read_pdf
from cooperation.documents.pictures import read_picture
from cooperation.documents.sniffing import sniff
from cooperation.documents.verdict import Clean, Code, Facts, Limits, Refused, Sort

READERS: dict[Sort, Callable[[bytes, Sort, Limits], Facts]] = {
    Sort.PDF: read_pdf,
    Sort.JPEG: read_picture,
    Sort.PNG: read_picture,
    Sort.WEBP: read_picture,
    Sort.DOCX: read_office,
    Sort.XLSX: read_office,
    Sort.ODT: read_office,
    Sort.ODS: read_office,
}


def inspect(
    data: bytes, name: str, *, allowed: Collection[Sort] = tuple(Sort), limits: Limits | None = None
) -> Clean:
    """The file made fit to keep: pictures drawn anew without their metadata, all else as it came.

    `name` is what the sender calls it and decides nothing. Raises Refused, and nothing else.
    """
    limits = limits or Limits()
    if not data:
        raise Refused(Code.EMPTY)
    if len(data) > limits.bytes:
        raise Refused(Code.TOO_LARGE, limit=limits.bytes)
    try:
        sort = sniff(data, limits)
        if sort not in allowed:
            raise Refused(Code.SORT_NOT_TAKEN, found=sort.extension, allowed=_endings(allowed))
        facts = READERS[sort](data, sort, limits)
    except Refused as refusal:
        refusal.params = {"allowed": _endings(allowed), **refusal.params}
        raise
    except Exception as error:
        # Three libraries read hostile bytes here; whatever one of them stumbles over cannot be read.
        raise Refused(Code.DAMAGED, allowed=_endings(allowed)) from error
    return Clean(
        data=facts.data,
        sort=sort,
        name=safe_name(name, sort.extension),
        sha256=hashlib.sha256(facts.data).hexdigest(),
        pages=facts.pages,
        width=facts.width,
        height=facts.height,
    )


def _endings(allowed: Collection[Sort]) -> list[str]:
    return [sort.extension for sort in Sort if sort in allowed]
