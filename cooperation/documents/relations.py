"""Office Open XML: what one part may have to do with another, and which fields a text may hold.

Source: ECMA-376 part 2, relationships; part 1, section 17.16, fields.
"""

import re

from cooperation.documents.markup import read_markup
from cooperation.documents.verdict import Code, Refused

BY_KIND = {
    "/oleObject": Code.EMBEDDED,
    "/control": Code.EMBEDDED,
    "/activeXControlBinary": Code.EMBEDDED,
    "/aFChunk": Code.EMBEDDED,
    "/vbaProject": Code.MACRO,
}
# These lead out of the file only when the reader clicks on them.
CLICKED = ("/hyperlink",)
# The writer's own template on the writer's own disk says nothing and opens nothing elsewhere.
TEMPLATE = "/attachedTemplate"
OWN_DISK = re.compile(r"(file:///)?[a-z]:[\\/]|[^\\/:]+$", re.IGNORECASE)
PACKAGE = "/package"
FETCHING = {"DDE", "DDEAUTO", "INCLUDETEXT", "INCLUDEPICTURE"}


def check_relation(tag: str, row: dict[str, str]) -> None:
    """One line of a part's relations. Raises Refused."""
    kind, target = row.get("Type", ""), row.get("Target", "")
    for ending, code in BY_KIND.items():
        if kind.endswith(ending):
            raise Refused(code)
    if row.get("TargetMode", "").lower() == "external" and not _harmless(kind, target):
        raise Refused(Code.LINKED)
    if kind.endswith(PACKAGE) and "embeddings/" not in target.lower():
        raise Refused(Code.EMBEDDED)


def _harmless(kind: str, target: str) -> bool:
    if kind.endswith(CLICKED):
        return True
    return kind.endswith(TEMPLATE) and bool(OWN_DISK.match(target))


def check_fields(content: bytes) -> None:
    """Refuse fields that fetch from other programs or places when the document opens.

    A field's code may be cut into several runs, so the pieces between two field marks are put together.
    """
    codes: list[str] = []

    def element(tag: str, row: dict[str, str]) -> None:
        if tag == "fldChar":
            codes.append(" ")
        elif tag == "fldSimple":
            codes.append(f" {row.get('instr', '')} ")

    def text(tag: str, piece: str) -> None:
        if tag == "instrText":
            codes.append(piece)

    read_markup(content, element, text)
    if FETCHING.intersection(re.split(r'[\s"\\]+', "".join(codes).upper())):
        raise Refused(Code.LINKED)
