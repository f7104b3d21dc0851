"""The stack of a session, and the table of what its faults cost."""

import pytest

from tests.celery_worker import test_database_url
from tests.faults.stack import Stack


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
