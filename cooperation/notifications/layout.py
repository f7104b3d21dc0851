"""From the text of a mail to its parts, and from these to its two forms, equal in words.

A line of the text is, in this order:

1. what somebody typed, where marks enclose it wholly: quoted, and nothing else whatever it holds;
2. a point, where it begins with "- "; two spaces go on with it;
3. a figure or clock among others, where it begins with two spaces;
4. an address of the portal, where it is one wholly: the one that matters is a button;
5. the key fact, where it is the first line;
6. a heading, where it begins a paragraph and ends in no mark; a label, where it stands above such lines;
7. a code to type, where it is one wholly;
8. a sentence.

Only words of ours can be 2 to 4, 6 and 7: a line with something inline in it is a sentence, or an entry.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby

from django.utils.html import escape
from django.utils.translation import gettext as _

from cooperation.notifications.marking import ACTION, BREAK, INLINE, MAIN, TYPED, TYPED_END, unmarked

LONGEST_LABEL = 70  # characters of a button's words
_HASH = re.compile(r"\d [0-9a-f]{8}")
_CODE = re.compile(r"[A-Z0-9]{3,12}(-[A-Z0-9]{3,12})*")
_TYPED = re.compile(f"{TYPED}[^{TYPED}{TYPED_END}]*{TYPED_END}")


class Part(StrEnum):
    TYPED = "typed"
    POINT = "point"
    MORE = "more"
    ENTRY = "entry"
    ADDRESS = "address"
    BUTTON = "button"
    KEY = "key"
    HEADING = "heading"
    LABEL = "label"
    CODE = "code"
    SENTENCE = "sentence"
    GAP = "gap"


@dataclass(frozen=True)
class Line:
    """One line and what it is. `label` is what a button says."""

    part: Part
    text: str
    label: str = ""


def parts_of(text: str, site_url: str) -> list[Line]:
    """The lines of a text, each with what it is; at most one gap in a row and none at the ends."""
    rows = [row.rstrip() for row in text.replace(ACTION, "").strip("\n").split("\n")]
    lines: list[Line] = []
    for number, row in enumerate(rows):
        after = rows[number + 1] if number + 1 < len(rows) else ""
        lines.append(_line(row, lines, after, site_url))
    found = [line for number, line in enumerate(lines) if line.part != Part.GAP or _closes(lines, number)]
    return _with_button(found, _main_address(rows, site_url))


def _closes(lines: Sequence[Line], number: int) -> bool:
    return number > 0 and lines[number - 1].part != Part.GAP and number + 1 < len(lines)


def _line(row: str, before: Sequence[Line], after: str, site_url: str) -> Line:
    last = before[-1].part if before else None
    if _TYPED.fullmatch(row):
        return Line(Part.TYPED, row[1:-1])
    words = unmarked(row).strip()
    if not words:
        return Line(Part.GAP, "")
    if row.startswith("- "):
        return Line(Part.POINT, unmarked(row[2:]).strip())
    if row.startswith("  "):
        return Line(Part.MORE if last in (Part.POINT, Part.MORE) else Part.ENTRY, words)
    if _is_address(row, site_url):
        return Line(Part.ADDRESS, words)
    if not before:
        return Line(Part.KEY, words)
    ours = INLINE not in row and TYPED not in row and words[-1] not in ".:;!?…"
    if ours and _CODE.fullmatch(words):
        return Line(Part.CODE, words)
    if ours and last == Part.GAP and after:
        return Line(Part.HEADING, words)
    if ours and after.startswith("  "):
        return Line(Part.LABEL, words)
    return Line(Part.SENTENCE, words)


def _is_address(row: str, site_url: str) -> bool:
    words = row.removeprefix(MAIN)
    rest = words.removeprefix(site_url)
    return words.startswith(site_url) and unmarked(rest) == rest and not re.search(r"\s|^[^/?#]", rest)


def _main_address(rows: Iterable[str], site_url: str) -> str:
    found = [row for row in rows if _is_address(row, site_url)]
    marked = [row for row in found if row.startswith(MAIN)]
    return unmarked((marked or found or [""])[0])


def _with_button(lines: list[Line], url: str) -> list[Line]:
    """The address that matters becomes a button, named by a short line before it that leads to it."""
    place = next((n for n, line in enumerate(lines) if line == Line(Part.ADDRESS, url)), None)
    if place is None:
        return lines
    before = lines[place - 1] if place else None
    if before and before.part == Part.SENTENCE and _leads(before.text):
        button = Line(Part.BUTTON, url, before.text.rstrip(":").rstrip())
        return [*lines[: place - 1], button, *lines[place + 1 :]]
    return [
        *lines[:place],
        replace(lines[place], part=Part.BUTTON, label=_("Open in the portal")),
        *lines[place + 1 :],
    ]


def _leads(sentence: str) -> bool:
    return sentence.endswith(":") and len(sentence) <= LONGEST_LABEL and not re.search(r"[.;?!] ", sentence)


def as_text(lines: Iterable[Line]) -> str:
    """The plain form: what is typed behind "> ", a button as its words above the address."""
    return "\n".join(row for line in lines for row in _text_rows(line)) + "\n"


def _text_rows(line: Line) -> list[str]:
    match line.part:
        case Part.TYPED:
            return [f"> {row}".rstrip() for row in line.text.split(BREAK)]
        case Part.POINT:
            return [f"- {line.text}"]
        case Part.MORE | Part.ENTRY:
            return [f"  {line.text}"]
        case Part.BUTTON:
            return [f"{line.label}:", line.text]
        case _:
            return [line.text]


def as_html(lines: Iterable[Line]) -> str:
    """A fragment without a head, of few elements and classes; every word of it is escaped."""
    return "\n".join(_html_of(part, list(rows)) for part, rows in groupby(lines, key=_group)) + "\n"


def _group(line: Line) -> Part:
    return Part.POINT if line.part == Part.MORE else line.part


def _html_of(part: Part, lines: list[Line]) -> str:
    match part:
        case Part.GAP:
            return ""
        case Part.POINT:
            return f"<ul>{''.join(_points(lines))}</ul>"
        case Part.ENTRY:
            kind = "hash" if all(_HASH.fullmatch(line.text) for line in lines) else "entries"
            return f'<ul class="{kind}">{"".join(f"<li>{escape(line.text)}</li> " for line in lines)}</ul>'
        case _:
            return "\n".join(_html_line(line) for line in lines)


def _points(lines: list[Line]) -> Iterator[str]:
    for number, line in enumerate(lines):
        follows = lines[number + 1].part if number + 1 < len(lines) else None
        start = "<li>" if line.part == Part.POINT else "<br>"
        yield f"{start}{escape(line.text)}{' ' if follows == Part.MORE else '</li> '}"


def _html_line(line: Line) -> str:
    words, href = escape(line.text), escape(line.text)
    match line.part:
        case Part.KEY:
            return f'<p class="key">{words}</p>'
        case Part.HEADING:
            return f"<h2>{words}</h2>"
        case Part.LABEL:
            return f"<h3>{words}</h3>"
        case Part.CODE:
            return f'<p class="code">{words}</p>'
        case Part.TYPED:
            return f"<blockquote>{words.replace(BREAK, ' <br>')}</blockquote>"
        case Part.ADDRESS:
            return f'<p class="where"><a href="{href}">{words}</a></p>'
        case Part.BUTTON:
            button = f'<a class="button" href="{href}">{escape(line.label)}</a>'
            return f'<p class="act">{button}</p>\n<p class="where">{words}</p>'
        case _:
            return f"<p>{words}</p>"
