"""File names fit for every disk, header and eye."""

import re
import unicodedata

LONGEST = 100  # characters, ending included
LONGEST_IN_BYTES = 200  # as UTF-8: disks allow 255, copies grow a little
# Endings that a name loses before it gets the true one.
ENDINGS = (
    *("pdf", "jpg", "jpeg", "jpe", "jfif", "png", "webp", "docx", "docm", "doc", "xlsx", "xlsm", "xls"),
    *("odt", "ods", "rtf", "txt", "htm", "html", "svg", "xml", "zip", "exe", "com", "bat", "cmd", "scr"),
    *("js", "jar", "php", "sh", "gif", "tif", "tiff", "heic", "bmp"),
)
ENDING = re.compile(rf"\.({'|'.join(ENDINGS)})$", re.IGNORECASE)
RESERVED = re.compile(r'[<>:"|?*%]+')
# Names that Windows takes for devices.
DEVICES = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def safe_name(name: str, extension: str) -> str:
    """The name to keep and to send: one line, no path, nothing invisible, the ending of its true sort.

    Letters of every script stay. Control characters, surrogates and marks that turn the direction of
    reading go. What remains empty is called "document".
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", _visible(name)))[-1]
    stem = ENDING.sub("", RESERVED.sub("_", " ".join(last.split())))
    stem = ENDING.sub("", stem).strip(" .")
    stem = f"_{stem}" if DEVICES.match(stem) else stem
    room = LONGEST_IN_BYTES - len(extension) - 1
    stem = stem[: LONGEST - len(extension) - 1].encode()[:room].decode(errors="ignore")
    return f"{stem.strip(' .') or 'document'}.{extension}"


def _visible(name: str) -> str:
    """Without control, format, surrogate, private and unassigned characters; a line break is a space."""
    spaced = (" " if character in "\t\r\n" else character for character in name)
    return "".join(character for character in spaced if not unicodedata.category(character).startswith("C"))
