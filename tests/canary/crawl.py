"""Follow every link and every GET form from many addresses on, and read whatever comes back."""

import io
import re
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit
from zipfile import ZipFile

import pikepdf
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve
from openpyxl import load_workbook
from PIL import Image

from tests.calls.printing.reading import text_of

# What ends the session, changes with nobody who asks, or says the same in another language.
LANGUAGES = "|".join(code for code, _name in settings.LANGUAGES)
LEFT_OUT = re.compile(rf"^/(({LANGUAGES})/|static/|account/|admin/(log|password|jsi18n)|components/)")


@dataclass(frozen=True)
class Page:
    """One answer: what was asked, the status, and everything that can be read in it, in small letters."""

    method: str
    path: str
    status: int
    text: str

    def __str__(self) -> str:
        return f"{self.method} {self.path} -> {self.status}"


@dataclass
class _Links(HTMLParser):
    """The addresses that a page leads to; a GET form with what it is filled with."""

    found: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.form: dict[str, str] | None = None
        self.action = self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {key: value or "" for key, value in attrs}
        self.found += [values[key] for key in ("href", "src", "hx-get") if key in values]
        if tag == "form" and values.get("method", "get").lower() == "get":
            self.form, self.action = {}, values.get("action", "")
        elif self.form is not None:
            self._field(tag, values)

    def _field(self, tag: str, values: dict[str, str]) -> None:
        assert self.form is not None
        if tag == "select":
            self.select = values.get("name", "")
        elif tag == "option" and self.select and ("selected" in values or self.select not in self.form):
            self.form[self.select] = values.get("value", "")
        elif tag == "input" and values.get("name") and _is_filled(values):
            self.form[values["name"]] = values.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = ""
        elif tag == "form" and self.form is not None:
            self.found.append(f"{self.action.partition('?')[0]}?{urlencode(self.form)}")
            self.form = None


def _is_filled(values: dict[str, str]) -> bool:
    return values.get("type") not in ("checkbox", "radio") or "checked" in values


def crawl(client: Client, starts: Iterable[str], *, alike: int, within: str = "/") -> list[Page]:
    """Every page that can be reached, beyond the starts each kind of address a few times (`alike`), `within`
    a part of the portal."""
    starts = list(dict.fromkeys(starts))
    waiting, seen, kinds, pages = deque(starts), set(starts), Counter(), []
    while waiting:
        path = waiting.popleft()
        page, links = ask(client, "GET", path)
        pages.append(page)
        for link in links:
            if link in seen or LEFT_OUT.match(link) or not link.startswith(within):
                continue
            route, kind = _kinds(link)
            if kinds[kind] < alike and kinds[route] < 2 * alike:
                kinds.update((route, kind))
                seen.add(link)
                waiting.append(link)
    return pages


def ask(client: Client, method: str, path: str, data: object = None) -> tuple[Page, list[str]]:
    """One request and the links of what it answered; whatever it changed is undone."""
    with transaction.atomic():
        response = (
            getattr(client, method.lower())(path, data) if data else getattr(client, method.lower())(path)
        )
        body = b"".join(response.streaming_content) if response.streaming else response.content
        transaction.set_rollback(True)
    kind = response.get("Content-Type", "")
    head = "\n".join(f"{key}: {value}" for key, value in response.headers.items())
    links = []
    if "html" in kind:
        parser = _Links()
        parser.feed(body.decode())
        links = [link for link in (_local(path, found) for found in parser.found) if link]
    elif target := response.get("Location"):
        links = [link for link in [_local(path, target)] if link]
    return Page(method, path, response.status_code, f"{head}\n{read(body, kind)}".casefold()), links


def _local(base: str, link: str) -> str:
    parts = urlsplit(urljoin(f"http://testserver{base}", link))
    if parts.netloc != "testserver" or not parts.path.startswith("/"):
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _kinds(link: str) -> tuple[str, str]:
    """The route of an address, and the route with the names of its parameters."""
    path, _, query = link.partition("?")
    try:
        route = resolve(path).route
    except Resolver404:
        route = "unknown"
    return f"any {route}", f"{route}?{','.join(sorted({key for key, value in parse_qsl(query) if value}))}"


def read(body: bytes, kind: str) -> str:
    """The words in a body of any kind, what a file says of itself included."""
    if "html" in kind or kind.startswith("text/") or "json" in kind:
        return unescape(body.decode())
    if "pdf" in kind:
        return f"{_raw(body)}\n{_of_pdf(body)}"
    if "spreadsheet" in kind:
        return _of_workbook(body)
    if kind.startswith("image/"):
        with Image.open(io.BytesIO(body)) as picture:
            return f"{_raw(body)}\n{picture.info}\n{dict(picture.getexif())}"
    return _raw(body)


def _raw(body: bytes) -> str:
    return body.decode("latin-1")


def _of_pdf(body: bytes) -> str:
    with pikepdf.open(io.BytesIO(body)) as document:
        said = [str(document.docinfo), str(document.open_metadata())]
        has_words = all("/Font" in page.get("/Resources", {}) for page in document.pages)
    return "\n".join([*said, *(text_of(body) if has_words else ())])


def _of_workbook(body: bytes) -> str:
    """Cell by cell, and every part of the file as it is written."""
    rows = [row for sheet in load_workbook(io.BytesIO(body)) for row in sheet.iter_rows(values_only=True)]
    cells = "\n".join(str(cell) for row in rows for cell in row if cell is not None)
    with ZipFile(io.BytesIO(body)) as parts:
        written = "\n".join(_raw(parts.read(name)) for name in parts.namelist())
    return f"{cells}\n{unescape(written)}"
