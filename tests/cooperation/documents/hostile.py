"""Hostile and odd files, each with the reason it is refused for, or with what makes it clean."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZipFile, ZipInfo

from pikepdf import Array, Dictionary, Encryption, Name, Pdf, String
from PIL import Image

from cooperation.documents import Code
from tests.cooperation.documents.samples import (
    MAIN,
    docx,
    docx_parts,
    odf,
    packed,
    pdf,
    picture,
    png_chunk,
    png_header,
    relation,
    script,
    swollen_pdf,
    text_of,
    types,
    with_names,
    xlsx,
)

HTML = b"<!doctype html><script>alert(document.domain)</script>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
MEBIBYTE = 1024**2


@dataclass(frozen=True)
class Hostile:
    """`code` is why it is refused; None where it comes out clean."""

    label: str
    name: str
    data: bytes
    code: Code | None


def hostile_files() -> list[Hostile]:
    rows = [*_frames(), *_pdfs(), *_pictures(), *_archives(), *_office_open(), *_open_documents()]
    return [Hostile(*row) for row in rows]


Row = tuple[str, str, bytes, Code | None]


def _frames() -> Iterator[Row]:
    yield "empty", "empty.pdf", b"", Code.EMPTY
    yield "one byte too many", "big.pdf", pdf() + b"\n" * (10 * MEBIBYTE + 1 - len(pdf())), Code.TOO_LARGE
    yield "html as pdf", "letter.pdf", HTML, Code.UNKNOWN_SORT
    yield "svg as png", "logo.png", SVG, Code.UNKNOWN_SORT
    yield "svg", "logo.svg", SVG, Code.UNKNOWN_SORT
    yield "program as pdf", "letter.pdf", b"MZ\x90\0" + bytes(600), Code.UNKNOWN_SORT
    yield "elf program", "letter", b"\x7fELF\x02\x01\x01" + bytes(600), Code.UNKNOWN_SORT
    yield "shell script", "run.sh", b"#!/bin/sh\nrm -rf /\n", Code.UNKNOWN_SORT
    yield "php as jpg", "photo.jpg", b"<?php system($_GET['c']); ?>", Code.UNKNOWN_SORT
    yield "only NUL", "nothing.pdf", bytes(4096), Code.UNKNOWN_SORT
    yield "plain text", "notes.txt", "Grüße aus Göteborg".encode(), Code.UNKNOWN_SORT
    yield "rich text", "letter.rtf", b"{\\rtf1\\object}", Code.UNKNOWN_SORT
    yield "gif with archive behind", "cat.gif", picture("GIF") + packed({"A.class": "x"}), Code.UNKNOWN_SORT
    yield "pdf far down", "late.pdf", b"GIF89a" + bytes(50) + pdf(), Code.UNKNOWN_SORT
    yield "heic photo", "IMG_1.heic", bytes(3) + b"\x18ftypheic" + bytes(40), Code.UNKNOWN_SORT


def _pdfs() -> Iterator[Row]:
    whole = pdf()
    yield "pdf then html", "a.pdf", whole + HTML, Code.TWO_IN_ONE
    yield "pdf then archive", "a.pdf", whole + packed({"a.txt": "x"}), Code.TWO_IN_ONE
    yield "html in a pdf's first line", "a.pdf", b"%PDF-1.7\n%" + HTML + whole[8:], Code.TWO_IN_ONE
    yield "pdf cut in half", "a.pdf", whole[: len(whole) // 2], Code.DAMAGED
    yield "pdf header only", "a.pdf", b"%PDF-1.7\n", Code.DAMAGED
    yield "pdf header and end", "a.pdf", b"%PDF-1.7\n%%EOF", Code.DAMAGED
    yield "pdf noise", "a.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"\n%%EOF", Code.DAMAGED
    yield "pdf without pages", "a.pdf", pdf(pages=0), Code.DAMAGED
    yield "pdf of 501 pages", "a.pdf", pdf(pages=501), Code.TOO_MANY_PAGES
    yield "pdf swollen inside", "a.pdf", swollen_pdf(300 * MEBIBYTE), Code.DAMAGED
    locked = Encryption(owner="o", user="u")
    yield "pdf with a password", "a.pdf", pdf(encryption=locked), Code.PASSWORD
    yield "pdf with a printing ban", "a.pdf", pdf(encryption=Encryption(owner="o", user="")), Code.PASSWORD
    changes = {
        "script at opening": (lambda d: setattr(d.Root, "OpenAction", script()), Code.SCRIPT),
        "address at opening": (
            lambda d: setattr(d.Root, "OpenAction", Dictionary(S=Name.URI, URI=String("http://example.org"))),
            Code.SCRIPT,
        ),
        "script in the names": (lambda d: with_names(d, "/JavaScript", script()), Code.SCRIPT),
        "script on a page": (lambda d: setattr(d.pages[0].obj, "AA", Dictionary(O=script())), Code.SCRIPT),
        "script behind a name": (
            lambda d: setattr(d.Root, "Outlines", d.make_indirect(Dictionary(A=Array([script()])))),
            Code.SCRIPT,
        ),
        "launch": (
            lambda d: setattr(d.Root, "OpenAction", Dictionary(S=Name.Launch, F=String("cmd.exe"))),
            Code.SCRIPT,
        ),
        "link that launches": (
            lambda d: _annotate(d, Dictionary(S=Name.Launch, F=String("cmd.exe"))), Code.SCRIPT
        ),
        "form that sends": (
            lambda d: _annotate(d, Dictionary(S=Name.SubmitForm, F=String("http://example.org"))), Code.FORM
        ),
        "other program's form": (
            lambda d: setattr(d.Root, "AcroForm", Dictionary(XFA=d.make_stream(b"<xdp/>"))), Code.FORM
        ),
        "file inside": (_attach, Code.EMBEDDED),
        "script in compressed objects": (lambda d: _annotate(d, script()), Code.SCRIPT),
    }  # fmt: skip
    for label, (change, code) in changes.items():
        yield f"pdf with {label}", "a.pdf", pdf(change), code
    hidden = pdf(lambda d: _annotate(d, script())).replace(b"/JavaScript", b"/J#61vaScript")
    yield "pdf with a script spelled oddly", "a.pdf", hidden, Code.SCRIPT


def _annotate(document: Pdf, action: Dictionary) -> None:
    page = document.pages[0].obj
    page.Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=action)])


def _attach(document: Pdf) -> None:
    document.attachments["evil.exe"] = b"MZ"


def _pictures() -> Iterator[Row]:
    jpeg, png = picture(), picture("PNG")
    yield "png of 100,000 by 100,000", "a.png", png_header(100_000, 100_000), Code.TOO_MANY_PIXELS
    yield "png of 9,000 by 9,000", "a.png", png_header(9_000, 9_000), Code.TOO_MANY_PIXELS
    yield "png that ends early", "a.png", png_header(900, 900), Code.DAMAGED
    yield "png of no size", "a.png", png_header(0, 0), Code.DAMAGED
    yield "png cut in half", "a.png", png[: len(png) // 2], Code.DAMAGED
    text = png[:33] + png_chunk(b"zTXt", b"k\0\0" + _deflated(80 * MEBIBYTE)) + png[33:]
    yield "png with a swollen text", "a.png", text, Code.DAMAGED
    yield "jpeg cut in half", "a.jpg", jpeg[: len(jpeg) // 2], Code.DAMAGED
    yield "jpeg mark only", "a.jpg", b"\xff\xd8\xff", Code.DAMAGED
    yield "moving webp", "a.webp", _moving("WEBP"), Code.MOVING
    yield "moving png", "a.png", _moving("PNG"), Code.MOVING
    yield "webp mark only", "a.webp", b"RIFF\x04\0\0\0WEBP", Code.DAMAGED
    yield "jpeg then archive", "a.jpg", jpeg + packed({"A.class": "x"}), None
    yield "jpeg then html", "a.jpg", jpeg + HTML, None
    yield "jpeg with html in its remark", "a.jpg", picture(comment=HTML), None
    yield "jpeg with the place", "a.jpg", with_place(), None
    yield "jpeg named as a program", "../../a.php\0.exe", jpeg, None
    yield "png then archive", "a.png", png + packed({"a": "x"}), None


def with_place() -> bytes:
    """A photograph that tells where it was taken, and by which camera."""
    exif = Image.Exif()
    exif[0x010F] = "Secret Camera"
    exif[0x0112] = 6
    exif.get_ifd(0x8825).update({1: "N", 2: (57.0, 55.0, 0.0), 3: "E", 4: (12.0, 5.0, 0.0)})
    return picture(exif=exif, comment=b"secret remark", icc_profile=b"secret profile" + bytes(200))


def _deflated(size: int) -> bytes:
    return zlib.compress(bytes(size), 9)


def _moving(kind: str) -> bytes:
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    written = BytesIO()
    frames[0].save(written, kind, save_all=True, append_images=frames[1:])
    return written.getvalue()


def _archives() -> Iterator[Row]:
    yield "archive", "papers.zip", packed({"letter.txt": "x"}), Code.UNKNOWN_SORT
    yield "archive as docx", "letter.docx", packed({"letter.txt": "x"}), Code.UNKNOWN_SORT
    yield "archive mark only", "a.docx", b"PK\x03\x04", Code.DAMAGED
    yield "docx cut in half", "a.docx", docx()[: len(docx()) // 2], Code.DAMAGED
    yield "docx then html", "a.docx", docx() + HTML, Code.TWO_IN_ONE
    yield "docx with a remark", "a.docx", docx()[:-2] + b"\x05\0hello", Code.TWO_IN_ONE
    yield "zip bomb as docx", "a.docx", docx(word__media__a=bytes(90 * MEBIBYTE)), Code.UNPACKS_TOO_LARGE
    many = docx_parts() | {f"word/{i}.txt": "" for i in range(3_001)}
    yield "docx of 3,000 parts", "a.docx", packed(many), Code.UNPACKS_TOO_LARGE
    for label, name in [
        ("climbing", "../../etc/passwd"), ("absolute", "/etc/passwd"), ("of Windows", "C:\\autorun.inf")
    ]:  # fmt: skip
        yield f"docx with a path {label}", "a.docx", packed(docx_parts() | {name: "x"}), Code.UNSAFE_NAMES
    yield (
        "docx with one part twice",
        "a.docx",
        packed(docx_parts() | {"WORD/document.xml": "x"}),
        Code.UNSAFE_NAMES,
    )
    yield "docx with a symbolic link", "a.docx", _linked(), Code.UNSAFE_NAMES
    yield (
        "docx with a NUL in a path",
        "a.docx",
        docx(wordAevil="x").replace(b"wordAevil", b"word\0evil"),
        Code.UNSAFE_NAMES,
    )
    locked = bytearray(docx())
    at = locked.find(b"PK\x01\x02")
    locked[at + 8] |= 1
    yield "docx with a locked part", "a.docx", bytes(locked), Code.PASSWORD
    yield "docx that lies about a size", "a.docx", _lying(), Code.DAMAGED


def _linked() -> bytes:
    written = BytesIO(docx())
    link = ZipInfo("word/link")
    link.external_attr = 0o120777 << 16
    with ZipFile(written, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    return written.getvalue()


def _lying() -> bytes:
    """The directory promises a shorter document than the one that unpacks."""
    body = text_of("<w:p/>" * 2_000)
    data = packed(docx_parts() | {"word/document.xml": body})
    true, false = len(body).to_bytes(4, "little"), (64).to_bytes(4, "little")
    return data.replace(true, false)


def _office_open() -> Iterator[Row]:
    macro = "application/vnd.ms-word.document.macroEnabled.main+xml"
    parts = docx_parts() | {"[Content_Types].xml": types(macro), "word/vbaProject.bin": "x"}
    yield "docm named docx", "a.docx", packed(parts), Code.MACRO
    yield "docx with a macro part", "a.docx", docx(word__vbaProject="x"), Code.MACRO
    yield "docx with a macro type", "a.docx", docx("application/vnd.ms-office.vbaProject"), Code.MACRO
    yield "xlsx with an old macro sheet", "a.xlsx", xlsx(xl__macrosheets__sheet1="<a/>"), Code.MACRO
    yield "docx with an object", "a.docx", docx(word__embeddings__oleObject1="x"), Code.EMBEDDED
    rels = "word/_rels/document.xml.rels"
    for kind, target, external, code in [
        ("oleObject", "foo/bar.dat", False, Code.EMBEDDED),
        ("aFChunk", "page.html", False, Code.EMBEDDED),
        ("attachedTemplate", "http://example.org/evil.dotm", True, Code.LINKED),
        ("attachedTemplate", "file://///192.0.2.1/share/evil.dotm", True, Code.LINKED),
        ("image", "http://example.org/track.png", True, Code.LINKED),
        ("frame", "mhtml:http://example.org/x", True, Code.LINKED),
        ("attachedTemplate", "file:///C:\\Templates\\Letter.dotx", True, None),
        ("hyperlink", "http://example.org", True, None),
    ]:
        parts = docx_parts() | {rels: relation(kind, target, external=external)}
        yield f"docx with {kind} {target}", "a.docx", packed(parts), code
    program = docx(**{"word__embeddings__a.xlsx": b"MZ" + bytes(99)})
    yield "docx with a program as table", "a.docx", program, Code.EMBEDDED
    bad = xlsx(xl__vbaProject="x")
    yield "docx with macros in its table", "a.docx", docx(**{"word__embeddings__a.xlsx": bad}), Code.MACRO
    deep = docx(**{"word__embeddings__a.docx": docx(**{"word__embeddings__b.docx": docx()})})
    yield "docx in a docx in a docx", "a.docx", deep, Code.EMBEDDED
    yield "docx with a sound table", "a.docx", docx(**{"word__embeddings__a.xlsx": xlsx()}), None
    split = "<w:fldChar/><w:instrText>DDE</w:instrText><w:instrText>AUTO cmd</w:instrText>"
    yield "docx with a field that calls", "a.docx", _docx_text(split), Code.LINKED
    simple = '<w:fldSimple w:instr=" DDEAUTO c:\\\\cmd.exe "/>'
    yield "docx with a simple field that calls", "a.docx", _docx_text(simple), Code.LINKED
    yield "xlsx with links", "a.xlsx", xlsx(xl__externalLinks__externalLink1="<a/>"), Code.LINKED
    laughs = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>'
    yield "docx that laughs a billion times", "a.docx", _docx_part(laughs), Code.DAMAGED
    outside = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
    yield "docx that reads a file", "a.docx", _docx_part(outside), Code.DAMAGED
    yield "docx of no markup", "a.docx", _docx_part("not xml <"), Code.DAMAGED
    yield "docx of deep markup", "a.docx", _docx_part("<a>" * 200_000), Code.DAMAGED
    yield "docx in other letters", "a.docx", packed(_other_letters()), Code.LINKED
    yield "office document with a password", "a.docx", _ole("EncryptedPackage"), Code.PASSWORD
    yield "old word document", "a.doc", _ole("WordDocument"), Code.OLD_OFFICE
    yield "old word document as docx", "a.docx", _ole("WordDocument"), Code.OLD_OFFICE
    slides = f"{MAIN.replace('wordprocessingml.document', 'presentationml.presentation')}"
    yield "slides", "a.pptx", packed({"[Content_Types].xml": types(slides)}), Code.UNKNOWN_SORT
    template = types(MAIN.replace("document.main", "template.main"))
    yield "template", "a.dotx", packed({"[Content_Types].xml": template}), Code.TEMPLATE


def _docx_text(body: str) -> bytes:
    return packed(docx_parts() | {"word/document.xml": text_of(body)})


def _docx_part(content: str) -> bytes:
    return packed(docx_parts() | {"word/document.xml": content})


def _other_letters() -> dict[str, str | bytes]:
    """A relation in UTF-16 with its key word spelled in character references."""
    row = relation("image", "http://example.org/a.png", external=True).replace("External", "Exter&#110;al")
    return docx_parts() | {"word/_rels/document.xml.rels": row.encode("utf-16")}


def _ole(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + stream.encode("utf-16-le") + bytes(512)


def _open_documents() -> Iterator[Row]:
    yield "odt with macros", "a.odt", odf(Basic__Standard__Module1="x"), Code.MACRO
    listener = '<script:event-listener script:event-name="dom:load" xlink:href="vnd.sun.star.script:x"/>'
    yield "odt with a listener", "a.odt", odf(content=listener), Code.MACRO
    click = '<text:a xlink:href=" vnd.sun.star.script:Lib.Evil?language=Basic&amp;location=user">x</text:a>'
    yield "odt with a link that runs", "a.odt", odf(content=click), Code.MACRO
    image = '<draw:image xlink:href="http://example.org/track.png"/>'
    yield "odt with a picture elsewhere", "a.odt", odf(content=image), Code.LINKED
    share = '<draw:image xlink:href="//192.0.2.1/share/a.png"/>'
    yield "odt with a picture on a share", "a.odt", odf(content=share), Code.LINKED
    yield "odt with an object", "a.odt", odf(content="<draw:object-ole/>"), Code.EMBEDDED
    yield "ods with a password", "a.ods", odf("spreadsheet", manifest="<m:encryption-data/>"), Code.PASSWORD
    yield "ods that asks a program", "a.ods", odf("spreadsheet", content="<office:dde-source/>"), Code.LINKED
    yield "odp", "a.odp", odf("presentation"), Code.UNKNOWN_SORT
    yield "ott", "a.ott", odf("text-template"), Code.TEMPLATE
    link = '<text:a xlink:href="http://example.org">x</text:a>'
    yield "odt with a link to click", "a.odt", odf(content=link), None


NAMES = {
    "nul": ("letter\0.pdf", "letter.pdf"),
    "path": ("../../etc/cron.d/letter.pdf", "letter.pdf"),
    "windows path": ("C:\\Users\\me\\letter.pdf", "letter.pdf"),
    "turned reading": ("letter\u202efdp.exe", "letterfdp.pdf"),
    "surrogate": ("letter\ud800.pdf", "letter.pdf"),
    "dots": ("...pdf", "document.pdf"),
    "hidden": (".htaccess", "htaccess.pdf"),
    "nothing": ("", "document.pdf"),
    "blank": (" \t\r\n ", "document.pdf"),
    "two endings": ("letter.pdf.exe", "letter.pdf"),
    "other ending": ("letter.JPEG", "letter.pdf"),
    "true ending": ("letter.PDF", "letter.pdf"),
    "header injection": ('a"\r\nSet-Cookie: x=1;.pdf', "a_ Set-Cookie_ x=1;.pdf"),
    "device": ("CON.pdf", "_CON.pdf"),
    "combining": ("Bevi\u0301s.pdf", "Bevís.pdf"),
    "other scripts": ("Ελλάδα Україна 日本.pdf", "Ελλάδα Україна 日本.pdf"),
    "a version": ("Budget v2.1 final.pdf", "Budget v2.1 final.pdf"),
    "a year": ("Budget.2027.pdf", "Budget.2027.pdf"),
}
