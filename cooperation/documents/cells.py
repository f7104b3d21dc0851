"""Texts in the cells of a file that somebody opens in a spreadsheet. Pure.

Texts come from strangers. A spreadsheet runs a cell that begins like a formula, so none does in CSV: it gets
an apostrophe before it.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO

BOM = "\ufeff"  # without it Excel reads UTF-8 as something else
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
# What XML cannot hold: controls, halves of characters, two numbers that are none.
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
MISSING = "\ufffd"


def sound(text: str) -> str:
    """The text with what no file can hold replaced by a mark, so that its loss is seen."""
    return UNFIT.sub(MISSING, text)


def defused(text: str) -> str:
    """A text that no spreadsheet takes for a formula, whatever blanks it begins with."""
    return f"'{text}" if text.lstrip(" \u00a0").startswith(FORMULA) or text.startswith(FORMULA) else text


def csv_file(rows: Iterable[Sequence[str]]) -> bytes:
    """A whole small CSV file: UTF-8 with its mark, lines ended as RFC 4180 says."""
    file = StringIO(newline="")
    csv.writer(file).writerows([defused(sound(cell)) for cell in row] for row in rows)
    return (BOM + file.getvalue()).encode()
