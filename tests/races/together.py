"""Several people acting at the same moment, each on a database connection of their own."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Run all at once; what each returned, or the exception that it raised, in the order given."""
    gate = threading.Barrier(len(acts))
    found: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            gate.wait(timeout=30)
            found[place] = act()
        except Exception as refusal:
            found[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return found
