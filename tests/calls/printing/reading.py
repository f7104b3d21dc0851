"""The words of a PDF, page by page, read back from its content streams through their Unicode maps."""

import io
import re
from collections.abc import Iterator

import pikepdf

HEX = r"<([0-9a-fA-F]+)>"


def text_of(made: bytes) -> list[str]:
    """The text of each page, in the order in which it is drawn; line ends are spaces."""
    with pikepdf.open(io.BytesIO(made)) as pdf:
        return [_page(page) for page in pdf.pages]


def _page(page: pikepdf.Page) -> str:
    maps = {name: _map(font) for name, font in page.Resources.Font.items()}
    found: list[str] = []
    current: dict[int, str] = {}
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            current = maps[str(operands[0])]
        elif str(operator) == "TJ":
            found += [_read(part, current) for part in operands[0] if isinstance(part, pikepdf.String)]
        elif str(operator) == "Tj":
            found.append(_read(operands[0], current))
        elif str(operator) == "BT":
            found.append("\n")
    lines = "".join(found).split("\n")
    return re.sub(r"\s+", " ", " ".join(lines).replace("\u200b", ""))


def _read(part: pikepdf.String, names: dict[int, str]) -> str:
    codes = bytes(part)
    return "".join(names.get(int.from_bytes(codes[at : at + 2]), "") for at in range(0, len(codes), 2))


def _map(font: pikepdf.Object) -> dict[int, str]:
    """Codes to text, from the font's ToUnicode map: single codes and ranges."""
    source = font.ToUnicode.read_bytes().decode("latin-1") if "/ToUnicode" in font else ""
    found: dict[int, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", source, re.DOTALL):
        for code, text in re.findall(rf"{HEX}\s*{HEX}", block):
            found[int(code, 16)] = _unicode(text)
    for block in re.findall(r"beginbfrange(.*?)endbfrange", source, re.DOTALL):
        for first, last, text in re.findall(rf"{HEX}\s*{HEX}\s*{HEX}", block):
            start = ord(_unicode(text)[-1])
            found |= {
                code: chr(start + code - int(first, 16)) for code in range(int(first, 16), int(last, 16) + 1)
            }
    return found


def _unicode(digits: str) -> str:
    return bytes.fromhex(digits).decode("utf-16-be")


def tags_of(made: bytes) -> set[str]:
    """The kinds of structure that a screen reader meets."""
    with pikepdf.open(io.BytesIO(made)) as pdf:
        return set(_tags(pdf.Root.StructTreeRoot.K))


def _tags(node: pikepdf.Object) -> Iterator[str]:
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from _tags(child)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield str(node.S).lstrip("/")
        if "/K" in node:
            yield from _tags(node.K)
