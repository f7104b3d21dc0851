"""Texts and tables of an office program: a packed folder without macros, objects or links to elsewhere.

The bytes are kept as they came; what they unpack to is read here and thrown away.
"""

from zipfile import ZipFile

from cooperation.documents.archive import opened, read_part
from cooperation.documents.markup import is_markup, read_markup
from cooperation.documents.open_document import check_element
from cooperation.documents.relations import check_fields, check_relation
from cooperation.documents.verdict import Code, Facts, Limits, Refused, Sort

TYPES = "[Content_Types].xml"
MEDIA = "mimetype"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml."
MAIN_PARTS = {f"{WORD}document.main+xml": Sort.DOCX, f"{SHEET}sheet.main+xml": Sort.XLSX}
TEMPLATES = (f"{WORD}template.main+xml", f"{SHEET}template.main+xml")
OPEN_DOCUMENTS = {sort.media_type.encode(): sort for sort in (Sort.ODT, Sort.ODS)}
OPEN_TEMPLATES = tuple(media + b"-template" for media in OPEN_DOCUMENTS)

# Parts known by their name, whatever the list of types says of them.
BY_NAME = {
    Code.MACRO: ("vbaproject", "vbadata", "basic/", "scripts/", "macrosheets/", "customui/"),
    Code.EMBEDDED: ("activex/", "oleobject"),
    Code.LINKED: ("externallinks/", "connections.xml", "querytables/"),
}
# Charts carry their table along as a small workbook: such a part is opened and read like the whole.
PACKED_INSIDE = "embeddings/"


def office_sort(data: bytes, limits: Limits) -> Sort:
    """Which office document a packed file is. Raises Refused for any other archive."""
    with opened(data, limits) as archive:
        names = archive.namelist()
        if TYPES in names:
            return _office_open_sort(read_part(archive, TYPES, limits))
        if MEDIA in names:
            return _open_document_sort(read_part(archive, MEDIA, limits).strip())
    raise Refused(Code.UNKNOWN_SORT, family="archive")


def _office_open_sort(content: bytes) -> Sort:
    types: set[str] = set()
    read_markup(content, lambda name, row: types.add(row.get("ContentType", "")))
    if any("macroEnabled" in entry or "vbaProject" in entry for entry in types):
        raise Refused(Code.MACRO)
    if types.intersection(TEMPLATES):
        raise Refused(Code.TEMPLATE)
    found = [sort for main, sort in MAIN_PARTS.items() if main in types]
    if len(found) != 1:
        raise Refused(Code.UNKNOWN_SORT, family="office")
    return found[0]


def _open_document_sort(media: bytes) -> Sort:
    if media in OPEN_TEMPLATES:
        raise Refused(Code.TEMPLATE)
    if media not in OPEN_DOCUMENTS:
        raise Refused(Code.UNKNOWN_SORT, family="office")
    return OPEN_DOCUMENTS[media]


def read_office(data: bytes, sort: Sort, limits: Limits) -> Facts:
    """The document, unchanged. Raises Refused."""
    _check(data, sort, limits, inside=False)
    return Facts(data)


def _check(data: bytes, sort: Sort, limits: Limits, *, inside: bool) -> None:
    with opened(data, limits) as archive:
        for name in archive.namelist():
            _check_name(name.lower())
            if PACKED_INSIDE in name.lower():
                _check_packed(read_part(archive, name, limits), limits, inside=inside)
            elif is_markup(name):
                _check_markup(archive, name, sort, limits)


def _check_name(name: str) -> None:
    for code, parts in BY_NAME.items():
        if any(part in name for part in parts):
            raise Refused(code)


def _check_packed(content: bytes, limits: Limits, *, inside: bool) -> None:
    """A document inside the document: one level, of the two usual sorts, as clean as the whole."""
    if not content:  # the entry of the folder itself
        return
    if inside or not content.startswith(b"PK\x03\x04"):
        raise Refused(Code.EMBEDDED)
    sort = office_sort(content, limits)
    if sort not in MAIN_PARTS.values():
        raise Refused(Code.EMBEDDED)
    _check(content, sort, limits, inside=True)


def _check_markup(archive: ZipFile, name: str, sort: Sort, limits: Limits) -> None:
    content = read_part(archive, name, limits)
    if not content.strip():
        return
    if sort not in MAIN_PARTS.values():
        read_markup(content, lambda tag, row: check_element(name, tag, row))
    elif name.endswith(".rels"):
        read_markup(content, check_relation)
    elif sort is Sort.DOCX:
        check_fields(content)
