"""What sort of file these bytes are. The name and the declared type are never asked.

What is taken is recognised by exact marks here; puremagic helps to name what is not.
"""

import puremagic

from cooperation.documents.office import office_sort
from cooperation.documents.verdict import Code, Limits, Refused, Sort

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
LOOKED_AT = 1024  # bytes; browsers look no further for the beginning of a page
HEIF = (b"heic", b"heix", b"mif1", b"avif")
# What officers do send: how it begins, or the ending puremagic knows it by; and the family in the sentence.
BEGINNINGS = {
    b"<!doctype html": "page",
    b"<html": "page",
    b"<script": "page",
    b"<svg": "drawing",
    b"#!": "program",
    b"\x7felf": "program",
    b"mz": "program",
    b"{\\rtf": "text",
}
ENDINGS = {
    "picture": (".gif", ".tif", ".tiff", ".bmp", ".ico", ".psd", ".jp2", ".heic", ".avif"),
    "archive": (".rar", ".7z", ".gz", ".bz2", ".xz", ".tar", ".zip", ".jar", ".cab"),
    "program": (".exe", ".dll", ".class", ".msi", ".com"),
    "text": (".rtf", ".txt", ".tex", ".ps", ".eps"),
}


def sniff(data: bytes, limits: Limits) -> Sort:
    """The sort by content. Raises Refused for what cannot be attached, naming what it seems to be."""
    if data.startswith(b"%PDF-"):
        return Sort.PDF
    if data.startswith(b"\xff\xd8\xff"):
        return Sort.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Sort.PNG
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return Sort.WEBP
    if data.startswith(b"PK\x03\x04"):
        return office_sort(data, limits)
    if data.startswith(OLE):
        raise Refused(Code.PASSWORD if ENCRYPTED_PACKAGE in data else Code.OLD_OFFICE)
    raise Refused(Code.UNKNOWN_SORT, family=_family(data[:LOOKED_AT]))


def _family(data: bytes) -> str:
    """A rough family, only ever used to word the sentence; empty when nothing helpful can be said."""
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"<") and b"<svg" in start:
        return "drawing"
    if data[4:8] == b"ftyp" and data[8:12] in HEIF:
        return "picture"
    if known := next((family for begin, family in BEGINNINGS.items() if start.startswith(begin)), ""):
        return known
    try:
        ending = puremagic.from_string(data)
    except (puremagic.PureError, ValueError):
        return ""
    return next((family for family, endings in ENDINGS.items() if ending in endings), "")
