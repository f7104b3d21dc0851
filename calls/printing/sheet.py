"""What a document says, in words that are final: the press adds none of its own."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Table:
    """Rows under a head; `totals` are rows too, set off by a rule. Columns in `numbers` align right.

    `high` rows leave room to write by hand.
    """

    head: list[str]
    rows: list[list[str]]
    totals: list[list[str]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    high: bool = False


@dataclass(frozen=True)
class Item:
    """One question or point: what it is, a hint, and what is said, or the room to say it by hand."""

    label: str
    text: str = ""
    hint: str = ""
    table: Table | None = None
    boxes: list[str] = field(default_factory=list)  # options to tick
    lines: int = 0  # empty lines to write on
    quiet: bool = False  # said only to say that nothing was said


@dataclass(frozen=True)
class Part:
    """Items under a heading, after an optional paragraph."""

    title: str
    items: list[Item]
    text: str = ""


@dataclass(frozen=True)
class Sheet:
    """A whole document. `page_of` holds "{page}" and "{pages}"; `mark` lies across each page.

    `gap_note` is said below the title when some character had to be left out, for no font here has it.
    """

    language: str
    title: str
    over: str
    facts: list[tuple[str, str]]
    parts: list[Part]
    footer: list[str]
    page_of: str
    gap_note: str
    address: str = ""
    fingerprint: str = ""
    notes: list[str] = field(default_factory=list)
    mark: str = ""
    author: str = ""
