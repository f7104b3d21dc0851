"""People at browsers who meet faults: they read, write, submit, and send again what was not answered."""

import hashlib
import http.client
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from tests.faults.parts import until
from tests.faults.stack import Stack

TOKEN = "c" * 32
CLEAN = {200, 302, 503}
NO_ANSWER = 0  # the connection broke, or nobody took it
PATIENCE = 90  # seconds; a crowd shares the processors with whatever else runs on them


@dataclass
class Answer:
    """What came back, and how long it took in seconds; status 0 where nothing did."""

    status: int
    text: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0


class Visitor:
    """One browser, with the session of an officer where it has one, and a connection that it keeps."""

    def __init__(self, port: int, draft: dict[str, Any] | None = None, *, keeps: bool = True) -> None:
        self.port, self.draft, self.keeps = port, draft or {}, keeps
        self.seen: Counter[int] = Counter()
        self._connection: http.client.HTTPConnection | None = None

    def get(self, path: str, **headers: str) -> Answer:
        return self._ask("GET", path, None, headers)

    def post(self, path: str, fields: dict[str, str], **headers: str) -> Answer:
        return self._ask("POST", path, urlencode({"csrfmiddlewaretoken": TOKEN, **fields}), headers)

    def post_slowly(self, path: str, fields: dict[str, str], seconds: float) -> int:
        """Send all but the last byte, and that one so many seconds later; the status of the answer."""
        body = urlencode({"csrfmiddlewaretoken": TOKEN, **fields}).encode()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.putrequest("POST", path)
        for name, value in (*self._headers.items(), ("Content-Length", str(len(body)))):
            connection.putheader(name, value)
        connection.endheaders()
        connection.send(body[:-1])
        time.sleep(seconds)
        connection.send(body[-1:])
        status = connection.getresponse().status
        connection.close()
        return status

    @property
    def _headers(self) -> dict[str, str]:
        cookies = f"csrftoken={TOKEN}" + (f"; sessionid={self.draft['session']}" if self.draft else "")
        headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        return headers if self.keeps else headers | {"Connection": "close"}

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        began = time.monotonic()
        answer = self._said(method, path, body, self._headers | headers)
        answer.seconds = time.monotonic() - began
        self.seen[answer.status] += 1
        return answer

    def _said(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            self._connection.request(method, path, body, headers)
            reply = self._connection.getresponse()
            text = reply.read().decode()
        except (OSError, http.client.HTTPException):
            self.leave()
            return Answer(NO_ANSWER)
        if not self.keeps or reply.will_close:
            self.leave()
        return Answer(reply.status, text, dict(reply.headers))

    def leave(self) -> None:
        """Close the connection; the next request opens another."""
        if self._connection:
            self._connection.close()
            self._connection = None

    # --- what officers do ----------------------------------------------------------------------------------
    def address(self, rest: str) -> str:
        return f"/applications/{self.draft['reference']}/{rest}"

    def insistently(self, ask: Callable[[], Answer], seconds: float = 20) -> Answer:
        """Ask until there is an answer other than 503, as the page's button and the autosave do."""

        def said() -> Answer | None:
            answer = ask()
            if answer.status not in (503, NO_ANSWER):
                return answer
            time.sleep(0.2)
            return None

        return until(said, seconds, "an answer")

    def save(self, text: str) -> None:
        """Write the section's summary, and send the same again until it is kept."""
        section = self.address("s/summary/")
        if "base" not in self.draft:
            self.draft["base"] = _base(self.insistently(lambda: self.get(section)).text)
        fields = self.draft["base"] | {"answer-title": "Youth", "answer-summary": text}
        answer = self.insistently(lambda: self.post(f"{section}autosave/", fields))
        assert answer.status == 200, answer.text[:300]
        self.draft["base"], self.draft["saved"] = _base(answer.text), text

    def submit(self) -> str:
        """Submit, again until there is an answer; the SHA-256 of the copy that the receipt offers."""
        version = self.draft["base"]["version"] if "base" in self.draft else str(self.draft["version"])
        fields = {"version": version}
        answer = self.insistently(lambda: self.post(self.address("submit/"), fields))
        assert answer.status == 302, answer.text[:300]
        receipt = self.insistently(lambda: self.get(self.address("receipt/?format=json")))
        assert receipt.status == 200
        return hashlib.sha256(receipt.text.encode()).hexdigest()


def _base(html: str) -> dict[str, str]:
    """Version and fingerprint that a section's form carries."""
    found = {}
    for name in ("version", "seen"):
        (tag,) = set(re.findall(rf'<input[^>]*name="{name}"[^>]*>', html))
        found[name] = re.search(r'value="([^"]*)"', tag)[1]  # type: ignore[index]
    return found


class Crowd:
    """Visitors who do things at the same time until they are told to stop."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self.troubles: list[BaseException] = []
        self._threads: list[threading.Thread] = []

    def send(self, acts: Iterable[Callable[[], Any]]) -> None:
        """Each act in a thread, over and over."""
        for act in acts:
            self._threads.append(threading.Thread(target=self._repeat, args=[act], daemon=True))
            self._threads[-1].start()

    def _repeat(self, act: Callable[[], Any]) -> None:
        try:
            while not self.over.is_set():
                act()
        except BaseException as trouble:
            self.troubles.append(trouble)

    def stop(self) -> None:
        """Let everybody finish what they are at. Fails where somebody met what they should not."""
        self.over.set()
        for thread in self._threads:
            thread.join(timeout=40)
            assert not thread.is_alive()
        if self.troubles:
            raise self.troubles[0]


def statuses(visitors: Iterable[Visitor]) -> Counter[int]:
    """What all of them were answered, counted."""
    return sum((visitor.seen for visitor in visitors), Counter())


def check_drafts(stack: Stack, writers: Iterable[Visitor]) -> None:
    """Each draft holds the last text that its writer was told is saved."""
    rows = stack.sql("SELECT reference, answers->>'summary' FROM calls_application")
    kept = dict(rows)
    for writer in writers:
        assert kept[writer.draft["reference"]] == writer.draft.get("saved", "Young people decide.")


def check_once(stack: Stack) -> int:
    """How many submissions were kept or mailed twice."""
    ((snapshots, applications),) = stack.sql(
        "SELECT count(*), count(DISTINCT application_id) FROM calls_snapshot"
    )
    ((messages, keys),) = stack.sql("SELECT count(*), count(DISTINCT key) FROM notifications_message")
    return snapshots - applications + messages - keys
