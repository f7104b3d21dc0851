"""A bounded load on one address: a few threads, keep-alive, counted in requests a second."""

import http.client
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Measured:
    """What a load found: requests a second, the median answer time in milliseconds, how many there were."""

    per_second: float
    median_ms: float
    count: int


def load(
    url: str, *, seconds: float = 4.0, threads: int = 8, headers: dict[str, str] | None = None
) -> Measured:
    """Ask for one address from several threads for a while. Raises RuntimeError on any answer but 200."""
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    times: list[float] = []
    wrong: list[int] = []
    end = time.monotonic() + seconds

    def ask() -> None:
        connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=60)
        while time.monotonic() < end and not wrong:
            started = time.monotonic()
            connection.request("GET", path, headers=headers or {})
            answer = connection.getresponse()
            answer.read()
            times.append(time.monotonic() - started)
            if answer.status != 200:
                wrong.append(answer.status)
        connection.close()

    workers = [threading.Thread(target=ask) for _ in range(threads)]
    begun = time.monotonic()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if wrong:
        raise RuntimeError(f"{url} answered {wrong[0]}")
    ordered = sorted(times)
    return Measured(len(times) / (time.monotonic() - begun), ordered[len(ordered) // 2] * 1000, len(ordered))
