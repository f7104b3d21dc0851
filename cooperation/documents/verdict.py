"""What an inspection answers: a clean file with its facts, or a refusal with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum


class Sort(Enum):
    """A sort of file that can be attached: its ending and its media type."""

    PDF = ("pdf", "application/pdf")
    JPEG = ("jpg", "image/jpeg")
    PNG = ("png", "image/png")
    WEBP = ("webp", "image/webp")
    DOCX = ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
    XLSX = ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    ODT = ("odt", "application/vnd.oasis.opendocument.text")
    ODS = ("ods", "application/vnd.oasis.opendocument.spreadsheet")

    @property
    def extension(self) -> str:
        return self.value[0]

    @property
    def media_type(self) -> str:
        return self.value[1]


class Code(StrEnum):
    """Why a file was refused; the sentence for each is in cooperation.web.file_words."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    UNKNOWN_SORT = "unknown_sort"
    SORT_NOT_TAKEN = "sort_not_taken"
    DAMAGED = "damaged"
    PASSWORD = "password"  # noqa: S105 - the name of a reason, no secret
    SCRIPT = "script"
    MACRO = "macro"
    EMBEDDED = "embedded"
    LINKED = "linked"
    FORM = "form"
    TWO_IN_ONE = "two_in_one"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_MANY_PIXELS = "too_many_pixels"
    MOVING = "moving"
    UNPACKS_TOO_LARGE = "unpacks_too_large"
    UNSAFE_NAMES = "unsafe_names"
    OLD_OFFICE = "old_office"
    TEMPLATE = "template"


class Refused(Exception):
    """The file is not taken. `params` are plain values for the sentence that says why."""

    def __init__(self, code: Code, **params: object) -> None:
        super().__init__(str(code))
        self.code = code
        self.params: Mapping[str, object] = params


@dataclass(frozen=True)
class Limits:
    """How large a file may be, outside and inside. Bytes, pages, pixels (width times height)."""

    bytes: int = 10 * 1024**2
    pages: int = 500
    pixels: int = 50_000_000
    unpacked: int = 100 * 1024**2
    parts: int = 3_000
    text: int = 32 * 1024**2


@dataclass(frozen=True)
class Facts:
    """What a reader of one sort found: the bytes to keep, and the file's extent in its own measure."""

    data: bytes
    pages: int | None = None
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True)
class Clean:
    """A file fit to be kept. `sha256` is that of `data`, the bytes as they are kept, in hexadecimal."""

    data: bytes
    sort: Sort
    name: str
    sha256: str
    pages: int | None = None
    width: int | None = None
    height: int | None = None

    @property
    def media_type(self) -> str:
        return self.sort.media_type

    @property
    def extension(self) -> str:
        return self.sort.extension
