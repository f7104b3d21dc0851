"""Where the tests of real workers run."""

from collections.abc import Iterable
from pathlib import Path

import pytest


@pytest.hookimpl(tryfirst=True)  # before the groups are read
def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """Together, as groups begin first: at the end of a run the other process would wait for the longest."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("workers"))
