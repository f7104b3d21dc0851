"""A PDF that only shows pages: no password, no scripts, nothing hidden inside.

The bytes are kept as they came, because writing them anew would break a digital signature.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from zipfile import is_zipfile

import pikepdf
from pikepdf import Array, Dictionary, Object, Stream

from cooperation.documents.verdict import Code, Facts, Limits, Refused, Sort

# What qpdf may spend on one file. The limits hold for the whole process, which reads PDFs nowhere else.
MEBIBYTE = 1024**2
pikepdf.settings.set_qpdf_limits(
    doc_max_warnings=50,
    flate_max_memory=64 * MEBIBYTE,
    png_max_memory=64 * MEBIBYTE,
    tiff_max_memory=64 * MEBIBYTE,
    run_length_max_memory=64 * MEBIBYTE,
    dct_max_memory=64 * MEBIBYTE,
    max_stream_filters=5,
)
MOST_OBJECTS = 300_000
HEADER = re.compile(rb"%PDF-[12]\.\d[\r\n \t]")
MARKUP = re.compile(rb"<\s*(!doctype|html|head|body|script|svg|iframe|img|\?php)", re.IGNORECASE)
SNIFFED_BY_BROWSERS = 1024
TAIL = 2048

# An object is looked at closely only when its written form has one of these names.
SUSPECT = re.compile(
    rb"/(JS|JavaScript|XFA|EF|EmbeddedFile|Launch|OpenAction|AA|SubmitForm|ImportData|GoToE|Rendition"
    rb"|RichMedia\w*|OnInstantiate|FFilter)\b"
)
BY_KEY = {
    "/JS": Code.SCRIPT,
    "/JavaScript": Code.SCRIPT,
    "/OnInstantiate": Code.SCRIPT,
    "/XFA": Code.FORM,
    "/EF": Code.EMBEDDED,
    "/FFilter": Code.LINKED,
}
BY_ACTION = {
    "/JavaScript": Code.SCRIPT,
    "/Launch": Code.SCRIPT,
    "/Rendition": Code.SCRIPT,
    "/RichMediaExecute": Code.SCRIPT,
    "/SubmitForm": Code.FORM,
    "/ImportData": Code.FORM,
    "/GoToE": Code.EMBEDDED,
}
BY_TYPE = {"/EmbeddedFile": Code.EMBEDDED, "/RichMedia": Code.EMBEDDED}
# What a document may do by itself when it is opened: turn to a page.
BY_ITSELF = {"/GoTo", "/Named", "/SetOCGState"}


def read_pdf(data: bytes, sort: Sort, limits: Limits) -> Facts:
    """The pages of a PDF. Raises Refused."""
    _check_frame(data)
    try:
        with pikepdf.open(BytesIO(data)) as pdf:
            if pdf.is_encrypted:
                raise Refused(Code.PASSWORD)
            pages = len(pdf.pages)
            if pages > limits.pages:
                raise Refused(Code.TOO_MANY_PAGES, pages=pages, limit=limits.pages)
            if not pages or len(pdf.objects) > MOST_OBJECTS:
                raise Refused(Code.DAMAGED)
            for entry in pdf.objects:
                _check_object(entry)
    except pikepdf.PasswordError as error:
        raise Refused(Code.PASSWORD) from error
    return Facts(data, pages=pages)


def _check_frame(data: bytes) -> None:
    """A PDF from the first byte to the last, and nothing else at the same time."""
    if not HEADER.match(data):
        raise Refused(Code.DAMAGED)
    _, mark, rest = data[-TAIL:].rpartition(b"%%EOF")
    if not mark and b"%%EOF" not in data:
        raise Refused(Code.DAMAGED)
    if not mark or rest.strip(b"\0\r\n\t \x0c\x1a"):
        raise Refused(Code.TWO_IN_ONE)
    if MARKUP.search(data[:SNIFFED_BY_BROWSERS]) or is_zipfile(BytesIO(data)):
        raise Refused(Code.TWO_IN_ONE)


def _check_object(entry: Object) -> None:
    written = entry.stream_dict.unparse() if isinstance(entry, Stream) else entry.unparse(resolved=True)
    if SUSPECT.search(written):
        for part in _dictionaries(entry):
            _check_dictionary(part)


def _dictionaries(entry: Object) -> Iterator[Object]:
    """The dictionaries written inside one object; what it refers to is an object of its own."""
    waiting = [entry]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Dictionary | Stream):
            yield part
            children = [child for _, child in part.items()]
        elif isinstance(part, Array):
            children = list(part)
        else:
            continue
        waiting += [child for child in children if isinstance(child, Object) and not child.is_indirect]


def _check_dictionary(part: Object) -> None:
    for key, value in part.items():
        if code := BY_KEY.get(key):
            raise Refused(code)
        if key == "/S" and (code := BY_ACTION.get(str(value))):
            raise Refused(code)
        if key in ("/Type", "/Subtype") and (code := BY_TYPE.get(str(value))):
            raise Refused(code)
        if key == "/OpenAction":
            _check_by_itself(value)
        elif key == "/AA" and isinstance(value, Dictionary):
            for _, action in value.items():
                _check_by_itself(action)


def _check_by_itself(action: Object) -> None:
    """An action that runs without a click. A destination (an array or a name) only turns the page."""
    if isinstance(action, Dictionary) and str(action.get("/S", "")) not in BY_ITSELF:
        raise Refused(Code.SCRIPT)
