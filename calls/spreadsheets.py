"""Spreadsheet files, row by row: CSV and XLSX. Pure: values in, bytes out.

Texts come from strangers. A spreadsheet runs a cell that begins like a formula, so none does: in CSV it gets
an apostrophe before it, in XLSX it is typed as text. Numbers and days keep their types.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from cooperation.documents.cells import BOM, defused, sound

Cell = str | int | float | Decimal | date | datetime | None
Row = Sequence[Cell]
LONGEST_CELL = 32_767  # characters; what XLSX holds in one cell


def csv_chunks(head: Row, chunks: Iterable[Iterable[Row]]) -> Iterator[bytes]:
    """The file in pieces, one for each chunk of rows: UTF-8 with its mark, lines ended as RFC 4180 says."""
    lines = _Lines()
    writer = csv.writer(lines)
    writer.writerow([_for_csv(cell) for cell in head])
    yield (BOM + lines.taken()).encode()
    for chunk in chunks:
        writer.writerows([_for_csv(cell) for cell in row] for row in chunk)
        yield lines.taken().encode()


def _for_csv(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return defused(sound(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, float):
        return f"{cell:.4f}".rstrip("0").rstrip(".")
    return format(cell, "f") if isinstance(cell, Decimal) else str(cell)


class _Lines:
    """What the CSV writer wrote since it was last taken."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def write(self, text: str) -> None:
        self.parts.append(text)

    def taken(self) -> str:
        text = "".join(self.parts)
        self.parts.clear()
        return text


def write_xlsx(file: IO[bytes], head: Row, chunks: Iterable[Iterable[Row]], *, cut: str) -> None:
    """Write a workbook of one sheet, row by row. `cut` ends a text that is too long for a cell."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    sheet.append([_bold(sheet, str(cell)) for cell in head])
    for chunk in chunks:
        for row in chunk:
            sheet.append([_for_xlsx(sheet, cell, cut) for cell in row])
    book.save(file)


def _bold(sheet: Any, text: str) -> Any:
    cell = _text(sheet, sound(text))
    cell.font = Font(bold=True)
    return cell


def _for_xlsx(sheet: Any, cell: Cell, cut: str) -> Any:
    if isinstance(cell, float):
        return round(cell, 4)
    if isinstance(cell, Decimal):
        return float(cell) if cell % 1 else int(cell)
    if not isinstance(cell, str) or not cell:
        return cell or None if isinstance(cell, str) else cell
    text = sound(cell)
    if len(text) > LONGEST_CELL:
        text = text[: LONGEST_CELL - len(cut)] + cut
    # openpyxl takes "=" for a formula and "#N/A" for an error
    return _text(sheet, text) if text[0] in "=#" else text


def _text(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    return cell
