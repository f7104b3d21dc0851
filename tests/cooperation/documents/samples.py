"""Files made in memory: sound ones, and the building blocks of hostile ones."""

import struct
import zlib
from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import Image

OOXML = "application/vnd.openxmlformats-officedocument"
MAIN = f"{OOXML}.wordprocessingml.document.main+xml"
SHEET = f"{OOXML}.spreadsheetml.sheet.main+xml"
RELATIONS = f"{OOXML.replace('application/vnd.', 'http://schemas.')}.org/officeDocument/2006/relationships"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
MANIFEST = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"


def pdf(change=None, *, pages: int = 1, **save) -> bytes:
    """A PDF of blank pages; `change(document)` may alter it before it is written."""
    document = Pdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(595, 842))
    if change:
        change(document)
    written = BytesIO()
    document.save(written, **save)
    return written.getvalue()


def script(code: str = "app.alert(1)") -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String(code))


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (40, 30), mode: str = "RGB", colour="teal", **save
) -> bytes:
    written = BytesIO()
    Image.new(mode, size, colour).save(written, kind, **save)
    return written.getvalue()


def packed(parts: Mapping[str, str | bytes], *, stored: tuple[str, ...] = ()) -> bytes:
    """A ZIP file of these parts."""
    written = BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content, ZIP_STORED if name in stored else ZIP_DEFLATED)
    return written.getvalue()


def types(*media: str) -> str:
    rows = "".join(f'<Override PartName="/part{i}" ContentType="{entry}"/>' for i, entry in enumerate(media))
    return f'<?xml version="1.0"?><Types xmlns="http://example.org/types">{rows}</Types>'


def relation(kind: str, target: str, *, external: bool = False) -> str:
    mode = ' TargetMode="External"' if external else ""
    return (
        '<Relationships xmlns="http://example.org/relations">'
        f'<Relationship Id="r1" Type="{RELATIONS}/{kind}" Target="{target}"{mode}/></Relationships>'
    )


def text_of(body: str = "<w:p/>") -> str:
    return f'<w:document xmlns:w="http://example.org/w"><w:body>{body}</w:body></w:document>'


def docx(*media: str, **parts: str | bytes) -> bytes:
    """A small text document; `parts` add to it, with "__" in their names for "/"."""
    return packed(docx_parts(*media) | {name.replace("__", "/"): part for name, part in parts.items()})


def docx_parts(*media: str) -> dict[str, str | bytes]:
    return {
        "[Content_Types].xml": types(MAIN, *media),
        "_rels/.rels": relation("officeDocument", "word/document.xml"),
        "word/document.xml": text_of(),
    }


def xlsx(**parts: str | bytes) -> bytes:
    plain = {
        "[Content_Types].xml": types(SHEET),
        "_rels/.rels": relation("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": "<workbook/>",
    }
    return packed(plain | {name.replace("__", "/"): part for name, part in parts.items()})


def odf(kind: str = "text", content: str = "", manifest: str = "", **parts: str | bytes) -> bytes:
    """A small OpenDocument text or spreadsheet with this content."""
    names = f'xmlns:office="{OFFICE}" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:draw="urn:d"'
    names += ' xmlns:script="urn:s" xmlns:text="urn:t"'
    plain = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": f"<office:document-content {names}>{content}</office:document-content>",
        "META-INF/manifest.xml": f'<m:manifest xmlns:m="{MANIFEST}">{manifest}</m:manifest>',
    }
    extra = {name.replace("__", "/"): part for name, part in parts.items()}
    return packed(plain | extra, stored=("mimetype",))


def png_chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">L", len(content)) + kind + content + struct.pack(">L", zlib.crc32(kind + content))


def png_header(width: int, height: int) -> bytes:
    """A PNG that promises many pixels and brings hardly any."""
    header = struct.pack(">LLBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", header)
        + png_chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + png_chunk(b"IEND", b"")
    )


def swollen_pdf(size: int) -> bytes:
    """A PDF whose catalogue lies in an object stream that unpacks to `size` bytes."""
    stream = zlib.compress(b"2 0\n<< /Type /Catalog /Pages 3 0 R >>" + b" " * size, 9)
    bodies = {
        1: b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
        % (len(stream), stream),
        3: b"<< /Type /Pages /Count 1 /Kids [5 0 R] >>",
        5: b"<< /Type /Page /Parent 3 0 R /MediaBox [0 0 9 9] >>",
    }
    data, at = b"%PDF-1.5\n", {}
    for number, body in bodies.items():
        at[number] = len(data)
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    at[4] = len(data)
    rows = [(0, 0), (1, at[1]), (2, 1), (1, at[3]), (1, at[4]), (1, at[5])]
    table = b"".join(struct.pack(">BLB", kind, where, 0) for kind, where in rows)
    return data + (
        b"4 0 obj\n<< /Type /XRef /Size 6 /W [1 4 1] /Root 2 0 R /Length %d >>\nstream\n%s\nendstream\nendobj"
        b"\nstartxref\n%d\n%%%%EOF\n" % (len(table), table, at[4])
    )


def with_names(document: Pdf, name: str, value: pikepdf.Object) -> None:
    document.Root.Names = Dictionary({name: Dictionary(Names=Array([String("a"), value]))})


SOUND = {
    "letter.pdf": pdf(),
    "photo.jpg": picture(),
    "plan.png": picture("PNG", mode="RGBA", colour=(0, 90, 90, 120)),
    "map.webp": picture("WEBP"),
    "text.docx": docx(),
    "budget.xlsx": xlsx(),
    "text.odt": odf(),
    "budget.ods": odf("spreadsheet"),
}
