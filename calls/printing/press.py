"""The press: a sheet becomes the bytes of a PDF. The same sheet and instant give the same bytes."""

import json
import re
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst

from calls.printing.sheet import Sheet

LAYOUT = Path(__file__).with_name("sheet.typ").read_bytes()
STANDARD: Final = "ua-1"
# Everything that a PDF cannot show as a character, but for the end of a line; lone surrogates too.
UNPRINTABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
LONG_WORD = re.compile(r"\S{40}(?=\S{20})")  # wider than a line if nothing lets it break
MAY_BREAK = "\u200b"
AS_IT_IS = {"address", "fingerprint"}  # ours; a copy must not carry an invisible sign
GAP = "□"
MISSING = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
CODEPOINT = re.compile(r"\\u\{([0-9a-f]+)\}")


@cache
def _fonts() -> typst.Fonts:
    """What the package brings, and what the system has for scripts that it lacks."""
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=True)


def press(sheet: Sheet, *, made_at: datetime) -> bytes:
    """The PDF. A character that no font here has becomes a box, and the sheet says so."""
    data = _clean(asdict(sheet), _printable)
    try:
        return _compile(data, made_at)
    except typst.TypstError as error:
        missing = _missing(error)
        if not missing:
            raise
    noted = replace(sheet, notes=[sheet.gap_note, *sheet.notes])
    table = str.maketrans(dict.fromkeys(missing, GAP))
    return _compile(_clean(asdict(noted), lambda text: _printable(text).translate(table)), made_at)


def _compile(data: dict[str, Any], made_at: datetime) -> bytes:
    language, _dash, region = data.pop("language").partition("-")
    inputs = {"sheet": json.dumps({**data, "lang": language, "region": region.upper() or None})}
    made = typst.compile(
        LAYOUT,
        format="pdf",
        pdf_standards=STANDARD,
        font_paths=_fonts(),
        sys_inputs=inputs,
        timestamp=int(made_at.timestamp()),
    )
    if not isinstance(made, bytes):
        raise TypeError("one document was asked for")
    return made


def _missing(error: typst.TypstError) -> set[str]:
    """The characters that the error names; the compiler lists all of them at once."""
    clusters = MISSING.findall(error.diagnostic)
    plain = [CODEPOINT.sub(lambda found: chr(int(found[1], 16)), cluster) for cluster in clusters]
    return {char for cluster in plain for char in cluster}


def _printable(text: str) -> str:
    text = UNPRINTABLE.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    return LONG_WORD.sub(lambda found: found[0] + MAY_BREAK, text)


def _clean(value: Any, each: Callable[[str], str]) -> Any:
    """The same data with each text made fit to print."""
    if isinstance(value, str):
        return each(value)
    if isinstance(value, dict):
        return {key: found if key in AS_IT_IS else _clean(found, each) for key, found in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(found, each) for found in value]
    return value
