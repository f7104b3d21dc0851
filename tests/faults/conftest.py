"""The stack of a session, and where its faults note what they cost."""

import random
from collections.abc import Callable, Iterable
from dataclasses import asdict

import pytest

from tests.celery_worker import test_database_url
from tests.faults.oracle import Tally
from tests.faults.stack import Stack
from tests.quick import one_in

Note = Callable[[str, Tally], None]


@pytest.hookimpl(tryfirst=True)  # before the groups are read
def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """All on one test process, which starts the one stack."""
    for item in items:
        if "stack" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("faults"))


@pytest.fixture(scope="session")
def _started(django_db_setup):
    stack = Stack()
    try:
        stack.start(test_database_url())
        yield stack
    finally:
        stack.stop()


@pytest.fixture
def stack(_started, db) -> Stack:
    """A portal of real processes with empty tables; what a test starts in it ends with the test.

    `db` only says that this test needs the tables to have been made.
    """
    _started.reset()
    yield _started
    _started.end_doings()


@pytest.fixture(params=one_in(range(20), every=20))
def chance(request) -> random.Random:
    """What a round leaves to chance: moments, points, kinds, numbers. Quick is one round, thorough are 20."""
    return random.Random(request.param)  # noqa: S311 - moments, not secrets


@pytest.fixture
def note(request) -> Note:
    """Puts what a fault cost into the table at the end: note("F5 pool child killed", tally)."""

    def keep(fault: str, tally: Tally) -> None:
        request.node.user_properties.append(("fault", {"fault": fault, **asdict(tally)}))

    return keep
