"""The XML parts of an office document, element by element. No document types, hence no entities."""

from collections.abc import Callable
from xml.parsers import expat

from cooperation.documents.verdict import Code, Refused

ENDINGS = (".xml", ".rels")
Element = Callable[[str, dict[str, str]], None]
Text = Callable[[str, str], None]


def is_markup(name: str) -> bool:
    return name.lower().endswith(ENDINGS)


def read_markup(content: bytes, element: Element, text: Text | None = None) -> None:
    """Call `element` with each element's name and attributes, both without prefixes, in order.

    `text` gets the name of the element that began last, and a piece of text. Raises Refused for what is
    no XML or declares a document type, and whatever the two raise.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    latest = ""

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal latest
        latest = _local(tag)
        element(latest, {_local(key): value for key, value in attributes.items()})

    def refuse(*_: object) -> None:
        raise Refused(Code.DAMAGED)

    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse
    if text:
        parser.CharacterDataHandler = lambda piece: text(latest, piece)
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise Refused(Code.DAMAGED) from error


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
