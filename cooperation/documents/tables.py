"""Tables as people send them, CSV or XLSX, read into rows of texts. Pure, and bounded in every direction."""

import csv
import warnings
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook

from cooperation.documents.inspection import inspect
from cooperation.documents.verdict import Limits, Sort

SEPARATORS = ";\t,"
LONGEST_CELL = 1_000  # characters; the rest is let go
MOST_CELLS = 50  # of one row
LAST_ROW = 1_048_576  # of a sheet, as Excel counts; one that claims a later row would be counted up to it
Row = list[str]


class Unreadable(Exception):
    """The file is no table that can be read: `why` is "text", "encoding", "table", "workbook" or "rows"."""

    def __init__(self, why: str, line: int = 0) -> None:
        super().__init__(why)
        self.why, self.line = why, line


def read_table(data: bytes, name: str, *, most_rows: int, limits: Limits) -> list[tuple[int, Row]]:
    """The rows that hold something, each with its number in the file.

    Raises Unreadable, and Refused (cooperation.documents) for a workbook that is not what it says.
    """
    if data[:2] == b"PK":
        rows = _of_workbook(inspect(data, name, allowed=(Sort.XLSX,), limits=limits).data)
    else:
        rows = _of_text(data)
    found: list[tuple[int, Row]] = []
    for number, cells in rows:
        if any(cells):
            if len(found) >= most_rows:
                raise Unreadable("rows")
            found.append((number, cells))
    return found


def _of_text(data: bytes) -> Iterator[tuple[int, Row]]:
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("encoding") from None
    if "\0" in text:
        raise Unreadable("text")
    first = next((line for line in text.splitlines() if line.strip()), "")
    reader = csv.reader(StringIO(text, newline=""), delimiter=max(SEPARATORS, key=first.count))
    try:
        for cells in reader:
            yield reader.line_num, _cut(cells)
    except csv.Error:
        raise Unreadable("table", reader.line_num) from None


def _of_workbook(data: bytes) -> Iterator[tuple[int, Row]]:
    """The first sheet; formulas as they were last worked out."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(BytesIO(data), read_only=True, data_only=True)
            for number, cells in enumerate(book.worksheets[0].iter_rows(values_only=True), 1):
                if number > LAST_ROW:
                    raise Unreadable("rows")
                yield number, _cut(_text(cell) for cell in cells[:MOST_CELLS])
    except (BadZipFile, KeyError, ValueError, TypeError, IndexError, SyntaxError, OSError):
        raise Unreadable("workbook") from None


def _cut(cells: Iterable[str]) -> Row:
    return [cell.strip()[:LONGEST_CELL] for cell in list(cells)[:MOST_CELLS]]


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat() if isinstance(cell, date | datetime) else str(cell)
