"""OpenDocument: elements that run, that carry foreign objects, or that fetch from elsewhere.

Source: OASIS OpenDocument 1.3, part 3.
"""

import re

from cooperation.documents.verdict import Code, Refused

MANIFEST = "META-INF/manifest.xml"
BY_ELEMENT = {
    "event-listener": Code.MACRO,
    "script": Code.MACRO,
    "object-ole": Code.EMBEDDED,
    "plugin": Code.EMBEDDED,
    "applet": Code.EMBEDDED,
    "dde-source": Code.LINKED,
    "dde-connection-decl": Code.LINKED,
}
CLICKED = "a"
RUNS = re.compile(r"\s*(vnd\.sun\.star\.script|macro|script|javascript)\s*:", re.IGNORECASE)
OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*:|[\\/]|\.\.", re.IGNORECASE)
# Where the writer's template lies is remembered there and never opened.
NOTES = "meta.xml"


def check_element(part: str, tag: str, row: dict[str, str]) -> None:
    """One element of a part called `part`. Raises Refused."""
    if part == MANIFEST:
        if tag == "encryption-data":
            raise Refused(Code.PASSWORD)
        return
    if code := BY_ELEMENT.get(tag):
        raise Refused(code)
    target = row.get("href", "")
    if RUNS.match(target):
        raise Refused(Code.MACRO)
    if tag != CLICKED and not part.endswith(NOTES) and OUTSIDE.match(target):
        raise Refused(Code.LINKED)
